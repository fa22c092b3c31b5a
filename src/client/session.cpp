#include "client/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace infinium::client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kConnectionsMax = 64;
constexpr std::size_t kIdleMax = 16;
constexpr std::chrono::seconds kIdleTimeMax{60};
constexpr std::chrono::hours kNoLimit{24 * 365};

Outcome outcome_of(const Answer& answer) {
  if (const auto* const failure = std::get_if<Failure>(&answer)) {
    switch (failure->kind) {
      case Failure::Kind::connect:
        return {.kind = Outcome::Kind::broken};
      case Failure::Kind::timeout:
        return {.kind = Outcome::Kind::timed_out};
      default:
        return {.kind = Outcome::Kind::final};
    }
  }
  const auto& response = std::get<Response>(answer);
  Outcome outcome{.kind = Outcome::Kind::answered, .status = response.status};
  for (const auto& [name, value] : response.headers) {
    if (name == "retry-after") {
      outcome.retry_after = parse_retry_after(value);
    }
  }
  return outcome;
}

Failure not_reached(const TransportOptions& options, std::string_view why) {
  return {Failure::Kind::connect,
          fmt::format("cannot reach {} ({})", options.url.authority(), why)};
}

/// Marks what a call waits on, so that stopping the call closes it.
class Waiting {
 public:
  Waiting(Call& call, Connection::Socket& socket) : call_(call) { call_.socket = &socket; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { call_.socket = nullptr; }

 private:
  Call& call_;
};

}  // namespace

Session::Session(std::shared_ptr<IoThread> io, const TransportOptions& options)
    : io_(std::move(io)), options_(options) {
  if (options_.requests_per_second) {
    bucket_.emplace(*options_.requests_per_second, options_.burst, Call::Clock::now());
  }
}

void Session::start(std::shared_ptr<Call> call) {
  if (io_->stopped()) {
    return;  // the call ends as cancelled
  }
  if (calls_.empty()) {
    io_->set_stop_hook(this, [weak = weak_from_this()] {
      if (const auto session = weak.lock()) {
        session->close();
      }
    });
  }
  calls_.insert(call.get());
  call->watch(std::nullopt);
  // The completion handler keeps both alive for as long as the coroutine borrows them.
  asio::co_spawn(
      io_->context(),
      answer(*call),
      [session = shared_from_this(), call](const std::exception_ptr& thrown, Answer answer) {
        session->calls_.erase(call.get());
        if (session->calls_.empty()) {
          session->io_->remove_stop_hook(session.get());
        }
        if (thrown) {
          answer = Failure{Failure::Kind::protocol, "the client ran out of memory or has a bug"};
        }
        call->finish(std::move(answer));
      });
}

void Session::close() {
  for (Call* const call : calls_) {
    call->stop(Failure::Kind::cancelled);
  }
  idle_.clear();
}

asio::awaitable<Answer> Session::answer(Call& call) {
  RetryPolicy policy = options_.retry;
  policy.retries_max = call.request.retries.value_or(policy.retries_max);
  Retry retry(policy, call.deadline(), random_);
  while (true) {
    if (!co_await take_turn(call)) {
      co_return *call.stopped();
    }
    Answer last = co_await attempt(call);
    const auto wait = retry.step(outcome_of(last), Call::Clock::now());
    if (!wait) {
      co_return last;
    }
    call.begin_attempt();
    call.watch(std::nullopt);
    if (!co_await call.sleep(*wait)) {
      co_return *call.stopped();
    }
  }
}

asio::awaitable<bool> Session::take_turn(Call& call) {
  if (!bucket_) {
    co_return true;
  }
  const auto wait = bucket_->take(Call::Clock::now());
  if (wait == TokenBucket::Duration::zero()) {
    co_return true;
  }
  if (!co_await call.sleep(wait)) {
    bucket_->give_back();
    co_return false;
  }
  co_return true;
}

asio::awaitable<Answer> Session::attempt(Call& call) {
  if (!co_await take_slot(call)) {
    co_return *call.stopped();
  }
  const auto started = Call::Clock::now();
  Exchanged exchanged;
  if (auto idle = take_idle()) {
    call.watch(started + call.request.timeout);
    exchanged = co_await exchange_on(call, std::move(idle));
  }
  // A kept connection that the server had closed: nothing was answered, so another one is tried.
  const bool stale = exchanged.failure && !exchanged.any_answer && !call.stopped();
  bool reached = exchanged.failure && !stale;
  if (stale) {
    idle_.clear();
  }
  if (!exchanged.response && (!exchanged.failure || stale)) {
    call.watch(started + std::min(options_.connect_timeout, call.request.timeout));
    Opened opened = co_await open(call);
    call.watch(started + call.request.timeout);
    if (auto* const connection = std::get_if<std::unique_ptr<Connection>>(&opened)) {
      reached = true;
      exchanged = co_await exchange_on(call, std::move(*connection));
    } else {
      exchanged.failure = std::get<Failure>(std::move(opened));
    }
  }
  release_slot();
  if (exchanged.response) {
    co_return *std::move(exchanged.response);
  }
  Failure failure = call.stopped().value_or(*std::move(exchanged.failure));
  failure.reached = reached;
  co_return failure;
}

