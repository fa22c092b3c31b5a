#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "infinium/result.h"
#include "server/task.h"

namespace infinium::server {

/// The threads `store-read-N`: they wait for the store's queries and read large bodies, so that no
/// thread that speaks HTTP ever blocks. Its queue is bounded by the number of connections, each of
/// which waits for one piece of work at most. Owned by the server. run() may be called by any
/// thread.
class ReadPool {
 public:
  explicit ReadPool(int threads);
  /// Finishes what is queued.
  ~ReadPool();
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  /// Runs `work`, which returns a Result, on a thread of the pool; the coroutine goes on where it
  /// was. What `work` throws becomes an `internal` error.
  template <class Work>
  [[nodiscard]] Task<std::invoke_result_t<Work>> run(Work work) {
    using Outcome = std::invoke_result_t<Work>;
    return asio::async_initiate<const UseTask, void(Outcome)>(
        [this](auto handler, Work todo) {
          auto home = asio::make_work_guard(asio::get_associated_executor(handler));
          asio::post(context_,
                     [handler = std::move(handler),
                      todo = std::move(todo),
                      home = std::move(home)]() mutable {
                       Outcome outcome = guarded(todo);
                       const Executor executor = home.get_executor();
                       asio::post(executor,
                                  [handler = std::move(handler),
                                   outcome = std::move(outcome),
                                   home = std::move(home)]() mutable {
                                    home.reset();
                                    std::move(handler)(std::move(outcome));
                                  });
                     });
        },
        kUseTask,
        std::move(work));
  }

 private:
  template <class Work>
  static std::invoke_result_t<Work> guarded(Work& work) {
    try {
      return work();
    } catch (const std::exception& e) {
      return Error{Code::internal, std::string("A query ended with an exception: ") + e.what()};
    }
  }

  asio::io_context context_;
  asio::executor_work_guard<Executor> keep_running_;
  std::vector<std::thread> threads_;
};

}  // namespace infinium::server
