#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

#include "server/connection.h"

namespace infinium::server {

/// How many connections are open, over all workers. Any thread may call.
class ConnectionCount {
 public:
  explicit ConnectionCount(std::size_t max) : max_(max) {}

  /// False: there are as many as may be.
  [[nodiscard]] bool add();
  void remove();
  /// Whether none was left before that time.
  bool wait_for_none(std::chrono::steady_clock::time_point until);
  void wait_for_none();

 private:
  const std::size_t max_;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
};

/// A thread `http-N` and the connections that live on it; a connection never moves. Owned by the
/// server. Public members may be called by any thread.
class Worker {
 public:
  Worker(int number, Api& api, Services& services, ConnectionCount& count);
  /// All its connections are closed by then.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  /// Serves a connection that `count` has counted; its socket is of this worker's executor.
  void adopt(std::unique_ptr<Transport> transport, std::string peer);
  /// Lets requests in flight finish and closes what is idle.
  void finish();
  /// Closes every connection.
  void abort();

 private:
  [[nodiscard]] Task<void> serve(std::unique_ptr<Connection> connection);
  [[nodiscard]] Task<void> watch_deadlines();

  Api& api_;
  Services& services_;
  ConnectionCount& count_;
  asio::io_context context_{1};
  asio::executor_work_guard<Executor> keep_running_;
  Timer tick_;
  bool ending_ = false;                          ///< of the worker's thread
  std::unordered_set<Connection*> connections_;  ///< of the worker's thread
  std::thread thread_;
};

}  // namespace infinium::server
