#include "server/long_polls.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <vector>

namespace infinium::server {

/// Touched only on the timer's executor, but for the executor itself.
struct LongPolls::Wait::State {
  explicit State(const Executor& executor_in) : executor(executor_in), timer(executor_in) {}
  Executor executor;
  Timer timer;
  bool woken = false;
};

void LongPolls::wake(const std::shared_ptr<Wait::State>& state) {
  asio::post(state->executor, [state] {
    state->woken = true;
    state->timer.cancel();
  });
}

LongPolls::Wait::Wait(LongPolls& polls, const Uuid& trace_id, const Executor& executor)
    : polls_(polls), state_(std::make_shared<State>(executor)) {
  {
    const std::lock_guard lock(polls_.mutex_);
    place_ = polls_.waits_.insert(polls_.waits_.end(), state_);
    state_->woken = polls_.stopped_;
  }
  // The guard keeps the thread's loop alive while a publisher may still hold this function.
  subscription_ = polls_.hub_.subscribe(
      trace_id, [weak = std::weak_ptr(state_), guard = asio::make_work_guard(executor)] {
        if (const auto state = weak.lock()) {
          wake(state);
        }
      });
}

LongPolls::Wait::~Wait() {
  const std::lock_guard lock(polls_.mutex_);
  polls_.waits_.erase(place_);
}

Task<void> LongPolls::Wait::wait(std::chrono::milliseconds longest) {
  if (!state_->woken) {
    state_->timer.expires_after(longest);
    (void)co_await state_->timer.async_wait(kNoThrow);
  }
}

void LongPolls::stop() {
  std::vector<std::shared_ptr<Wait::State>> waiting;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const auto& weak : waits_) {
      if (auto state = weak.lock()) {
        waiting.push_back(std::move(state));
      }
    }
  }
  for (const auto& state : waiting) {
    wake(state);
  }
}

}  // namespace infinium::server
