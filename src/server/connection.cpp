#include "server/connection.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "base/hash.h"
#include "base/limits.h"

namespace infinium::server {
namespace {

constexpr std::size_t kBufferBytes = 32u << 10u;
constexpr std::size_t kLingerBytesMax = 2u << 20u;
constexpr std::size_t kWritePieceBytes = 256u << 10u;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view view(const boost::beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

Response internal_error() {
  return to_response(problem_of({Code::internal,
                                 "The server met a bug of its own; the trace is not stored. The "
                                 "log names it by this answer's X-Request-Id."}));
}

bool is_continue(std::string_view expectation) {
  constexpr std::string_view kExpected = "100-continue";
  return std::equal(expectation.begin(),
                    expectation.end(),
                    kExpected.begin(),
                    kExpected.end(),
                    [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport,
                       std::string peer,
                       Api& api,
                       Services& services)
    : transport_(std::move(transport)),
      peer_(std::move(peer)),
      api_(api),
      services_(services),
      timeouts_(services.options.timeouts) {
  std::array<std::uint8_t, 8> random{};
  services_.random.fill(random);
  id_prefix_ = to_hex({reinterpret_cast<const char*>(random.data()), random.size()}) + '-';
  buffer_.reserve(kBufferBytes);
}

Task<void> Connection::run() {
  expire_in(timeouts_.header);
  bool more = co_await transport_->handshake();
  while (more && !finishing_) {
    more = co_await serve_one();
  }
  transport_->close();
}

/// True: the connection can take another request.
Task<bool> Connection::serve_one() {
  parser_.reset();
  failure_.reset();
  route_ = Route::none;
  const Step step = co_await read_head();
  if (step == Step::need_more) {
    co_return false;
  }
  ++services_.metrics.requests_begun;
  bool more = false;
  if (step == Step::refused) {
    Response response = to_response(*failure_);
    more = co_await send(std::move(response), {.keep_alive = false, .linger = true});
  } else {
    Request request = std::move(parser_.request());
    request.peer = peer_;
    Exchange exchange = co_await api_.admit(std::move(request));
    more = co_await serve_admitted(std::move(exchange));
  }
  ++services_.metrics.requests_ended;
  co_return more;
}

Task<bool> Connection::serve_admitted(Exchange exchange) {
  const bool has_body = exchange.request.has_body();
  route_ = exchange.route;
  Manner manner{.keep_alive = exchange.request.keep_alive,
                .head_only = exchange.request.method == "HEAD"};
  if (exchange.refusal) {
    manner.linger = has_body;
    manner.keep_alive = manner.keep_alive && !has_body;
    Response response = to_response(*exchange.refusal);
    co_return co_await send(std::move(response), manner);
  }
  if (has_body) {
    parser_.allow_body(exchange.body_bytes_max);
    Step step = Step::need_more;
    if (co_await send_continue(exchange.request.header("expect"))) {
      step = co_await read_body();
    }
    if (failure_) {
      Response response = to_response(*failure_);
      co_return co_await send(std::move(response), {.keep_alive = false, .linger = true});
    }
    if (step != Step::done) {
      co_return false;
    }
    exchange.request.body = std::move(parser_.request().body);
    services_.metrics.body_bytes_received += exchange.request.body.size();
  }
  Response response = co_await answer(std::move(exchange));
  co_return co_await send(std::move(response), manner);
}

/// The border that no exception passes.
Task<Response> Connection::answer(Exchange exchange) {
  expire_never();
  std::string what;
  try {
    co_return co_await api_.answer(std::move(exchange));
  } catch (const std::exception& e) {
    what = e.what();
  }
  services_.log.error("request_failed",
                      {{"request_id", id_prefix_ + std::to_string(requests_ + 1)},
                       {"route", std::string(to_string(route_))},
                       {"what", what}});
  co_return internal_error();
}

/// `head`, `refused` with failure_, or `need_more`: there is no one to answer.
Task<Connection::Step> Connection::read_head() {
  bool begun = false;
  for (;;) {
    if (!begun && buffer_.size() > 0) {
      begun = true;
      began_ = services_.clock.steady_now();
      expire_in(timeouts_.header);
    }
    const auto [step, used] = parser_.feed(view(buffer_));
    buffer_.consume(used);
    if (step == Step::refused) {
      failure_ = parser_.problem();
    }
    if (step != Step::need_more) {
      co_return step;
    }
    if (!begun) {
      expire_in(timeouts_.idle);
    }
    idle_ = !begun;
    const std::size_t n = co_await fill();
    idle_ = false;
    if (n == 0) {
      co_return begun ? fail_reading() : Step::need_more;
    }
  }
}

/// `done`, or anything else: see failure_, or there is no one to answer.
Task<Connection::Step> Connection::read_body() {
  const TimePoint last = services_.clock.steady_now() + timeouts_.body;
  for (;;) {
    const auto [step, used] = parser_.feed(view(buffer_));
    buffer_.consume(used);
    if (step == Step::refused) {
      failure_ = parser_.problem();
    }
    if (step != Step::need_more) {
      co_return step;
    }
    expire_in(timeouts_.stall);
    deadline_ = std::min(deadline_, last);
    if (co_await fill() == 0) {
      co_return fail_reading();
    }
  }
}

/// A client that stalls is told so; one that went away is not.
Connection::Step Connection::fail_reading() {
  if (!timed_out_) {
    return Step::need_more;
  }
  timed_out_ = false;
  failure_ = problem_of({Code::timeout, "The request did not arrive in time."});
  return Step::refused;
}

/// Answers `Expect: 100-continue`. False: another expectation, or the connection is broken.
Task<bool> Connection::send_continue(std::string_view expectation) {
  if (expectation.empty()) {
    co_return true;
  }
  if (!is_continue(expectation)) {
    failure_ = Problem{.status = 417,
                       .code = "expectation_failed",
                       .message = "The only expectation that can be met here is 100-continue."};
    co_return false;
  }
  if (buffer_.size() > 0) {
    co_return true;  // it did not wait
  }
  expire_in(timeouts_.stall);
  co_return co_await transport_->write(kContinue, {});
}

Task<std::size_t> Connection::fill() {
  const std::size_t n = co_await transport_->read_some(buffer_.prepare(kBufferBytes));
  buffer_.commit(n);
  co_return n;
}

/// True: the connection can take another request.
Task<bool> Connection::send(Response response, Manner manner) {
  const bool keep_alive = manner.keep_alive && !finishing_;
  const std::string id = next_request_id();
  const std::string head =
      encode_head(response, {.request_id = id, .date = date(), .keep_alive = keep_alive});
  std::string_view rest = manner.head_only || response.status == 304 ? "" : response.payload();
  std::string_view first = head;
  bool sent = false;
  do {
    const std::string_view piece = rest.substr(0, kWritePieceBytes);
    rest.remove_prefix(piece.size());
    expire_in(timeouts_.stall);
    sent = co_await transport_->write(first, piece);
    first = {};
  } while (sent && !rest.empty());
  const std::chrono::duration<double> took = services_.clock.steady_now() - began_;
  services_.metrics.record(route_, response.status, took.count());
  if (sent && manner.linger) {
    co_await linger();
  }
  co_return sent&& keep_alive;
}

/// A bare close would reset the connection while the client still sends, and it would see a network
/// error instead of the answer.
Task<void> Connection::linger() {
  expire_in(timeouts_.linger);
  co_await transport_->end_writing();
  std::size_t discarded = 0;
  std::size_t n = 1;
  while (n > 0 && discarded < kLingerBytesMax) {
    buffer_.consume(buffer_.size());
    n = co_await fill();
    discarded += n;
  }
}

void Connection::check_deadline(TimePoint now) {
  if (now >= deadline_) {
    expire_never();
    timed_out_ = true;
    transport_->cancel();
  }
}

void Connection::finish() {
  finishing_ = true;
  if (idle_) {
    transport_->cancel();
  }
}

void Connection::abort() {
  finishing_ = true;
  transport_->close();
}

std::string Connection::next_request_id() { return id_prefix_ + std::to_string(++requests_); }

std::string_view Connection::date() {
  const std::int64_t now = services_.clock.now_ms();
  if (now / 1000 != date_second_) {
    date_second_ = now / 1000;
    date_ = http_date(now);
  }
  return date_;
}

}  // namespace infinium::server
