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

/// A job that makes a value and hands it on, on the writer's thread. It owns all it uses.
template <class T>
class ValueJob final : public Job {
 public:
  using Work = std::function<Result<T>(Connection&)>;
  using Done = std::function<void(Result<T>)>;

  ValueJob(Work work, Done done) : work_(std::move(work)), done_(std::move(done)) {}

  Status apply(Connection& connection) override {
    outcome_ = work_(connection);
    if (!*outcome_ && is_database_failure(outcome_->error().code)) {
      return outcome_->error();
    }
    return {};
  }

  void finish(const Status& committed) override {
    if (committed) {
      done_(*std::move(outcome_));
    } else {
      done_(committed.error());
    }
  }

 private:
  Work work_;
  Done done_;
  std::optional<Result<T>> outcome_;
};

/// Runs `work` on the writer's thread and waits until it is durable. An error of `work` that is no
/// database failure is its answer: it must not have written anything then. `timeout` after
/// kCommitWaitMax: the work may still be done.
template <class T>
[[nodiscard]] Result<T> write_and_wait(Writer& writer, std::function<Result<T>(Connection&)> work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> future = promise->get_future();
  // The promise is shared: the caller may give up before the job is done.
  auto job = std::make_unique<ValueJob<T>>(
      std::move(work), [promise](Result<T> value) { promise->set_value(std::move(value)); });
  if (const Status queued = writer.submit(std::move(job)); !queued) {
    return queued.error();
  }
  if (future.wait_for(kCommitWaitMax) != std::future_status::ready) {
    return Error{Code::timeout, "the store did not answer in time"};
  }
  return future.get();
}

}  // namespace infinium::store::sqlite
