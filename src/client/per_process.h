#pragma once

#include <unistd.h>

#include <atomic>
#include <memory>
#include <utility>

namespace infinium::client {

/// A value that every process makes for itself. After a fork the child makes a new one and leaves
/// the parent's alone, unreleased: it did not inherit the threads behind it, and a lock inside may
/// stand locked for ever. No lock of its own, so a fork at any moment is harmless. Any thread may
/// call `get` and `find`; the destructor must be alone.
template <class T>
class PerProcess {
 public:
  PerProcess() = default;
  PerProcess(const PerProcess&) = delete;
  PerProcess& operator=(const PerProcess&) = delete;
  ~PerProcess() {
    Slot* const slot = slot_.load();
    if (slot != nullptr && slot->process == getpid()) {
      delete slot;
    }
  }

  /// This process's value; `make()` makes it if there is none. Two threads that come first at once
  /// may both make one: the second is dropped at once.
  template <class Make>
  [[nodiscard]] std::shared_ptr<T> get(Make&& make) {
    Slot* slot = slot_.load(std::memory_order_acquire);
    const pid_t process = getpid();
    if (slot != nullptr && slot->process == process) {
      return slot->value;
    }
    auto mine = std::make_unique<Slot>(Slot{process, std::forward<Make>(make)()});
    if (slot_.compare_exchange_strong(slot, mine.get(), std::memory_order_acq_rel)) {
      return mine.release()->value;
    }
    return slot->value;
  }

  /// This process's value, or null if none was made.
  [[nodiscard]] std::shared_ptr<T> find() const {
    const Slot* const slot = slot_.load(std::memory_order_acquire);
    return slot != nullptr && slot->process == getpid() ? slot->value : nullptr;
  }

 private:
  struct Slot {
    pid_t process;
    std::shared_ptr<T> value;
  };
  std::atomic<Slot*> slot_ = nullptr;
};

}  // namespace infinium::client
