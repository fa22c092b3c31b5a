#include "server/read_pool.h"

#include <string>

#include "server/thread_name.h"

namespace infinium::server {

ReadPool::ReadPool(int threads) : keep_running_(context_.get_executor()) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, i] {
      name_this_thread("store-read-" + std::to_string(i));
      context_.run();
    });
  }
}

ReadPool::~ReadPool() {
  keep_running_.reset();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

}  // namespace infinium::server
