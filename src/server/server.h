#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "infinium/result.h"
#include "pipeline/pipeline.h"
#include "pipeline/result_hub.h"
#include "store/store.h"

namespace infinium::server {

/// How long a client may take. A test gives shorter ones.
struct Timeouts {
  std::chrono::milliseconds header{
      10'000};                              ///< from the first byte of a request to its last header
  std::chrono::milliseconds stall{15'000};  ///< without one more byte of a body, or of room for an
                                            ///< answer
  std::chrono::milliseconds body{300'000};  ///< for a whole body, however steadily it drips
  std::chrono::milliseconds idle{60'000};   ///< between two requests of a connection
  std::chrono::milliseconds linger{2'000};  ///< reading on after an early refusal
};

struct Options {
  std::string host = "127.0.0.1";  ///< a name or an address; `[::1]` may wear its brackets
  std::uint16_t port = 8400;       ///< 0: the system picks a free one
  int threads = 2;                 ///< that speak HTTP
  int read_threads = 4;            ///< that wait for the store's queries
  std::size_t connections_max = 10'000;
  /// Traces a second of one agent, burst twice as many; 0: no limit.
  int rate_limit = 0;
  /// Both or neither, PEM: the listener then speaks TLS only.
  std::filesystem::path tls_cert{};
  std::filesystem::path tls_key{};
  /// Allows listening beyond loopback without TLS.
  bool insecure = false;
  Timeouts timeouts{};
};

/// The HTTP server: routes, credentials, limits, metrics and the page. Owned by main(), which keeps
/// everything it refers to alive until it is destroyed. start() and stop() are called by one
/// thread; invalidate_credentials() by any.
class Server {
 public:
  Server(store::Store& store,
         pipeline::ResultHub& hub,
         const pipeline::Pipeline& pipeline,
         const Clock& clock,
         Random& random,
         Log& log,
         Options options);
  /// Stops without waiting for requests in flight, if stop() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and starts the threads; returns the port. To be called once. Errors: `unavailable`
  /// (the port is in use or may not be opened), `invalid_argument` (no such address, an unreadable
  /// certificate, or an address beyond loopback with neither TLS nor `insecure`).
  [[nodiscard]] Result<std::uint16_t> start();

  /// Stops accepting, closes idle connections, answers waiting polls with 202 and lets the requests
  /// in flight finish for at most `drain`; then closes what is left and joins the threads.
  void stop(std::chrono::milliseconds drain);

  /// Forgets every credential it remembers, so that a change of agents or prompts holds from the
  /// next request on.
  void invalidate_credentials();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::server