asio::awaitable<Exchanged> Session::exchange_on(Call& call,
                                                std::unique_ptr<Connection> connection) {
  const Waiting waiting(call, connection->socket());
  Exchanged exchanged =
      co_await exchange(*connection, call.head, call.request.body, call.request.method != "HEAD");
  if (exchanged.reusable && !call.stopped()) {
    keep(std::move(connection));
  }
  co_return exchanged;
}

asio::awaitable<Session::Opened> Session::open(Call& call) {
  if (options_.url.tls) {
    if (const Status ready = prepare_tls(); !ready) {
      co_return Failure{Failure::Kind::tls, ready.error().message};
    }
  }
  auto resolved = co_await resolve(call);
  if (auto* const failure = std::get_if<Failure>(&resolved)) {
    co_return std::move(*failure);
  }
  boost::system::error_code error = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : std::get<Endpoints>(resolved)) {
    tcp::socket socket(io_->context());
    const Waiting waiting(call, socket);
    const auto [connect_error] = co_await socket.async_connect(endpoint, kAwait);
    error = connect_error;
    if (call.stopped()) {
      break;
    }
    if (error) {
      continue;
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection =
        std::make_unique<Connection>(std::move(socket), options_.url.tls ? &*tls_ : nullptr);
    const Waiting shaking(call, connection->socket());
    error = co_await connection->handshake(options_.url.host);
    if (!error) {
      co_return connection;
    }
    if (error.category() == boost::system::system_category() || error == asio::error::eof) {
      break;  // the connection broke; the handshake was not refused
    }
    const std::string problem = connection->certificate_problem();
    co_return Failure{Failure::Kind::tls,
                      fmt::format("no secure connection to {} ({})",
                                  options_.url.authority(),
                                  problem.empty() ? error.message() : problem)};
  }
  co_return not_reached(options_, error.message());
}

/// Waits on the call's own timer, since a look-up under way cannot be cancelled.
asio::awaitable<std::variant<Session::Endpoints, Failure>> Session::resolve(Call& call) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options_.url.host, error);
  if (!error) {
    co_return Endpoints{tcp::endpoint(address, options_.url.port)};
  }
  struct Lookup {
    explicit Lookup(asio::io_context& io) : resolver(io) {}
    tcp::resolver resolver;
    bool done = false;
    boost::system::error_code error;
    Endpoints endpoints;
  };
  const auto lookup = std::make_shared<Lookup>(io_->context());
  io_->begin_lookup();
  lookup->resolver.async_resolve(
      options_.url.host,
      std::to_string(options_.url.port),
      tcp::resolver::numeric_service,
      [lookup, session = shared_from_this(), weak = call.weak_from_this()](
          const boost::system::error_code& failed, const tcp::resolver::results_type& results) {
        session->io_->end_lookup();
        lookup->done = true;
        lookup->error = failed;
        for (const auto& result : results) {
          lookup->endpoints.push_back(result.endpoint());
        }
        if (const auto waiting = weak.lock()) {
          waiting->wake();
        }
      });
  while (!lookup->done) {
    if (!co_await call.sleep(kNoLimit)) {
      co_return *call.stopped();
    }
  }
  if (lookup->error) {
    co_return not_reached(options_, lookup->error.message());
  }
  co_return std::move(lookup->endpoints);
}

asio::awaitable<bool> Session::take_slot(Call& call) {
  while (busy_ >= kConnectionsMax) {
    waiting_.push_back(&call);
    const bool going_on = co_await call.sleep(kNoLimit);
    std::erase(waiting_, &call);
    if (!going_on) {
      co_return false;
    }
  }
  ++busy_;
  co_return true;
}

void Session::release_slot() {
  --busy_;
  if (!waiting_.empty()) {
    waiting_.front()->wake();
  }
}

std::unique_ptr<Connection> Session::take_idle() {
  const auto now = Call::Clock::now();
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (now - connection->idle_since < kIdleTimeMax && !connection->is_stale()) {
      return connection;
    }
  }
  return nullptr;
}

void Session::keep(std::unique_ptr<Connection> connection) {
  if (idle_.size() < kIdleMax) {
    connection->idle_since = Call::Clock::now();
    idle_.push_back(std::move(connection));
  }
}

Status Session::prepare_tls() {
  if (tls_) {
    return {};
  }
  tls_.emplace(asio::ssl::context::tls_client);
  boost::system::error_code error;
  tls_->set_verify_mode(options_.verify_tls ? asio::ssl::verify_peer : asio::ssl::verify_none,
                        error);
  if (!error && options_.verify_tls) {
    tls_->set_default_verify_paths(error);
  }
  if (error) {
    tls_.reset();
    return Error{Code::unavailable,
                 fmt::format("the system's certificates cannot be read ({})", error.message())};
  }
  return {};
}

}  // namespace infinium::client
