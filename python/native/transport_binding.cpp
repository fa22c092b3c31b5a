#include "transport_binding.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "client/transport.h"
#include "errors.h"
#include "json_reader.h"

namespace infinium::python {
namespace {

using client::Answer;
using client::CallHandle;
using client::Failure;
using client::Request;
using client::Response;
using client::Transport;
using client::TransportOptions;
using std::chrono::milliseconds;

/// How often a blocked call looks for Ctrl-C.
constexpr milliseconds kSignalCheck{50};
/// Longest time that may be asked for, in seconds (a year): no arithmetic on times overflows.
constexpr double kSecondsMax = 31'536'000;

/// A number of seconds of the caller; raises NativeError unless it is positive.
milliseconds to_time(nb::handle error_type, double seconds, const char* name) {
  if (!(seconds > 0)) {
    raise(error_type, {Code::invalid_argument, "must be a positive number of seconds", name});
  }
  return std::chrono::ceil<milliseconds>(
      std::chrono::duration<double>(std::fmin(seconds, kSecondsMax)));
}

nb::object to_python(const Response& response) {
  nb::dict headers;
  for (const auto& [name, value] : response.headers) {
    // Header bytes are ISO 8859-1 (RFC 9110, 5.5).
    headers[name.c_str()] = nb::steal(
        PyUnicode_DecodeLatin1(value.data(), static_cast<Py_ssize_t>(value.size()), nullptr));
  }
  return nb::make_tuple(response.status,
                        headers,
                        nb::bytes(response.body.data(), response.body.size()),
                        response.elapsed.count());
}

std::string header_text(nb::handle text) {
  auto utf8 = read_text(text.ptr());
  if (!utf8) {
    throw nb::type_error("headers must be a mapping of str to str");
  }
  return *std::move(utf8);
}

/// The arguments that `request` and `submit` share.
struct Arguments {
  nb::str method;
  nb::str path;
  nb::object headers;
  nb::bytes body;
  double timeout;
  std::optional<int> retries;
  std::optional<double> deadline;
  bool from_root;
};

Request to_request(nb::handle error_type, Arguments&& arguments) {
  Request request;
  // A str is always read; what HTTP does not allow in it is refused by the transport.
  request.method = read_text(arguments.method.ptr()).value_or("");
  request.path = read_text(arguments.path.ptr()).value_or("");
  if (!arguments.headers.is_none()) {
    const nb::object items = nb::steal(PyMapping_Items(arguments.headers.ptr()));
    if (!items) {
      throw nb::python_error();
    }
    for (const nb::handle item : items) {
      request.headers.emplace_back(header_text(item[0]), header_text(item[1]));
    }
  }
  request.body.assign(arguments.body.c_str(), arguments.body.size());
  request.timeout = to_time(error_type, arguments.timeout, "timeout");
  request.retries = arguments.retries;
  if (arguments.deadline) {
    request.deadline = to_time(error_type, *arguments.deadline, "deadline");
  }
  request.from_root = arguments.from_root;
  return request;
}

/// Where a blocked thread waits for its answer.
class Waiter {
 public:
  void set(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
    changed_.notify_one();
  }
  /// Whether the answer is there, after at most `time`.
  bool wait(milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return answer_.has_value(); });
  }
  /// After `wait` gave true.
  [[nodiscard]] Answer take() { return *std::move(answer_); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Answer> answer_;
};

CallHandle start(Transport& transport,
                 nb::handle error_type,
                 Request request,
                 Transport::Done done) {
  auto handle = transport.submit(std::move(request), std::move(done));
  if (!handle) {
    raise(error_type, handle.error());
  }
  return *std::move(handle);
}

nb::object request_and_wait(Transport& transport, nb::handle error_type, Arguments&& arguments) {
  const auto waiter = std::make_shared<Waiter>();
  const CallHandle call = start(
      transport, error_type, to_request(error_type, std::move(arguments)), [waiter](Answer answer) {
        waiter->set(std::move(answer));
      });
  bool done = false;
  while (!done) {
    {
      const nb::gil_scoped_release released;
      done = waiter->wait(kSignalCheck);
    }
    if (!done && PyErr_CheckSignals() != 0) {
      call.cancel();
      throw nb::python_error();
    }
  }
  const Answer answer = waiter->take();
  if (const auto* const failure = std::get_if<Failure>(&answer)) {
    raise(make_error(error_type, *failure));
  }
  return to_python(std::get<Response>(answer));
}

/// A Python callable that any thread may call and drop.
class Callback {
 public:
  Callback(nb::callable function, nb::handle error_type)
      : function_(std::move(function)), error_type_(error_type) {}
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() {
    const nb::gil_scoped_acquire acquired;
    function_.reset();
  }

  void operator()(const Answer& answer) const {
    const nb::gil_scoped_acquire acquired;
    try {
      const auto* const failure = std::get_if<Failure>(&answer);
      function_(failure != nullptr ? make_error(error_type_, *failure)
                                   : to_python(std::get<Response>(answer)));
    } catch (nb::python_error& error) {
      error.discard_as_unraisable(function_);
    }
  }

