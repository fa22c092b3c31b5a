#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>

#include "base/uuid.h"
#include "pipeline/result_hub.h"
#include "server/task.h"

namespace infinium::server {

/// The requests that hold on for a result. Owned by the server; any thread may call.
class LongPolls {
 public:
  explicit LongPolls(pipeline::ResultHub& hub) : hub_(hub) {}

  /// Waiting for one trace. It listens from its construction on: make one, look into the store,
  /// then wait(), and nothing is missed. Used by one coroutine, on the executor it was made for.
  class Wait {
   public:
    Wait(LongPolls& polls, const Uuid& trace_id, const Executor& executor);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// Until the result is there, that long has passed, or the server stops.
    [[nodiscard]] Task<void> wait(std::chrono::milliseconds longest);

   private:
    friend class LongPolls;
    struct State;
    LongPolls& polls_;
    std::shared_ptr<State> state_;
    std::list<std::weak_ptr<State>>::iterator place_;
    pipeline::ResultHub::Subscription subscription_;
  };

  /// Ends every wait, and each that comes later at once.
  void stop();

 private:
  static void wake(const std::shared_ptr<Wait::State>& state);

  pipeline::ResultHub& hub_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::list<std::weak_ptr<Wait::State>> waits_;
};

}  // namespace infinium::server
