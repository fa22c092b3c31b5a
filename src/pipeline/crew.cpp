#include "pipeline/crew.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace infinium::pipeline {
namespace {

constexpr int kLowPriority = 10;

/// On Linux the priority is the thread's, not the program's. If it cannot be set, nothing is lost.
void yield_to_others() {
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLowPriority);
}

}  // namespace

Crew::Crew(int threads, bool yielding) : yielding_(yielding) {
  if (yielding_) {
    yield_to_others();
  }
  for (int i = 1; i < threads; ++i) {
    threads_.emplace_back([this] { serve(); });
  }
}

Crew::~Crew() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Crew::serve() {
  pthread_setname_np(pthread_self(), "reread");
  if (yielding_) {
    yield_to_others();
  }
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || next_ < count_; });
    if (ending_) {
      return;
    }
    take_part(lock);
  }
}

void Crew::take_part(std::unique_lock<std::mutex>& lock) {
  ++running_;
  while (next_ < count_) {
    const std::size_t task = next_++;
    lock.unlock();
    (*work_)(task);
    lock.lock();
  }
  --running_;
  changed_.notify_all();
}

void Crew::run(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::unique_lock lock(mutex_);
  work_ = &work;
  next_ = 0;
  count_ = count;
  changed_.notify_all();
  take_part(lock);
  changed_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace infinium::pipeline
