#include "server/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "server/thread_name.h"

namespace infinium::server {
namespace {

/// How late a deadline may be noticed.
constexpr std::chrono::milliseconds kTick{100};

}  // namespace

bool ConnectionCount::add() {
  const std::lock_guard lock(mutex_);
  if (open_ == max_) {
    return false;
  }
  ++open_;
  return true;
}

void ConnectionCount::remove() {
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) {
    none_.notify_all();
  }
}

bool ConnectionCount::wait_for_none(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return none_.wait_until(lock, until, [this] { return open_ == 0; });
}

void ConnectionCount::wait_for_none() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return open_ == 0; });
}

Worker::Worker(int number, Api& api, Services& services, ConnectionCount& count)
    : api_(api),
      services_(services),
      count_(count),
      keep_running_(context_.get_executor()),
      tick_(context_.get_executor()) {
  asio::co_spawn(context_.get_executor(), watch_deadlines(), asio::detached);
  thread_ = std::thread([this, number] {
    name_this_thread("http-" + std::to_string(number));
    context_.run();
  });
}

Worker::~Worker() {
  asio::post(context_, [this] {
    ending_ = true;
    tick_.cancel();
  });
  keep_running_.reset();
  thread_.join();
}

void Worker::adopt(std::unique_ptr<Transport> transport, std::string peer) {
  auto connection =
      std::make_unique<Connection>(std::move(transport), std::move(peer), api_, services_);
  asio::co_spawn(context_.get_executor(), serve(std::move(connection)), asio::detached);
}

/// The border that no exception of a connection passes.
Task<void> Worker::serve(std::unique_ptr<Connection> connection) {
  ++services_.metrics.connections_opened;
  connections_.insert(connection.get());
  if (ending_) {
    connection->finish();
  }
  try {
    co_await connection->run();
  } catch (const std::exception& e) {
    services_.log.error("connection_failed", {{"what", e.what()}});
  }
  connections_.erase(connection.get());
  connection.reset();
  ++services_.metrics.connections_closed;
  count_.remove();
}

Task<void> Worker::watch_deadlines() {
  while (!ending_ || !connections_.empty()) {
    tick_.expires_after(kTick);
    (void)co_await tick_.async_wait(kNoThrow);
    const TimePoint now = services_.clock.steady_now();
    for (Connection* const connection : connections_) {
      connection->check_deadline(now);
    }
  }
}

void Worker::finish() {
  asio::post(context_, [this] {
    ending_ = true;
    for (Connection* const connection : connections_) {
      connection->finish();
    }
  });
}

void Worker::abort() {
  asio::post(context_, [this] {
    ending_ = true;
    for (Connection* const connection : connections_) {
      connection->abort();
    }
  });
}

}  // namespace infinium::server
