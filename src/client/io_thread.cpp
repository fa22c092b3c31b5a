#include "client/io_thread.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <utility>

namespace infinium::client {
namespace {

constexpr std::chrono::seconds kDrainTime{1};

/// Blocks every signal for the calling thread, and so for a thread it starts, while it lives.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

IoThread::IoThread()
    : context_(std::make_unique<boost::asio::io_context>(1)),
      work_(boost::asio::make_work_guard(*context_)) {
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { run(); });
}

IoThread::~IoThread() {
  stop();
  if (lookups_ > 0) {
    // Its destructor would wait for the name server; this happens only as the process ends.
    static_cast<void>(context_.release());
  }
}

void IoThread::run() {
  pthread_setname_np(pthread_self(), "infinium-io");
  context_->run();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

void IoThread::stop() {
  if (stopped_.exchange(true)) {
    return;
  }
  boost::asio::post(*context_, [this] {
    const auto hooks = std::move(stop_hooks_);
    stop_hooks_.clear();
    for (const auto& [owner, hook] : hooks) {
      hook();
    }
    work_.reset();
  });
  {
    std::unique_lock lock(mutex_);
    ended_changed_.wait_for(lock, kDrainTime, [this] { return ended_; });
  }
  context_->stop();
  thread_.join();
}

void IoThread::set_stop_hook(const void* owner, std::function<void()> hook) {
  stop_hooks_[owner] = std::move(hook);
}

void IoThread::remove_stop_hook(const void* owner) { stop_hooks_.erase(owner); }

}  // namespace infinium::client
