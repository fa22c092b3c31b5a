#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace infinium::pipeline {

/// Threads that share a list of tasks with the thread that owns them. For work that must not
/// throw.
class Crew {
 public:
  /// `threads` counts the owner too. A yielding crew, and its owner with it, gets the processor
  /// after everybody else of the program who wants it.
  Crew(int threads, bool yielding);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Runs `work(0)` … `work(count - 1)`, each once, on any of the threads; returns after all of
  /// them.
  void run(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  void serve();
  /// Takes tasks while there are any; called with the lock, returns with it.
  void take_part(std::unique_lock<std::mutex>& lock);

  const bool yielding_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::size_t running_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace infinium::pipeline
