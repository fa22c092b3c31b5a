#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/base_url.h"
#include "client/per_process.h"
#include "client/retry.h"
#include "infinium/result.h"

namespace infinium::client {

class Call;
class IoRuntime;
class Session;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string path;  ///< starts with `/`; follows the base URL's path
  Headers headers;   ///< besides Host, User-Agent and Content-Length, which are set here
  std::string body;
  std::chrono::milliseconds timeout{30'000};          ///< for one attempt, connecting included
  std::optional<int> retries;                         ///< else the policy's
  std::optional<std::chrono::milliseconds> deadline;  ///< for all of it, waits included
  bool from_root = false;                             ///< `path` follows the host alone
};

struct Response {
  int status = 0;
  Headers headers;  ///< names in lower case; repeated ones joined with ", "
  std::string body;
  std::chrono::duration<double> elapsed{};  ///< from submit to answer, retries included
};

/// Why there is no response.
struct Failure {
  enum class Kind {
    connect,    ///< not reached, or broken before the whole answer was there
    timeout,    ///< an attempt took longer than Request::timeout
    deadline,   ///< cut off by Request::deadline
    tls,        ///< the handshake failed
    protocol,   ///< not an acceptable HTTP answer
    cancelled,  ///< by cancel, close or the end of the process
  };
  Kind kind = Kind::connect;
  std::string message;   ///< one sentence for a person
  bool reached = false;  ///< the last attempt had a connection: the server may have worked on it
};
[[nodiscard]] std::string_view to_string(Failure::Kind kind);

using Answer = std::variant<Response, Failure>;

struct TransportOptions {
  BaseUrl url;
  std::string user_agent;
  std::chrono::milliseconds connect_timeout{10'000};
  RetryPolicy retry;
  std::optional<double> requests_per_second = 10.0;  ///< nothing: no limit
  double burst = 20;
  bool verify_tls = true;  ///< by the system's authorities; SSL_CERT_FILE, SSL_CERT_DIR honoured
};

/// A request under way. Any thread may cancel it.
class CallHandle {
 public:
  /// Ends the call soon with `cancelled`. Harmless when it is done, and in a forked child.
  void cancel() const;

 private:
  friend class Transport;
  std::shared_ptr<Session> session_;
  std::weak_ptr<Call> call_;
  pid_t process_ = 0;
};

/// HTTP/1.1 to one server: kept-alive connections, retries, a rate limit over all calls. Redirects
/// are not followed (requests carry credentials); answers are limited to 64 MiB; a kept connection
/// that turns out closed before a byte of the answer came is replaced once, at once. Any thread may
/// call. After a fork the child starts afresh; the parent's calls are not its own. `io` is
/// borrowed.
class Transport {
 public:
  using Done = std::function<void(Answer)>;

  Transport(IoRuntime& io, TransportOptions options);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport();

  /// Starts the request. `done` is called once, on the I/O thread (on the caller's where the
  /// transport is closed), and must neither wait nor throw.
  /// Error: `invalid_argument` for a request that is no valid HTTP.
  [[nodiscard]] Result<CallHandle> submit(Request request, Done done);

  /// Cancels all calls and closes the connections; later calls are `cancelled`.
  void close();

  [[nodiscard]] const TransportOptions& options() const { return options_; }

 private:
  IoRuntime& io_;
  TransportOptions options_;
  std::atomic<bool> closed_ = false;
  PerProcess<Session> session_;
};

}  // namespace infinium::client
