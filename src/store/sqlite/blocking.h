#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "store/sqlite/writer.h"

namespace infinium::store::sqlite {

/// How long a caller waits for its own commit.
inline constexpr std::chrono::seconds kCommitWaitMax{30};

/// Whether an error says that the database failed rather than that a request was refused.
[[nodiscard]] constexpr bool is_database_failure(Code code) {
  return code == Code::unavailable || code == Code::corrupt || code == Code::internal;
}

/// A job whose caller waits for its value. It owns all it uses, so the caller may give up.
template <class T>
class BlockingJob final : public Job {
 public:
  using Work = std::function<Result<T>(Connection&)>;

  BlockingJob(Work work, std::shared_ptr<std::promise<Result<T>>> promise)
      : work_(std::move(work)), promise_(std::move(promise)) {}

  Status apply(Connection& connection) override {
    outcome_ = work_(connection);
    if (!*outcome_ && is_database_failure(outcome_->error().code)) {
      return outcome_->error();
    }
    return {};
  }

  void finish(const Status& committed) override {
    if (committed) {
      promise_->set_value(*std::move(outcome_));
    } else {
      promise_->set_value(committed.error());
    }
  }

 private:
  Work work_;
  std::shared_ptr<std::promise<Result<T>>> promise_;
  std::optional<Result<T>> outcome_;
};

/// Runs `work` on the writer's thread and waits until it is durable. An error of `work` that is no
/// database failure is its answer: it must not have written anything then. `timeout` after
/// kCommitWaitMax: the work may still be done.
template <class T>
[[nodiscard]] Result<T> write_and_wait(Writer& writer, std::function<Result<T>(Connection&)> work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> future = promise->get_future();
  if (const Status queued =
          writer.submit(std::make_unique<BlockingJob<T>>(std::move(work), promise));
      !queued) {
    return queued.error();
  }
  if (future.wait_for(kCommitWaitMax) != std::future_status::ready) {
    return Error{Code::timeout, "the store did not answer in time"};
  }
  return future.get();
}

}  // namespace infinium::store::sqlite
