#include "pipeline/result_hub.h"

#include <cstring>
#include <utility>
#include <vector>

namespace infinium::pipeline {

ResultHub::Subscription::Subscription(Subscription&& other) noexcept
    : hub_(std::exchange(other.hub_, nullptr)),
      trace_id_(other.trace_id_),
      ticket_(other.ticket_) {}

ResultHub::Subscription& ResultHub::Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    if (hub_ != nullptr) {
      hub_->cancel(trace_id_, ticket_);
    }
    hub_ = std::exchange(other.hub_, nullptr);
    trace_id_ = other.trace_id_;
    ticket_ = other.ticket_;
  }
  return *this;
}

ResultHub::Subscription::~Subscription() {
  if (hub_ != nullptr) {
    hub_->cancel(trace_id_, ticket_);
  }
}

ResultHub::Subscription ResultHub::subscribe(const Uuid& trace_id, std::function<void()> wake) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  waiters_.emplace(trace_id, Waiter{ticket, std::move(wake)});
  return {this, trace_id, ticket};
}

void ResultHub::publish(const Uuid& trace_id) {
  // Under the lock, so that no wake runs after its subscription has ended.
  const std::scoped_lock lock(mutex_);
  const auto [begin, end] = waiters_.equal_range(trace_id);
  for (auto it = begin; it != end; ++it) {
    it->second.wake();
  }
  waiters_.erase(begin, end);
}

void ResultHub::cancel(const Uuid& trace_id, std::uint64_t ticket) {
  const std::scoped_lock lock(mutex_);
  const auto [begin, end] = waiters_.equal_range(trace_id);
  for (auto it = begin; it != end; ++it) {
    if (it->second.ticket == ticket) {
      waiters_.erase(it);
      return;
    }
  }
}

std::size_t ResultHub::UuidHash::operator()(const Uuid& id) const noexcept {
  std::size_t low = 0;  // the random half of a UUIDv7, and of most others
  std::memcpy(&low, id.bytes.data() + 8, sizeof low);
  return low;
}

}  // namespace infinium::pipeline