 private:
  nb::callable function_;
  nb::handle error_type_;
};

CallHandle submit(Transport& transport,
                  nb::handle error_type,
                  Arguments&& arguments,
                  nb::callable on_done) {
  const auto callback = std::make_shared<Callback>(std::move(on_done), error_type);
  return start(transport,
               error_type,
               to_request(error_type, std::move(arguments)),
               [callback](const Answer& answer) { (*callback)(answer); });
}

TransportOptions to_options(nb::handle error_type,
                            const nb::str& base_url,
                            const nb::str& user_agent,
                            double connect_timeout,
                            int max_retries,
                            std::optional<double> requests_per_second,
                            int burst,
                            bool verify_ssl) {
  auto url = client::BaseUrl::parse(read_text(base_url.ptr()).value_or(""));
  if (!url) {
    raise(error_type, url.error());
  }
  if (max_retries < 0) {
    raise(error_type, {Code::invalid_argument, "must not be negative", "max_retries"});
  }
  if (requests_per_second && !(*requests_per_second > 0 && std::isfinite(*requests_per_second))) {
    raise(error_type, {Code::invalid_argument, "must be a positive number", "requests_per_second"});
  }
  if (burst < 1) {
    raise(error_type, {Code::invalid_argument, "must be at least 1", "burst"});
  }
  TransportOptions options;
  options.url = *std::move(url);
  options.user_agent = read_text(user_agent.ptr()).value_or("");
  options.connect_timeout = to_time(error_type, connect_timeout, "connect_timeout");
  options.retry.retries_max = max_retries;
  options.requests_per_second = requests_per_second;
  options.burst = burst;
  options.verify_tls = verify_ssl;
  return options;
}

using Class = nb::class_<Transport>;

void bind_init(Class& cls, client::IoRuntime& io, nb::handle error_type) {
  cls.def(
      "__init__",
      [&io, error_type](Transport* self,
                        const nb::str& base_url,
                        const nb::str& user_agent,
                        double connect_timeout,
                        int max_retries,
                        std::optional<double> requests_per_second,
                        int burst,
                        bool verify_ssl) {
        new (self) Transport(io,
                             to_options(error_type,
                                        base_url,
                                        user_agent,
                                        connect_timeout,
                                        max_retries,
                                        requests_per_second,
                                        burst,
                                        verify_ssl));
      },
      nb::arg("base_url"),
      nb::kw_only(),
      nb::arg("user_agent") = "infinium-python/" INFINIUM_VERSION,
      nb::arg("connect_timeout") = 10.0,
      nb::arg("max_retries") = 3,
      nb::arg("requests_per_second").none() = 10.0,
      nb::arg("burst") = 20,
      nb::arg("verify_ssl") = true);
}

void bind_request(Class& cls, nb::handle error_type) {
  cls.def(
      "request",
      [error_type](Transport& self,
                   nb::str method,
                   nb::str path,
                   nb::object headers,
                   nb::bytes body,
                   double timeout,
                   std::optional<int> retries,
                   std::optional<double> deadline,
                   bool from_root) {
        return request_and_wait(
            self, error_type, {method, path, headers, body, timeout, retries, deadline, from_root});
      },
      nb::arg("method"),
      nb::arg("path"),
      nb::arg("headers").none() = nb::none(),
      nb::arg("body") = nb::bytes("", 0),
      nb::kw_only(),
      nb::arg("timeout") = 30.0,
      nb::arg("retries").none() = nb::none(),
      nb::arg("deadline").none() = nb::none(),
      nb::arg("from_root") = false,
      "Sends and waits for the answer: status, headers, body, elapsed seconds.");
}

void bind_submit(Class& cls, nb::handle error_type) {
  cls.def(
      "submit",
      [error_type](Transport& self,
                   nb::str method,
                   nb::str path,
                   nb::object headers,
                   nb::bytes body,
                   nb::callable on_done,
                   double timeout,
                   std::optional<int> retries,
                   std::optional<double> deadline,
                   bool from_root) {
        return submit(self,
                      error_type,
                      {method, path, headers, body, timeout, retries, deadline, from_root},
                      std::move(on_done));
      },
      nb::arg("method"),
      nb::arg("path"),
      nb::arg("headers").none() = nb::none(),
      nb::arg("body") = nb::bytes("", 0),
      nb::kw_only(),
      nb::arg("on_done"),
      nb::arg("timeout") = 30.0,
      nb::arg("retries").none() = nb::none(),
      nb::arg("deadline").none() = nb::none(),
      nb::arg("from_root") = false,
      "The same without waiting: `on_done(result)` runs once, on the native thread.");
}

}  // namespace

void bind_transport(nb::module_& module, client::IoRuntime& io, nb::handle error_type) {
  nb::class_<CallHandle>(module, "Call", nb::is_final(), "A request under way.")
      .def("cancel", &CallHandle::cancel, "Ends the call soon with `cancelled`.");

  Class cls(module, "Transport", nb::is_final(), "HTTP/1.1 to one server.");
  bind_init(cls, io, error_type);
  bind_request(cls, error_type);
  bind_submit(cls, error_type);
  cls.def_prop_ro("base_url", [](const Transport& self) { return self.options().url.to_string(); });
  cls.def("close", &Transport::close, "Ends all calls and closes the connections.");
}

}  // namespace infinium::python
