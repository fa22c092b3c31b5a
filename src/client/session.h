#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/random.h"
#include "client/connection.h"
#include "client/exchange.h"
#include "client/io_thread.h"
#include "client/token_bucket.h"
#include "client/transport.h"

namespace infinium::client {

/// One request from submit to answer. Owned by its coroutine; touched on the I/O thread only.
/// Whatever happens, `done` is called once: at the latest by the destructor.
class Call : public std::enable_shared_from_this<Call> {
 public:
  using Clock = std::chrono::steady_clock;

  Call(boost::asio::io_context& io, Request request, std::string head, Transport::Done done);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call();

  /// Ends what the call waits for; the first reason stays until `begin_attempt`, except that only
  /// an attempt's time-out is forgiven then.
  void stop(Failure::Kind reason);
  /// Forgives an earlier attempt's time-out.
  void begin_attempt();
  /// The failure to report where the call was stopped, else nothing.
  [[nodiscard]] std::optional<Failure> stopped() const;

  /// Stops the call with `timeout` at `limit`, or with `deadline` if that comes first.
  void watch(std::optional<Clock::time_point> limit);
  /// False where the call was stopped meanwhile.
  boost::asio::awaitable<bool> sleep(Clock::duration time);
  /// Ends `sleep` early.
  void wake() { timer_.cancel(); }

  void finish(Answer answer);

  const Request request;
  const std::string head;
  const Clock::time_point submitted = Clock::now();
  /// What `stop` closes; set while the call waits on it.
  Connection::Socket* socket = nullptr;

  [[nodiscard]] std::optional<Clock::time_point> deadline() const;

 private:
  Transport::Done done_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer watchdog_;
  std::optional<Failure::Kind> stopped_;
};

/// What a transport is in one process: its calls, connections and rate limit. Lives on the I/O
/// thread (made and destroyed elsewhere, never while a call is under way).
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<IoThread> io, const TransportOptions& options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() = default;

  [[nodiscard]] IoThread& io() { return *io_; }

  /// On the I/O thread.
  void start(std::shared_ptr<Call> call);
  /// Stops every call and drops the idle connections. On the I/O thread.
  void close();

 private:
  using Opened = std::variant<std::unique_ptr<Connection>, Failure>;
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  boost::asio::awaitable<Answer> answer(Call& call);
  boost::asio::awaitable<bool> take_turn(Call& call);
  boost::asio::awaitable<Answer> attempt(Call& call);
  boost::asio::awaitable<Exchanged> exchange_on(Call& call, std::unique_ptr<Connection> connection);
  boost::asio::awaitable<Opened> open(Call& call);
  boost::asio::awaitable<std::variant<Endpoints, Failure>> resolve(Call& call);
  boost::asio::awaitable<bool> take_slot(Call& call);
  void release_slot();
  std::unique_ptr<Connection> take_idle();
  void keep(std::unique_ptr<Connection> connection);
  Status prepare_tls();

  std::shared_ptr<IoThread> io_;
  TransportOptions options_;
  SystemRandom random_;
  std::optional<TokenBucket> bucket_;
  std::optional<boost::asio::ssl::context> tls_;
  std::unordered_set<Call*> calls_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::deque<Call*> waiting_;  ///< for a slot
  std::size_t busy_ = 0;
};

}  // namespace infinium::client
