#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/uuid.h"

namespace infinium::pipeline {

/// Wakes those who wait for an interpretation. Owned by main(), outlives server and pipeline. Any
/// thread may call any member.
///
/// To miss nothing: subscribe first, then look into the store, then wait.
class ResultHub {
 public:
  /// Ends the subscription when destroyed. Movable; must not outlive the hub.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(ResultHub* hub, Uuid trace_id, std::uint64_t ticket)
        : hub_(hub), trace_id_(trace_id), ticket_(ticket) {}
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    ResultHub* hub_ = nullptr;
    Uuid trace_id_;
    std::uint64_t ticket_ = 0;
  };

  /// `wake` runs at most once, on the publishing thread, when a result of that trace is durable;
  /// it must only hand on (post to an executor), never block or call the hub.
  [[nodiscard]] Subscription subscribe(const Uuid& trace_id, std::function<void()> wake);

  /// Wakes everyone who waits for that trace.
  void publish(const Uuid& trace_id);

 private:
  void cancel(const Uuid& trace_id, std::uint64_t ticket);

  struct Waiter {
    std::uint64_t ticket;
    std::function<void()> wake;
  };
  struct UuidHash {
    std::size_t operator()(const Uuid& id) const noexcept;
  };
  std::mutex mutex_;
  std::uint64_t next_ticket_ = 1;
  std::unordered_multimap<Uuid, Waiter, UuidHash> waiters_;
};

}  // namespace infinium::pipeline
