#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "client/per_process.h"

namespace infinium::client {

/// One thread, named `infinium-io`, that runs an io_context; signals are never delivered to it.
/// Shared by the sessions that work on it, which it outlives.
class IoThread {
 public:
  IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread();

  [[nodiscard]] boost::asio::io_context& context() { return *context_; }
  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  /// Runs the stop hooks on the thread, waits up to a second until the work they leave has ended,
  /// then ends the thread. From any thread but this one; the second call does nothing.
  void stop();

  /// What to call when the thread is asked to stop, until `owner` takes it back. On the thread
  /// only.
  void set_stop_hook(const void* owner, std::function<void()> hook);
  void remove_stop_hook(const void* owner);

  /// A name look-up cannot be cancelled: while one is under way the context cannot be destroyed
  /// without waiting for it. On the thread only.
  void begin_lookup() { ++lookups_; }
  void end_lookup() { --lookups_; }

 private:
  void run();

  std::unique_ptr<boost::asio::io_context> context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unordered_map<const void*, std::function<void()>> stop_hooks_;
  int lookups_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::thread thread_;
};

/// The process's one I/O thread: started by the first `get`, made anew in a forked child. Built
/// once by who owns the process (main, or the Python module), and passed by reference.
class IoRuntime {
 public:
  IoRuntime() = default;
  IoRuntime(const IoRuntime&) = delete;
  IoRuntime& operator=(const IoRuntime&) = delete;
  ~IoRuntime() { stop(); }

  [[nodiscard]] std::shared_ptr<IoThread> get() {
    return thread_.get([] { return std::make_shared<IoThread>(); });
  }

  /// Ends the thread, for the end of the process; calls under way are cancelled.
  void stop() {
    if (const auto thread = thread_.find()) {
      thread->stop();
    }
  }

 private:
  PerProcess<IoThread> thread_;
};

}  // namespace infinium::client
