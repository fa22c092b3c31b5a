#include "store/sqlite/writer.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "base/try.h"

namespace infinium::store::sqlite {
namespace {

constexpr std::int64_t kGroupTracesMax = 256;
constexpr std::size_t kGroupBytesMax = 16u << 20u;
constexpr std::size_t kGroupJobsMax = 1024;
constexpr std::chrono::seconds kLogFailureEvery{1};
constexpr std::int64_t kLogIdleBytes = 4ll << 20;   ///< moved when nobody waits
constexpr std::int64_t kLogBusyBytes = 64ll << 20;  ///< moved even when some wait
constexpr std::int64_t kLogBytesMax = 256ll << 20;  ///< readers are waited for

/// Failures that would meet every other job of the group just the same.
bool is_of_the_machine(Code code) { return code == Code::unavailable; }

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection,
               Limits limits,
               DiskReserve disk,
               const Clock& clock,
               Log& log)
    : connection_(std::move(connection)),
      limits_(limits),
      disk_(std::move(disk)),
      clock_(clock),
      log_(log),
      disk_full_(disk_.reached()),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Status Writer::room_locked(std::size_t traces, std::size_t bytes) const {
  if (closing_) {
    return Error{Code::unavailable, "the store is closing"};
  }
  if (traces == 0) {
    return {};
  }
  if (disk_full_.load(std::memory_order_relaxed)) {
    return disk_.refusal();
  }
  if (queued_traces_ + traces > limits_.traces_max || queued_bytes_ + bytes > limits_.bytes_max) {
    return Error{Code::unavailable,
                 fmt::format("{} traces already wait to be stored; try again", queued_traces_)};
  }
  return {};
}

Status Writer::room_for(std::size_t traces, std::size_t bytes) const {
  const std::scoped_lock lock(mutex_);
  return room_locked(traces, bytes);
}

Status Writer::submit(std::unique_ptr<Job> job) {
  const auto traces = static_cast<std::size_t>(job->traces);
  {
    const std::scoped_lock lock(mutex_);
    TRY_VOID(room_locked(traces, job->bytes));
    queued_traces_ += traces;
    queued_bytes_ += job->bytes;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return {};
}

StoreStats Writer::stats() const {
  const std::scoped_lock lock(mutex_);
  StoreStats stats;
  stats.queued = queued_traces_;
  stats.queued_bytes = queued_bytes_;
  stats.commits = commits_;
  stats.commit_seconds_sum = commit_seconds_;
  return stats;
}

void Writer::run() {
  pthread_setname_np(pthread_self(), "store-writer");
  while (std::optional<Group> group = next_group()) {
    disk_full_.store(disk_.reached(), std::memory_order_relaxed);
    refuse_on_full_disk(*group);
    commit_group(*group);
    tend_log();
  }
  if (const Status moved = connection_->checkpoint(true); !moved) {
    log_.warning("store_log_kept", {{"why", moved.error().message}});
  }
}

std::optional<Writer::Group> Writer::next_group() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closing_ || !queue_.empty(); };
  if (disk_full_.load(std::memory_order_relaxed)) {
    wake_.wait_for(lock, DiskReserve::kLookEvery, ready);
  } else {
    wake_.wait(lock, ready);
  }
  if (queue_.empty() && closing_) {
    return std::nullopt;
  }
  Group group;
  std::int64_t traces = 0;
  std::size_t bytes = 0;
  bool lengthy = false;
  while (!queue_.empty() && group.size() < kGroupJobsMax) {
    const Job& next = *queue_.front();
    if (!group.empty() && (traces + next.traces > kGroupTracesMax ||
                           bytes + next.bytes > kGroupBytesMax || (lengthy && next.lengthy))) {
      break;
    }
    lengthy = lengthy || next.lengthy;
    traces += next.traces;
    bytes += next.bytes;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_traces_ -= static_cast<std::size_t>(traces);
  queued_bytes_ -= bytes;
  return group;
}

void Writer::refuse_on_full_disk(Group& group) {
  if (!disk_full_.load(std::memory_order_relaxed)) {
    return;
  }
  std::erase_if(group, [this](const std::unique_ptr<Job>& job) {
    const bool refused = job->traces > 0;
    if (refused) {
      job->finish(disk_.refusal());
    }
    return refused;
  });
}

void Writer::on_new_pending(std::function<void()> notify) {
  const std::scoped_lock lock(mutex_);
  notify_pending_ = std::move(notify);
}

void Writer::commit_group(Group& group) {
  while (!group.empty()) {
    const auto start = clock_.steady_now();
    std::size_t failed_at = group.size();
    const Status committed = commit_once(group, failed_at);
    std::function<void()> notify;
    if (committed) {
      const std::chrono::duration<double> took = clock_.steady_now() - start;
      const std::scoped_lock lock(mutex_);
      ++commits_;
      commit_seconds_ += took.count();
      notify = notify_pending_;
    } else {
      connection_->rollback();
      log_failure(committed.error());
      if (failed_at < group.size() && !is_of_the_machine(committed.error().code)) {
        group[failed_at]->finish(committed);  // its own fault: the others are tried without it
        group.erase(group.begin() + static_cast<std::ptrdiff_t>(failed_at));
        continue;
      }
    }
    bool new_traces = false;
    for (const std::unique_ptr<Job>& job : group) {
      new_traces = new_traces || job->traces > 0;
      job->finish(committed);
    }
    if (new_traces && notify) {
      notify();
    }
    return;
  }
}

/// At most once a second: while a disk is full, every group fails.
void Writer::log_failure(const Error& error) {
  const auto now = clock_.steady_now();
  ++failures_;
  if (now - failure_logged_at_ >= kLogFailureEvery) {
    log_.error("store_commit_failed",
               {{"why", error.message}, {"failures", std::to_string(failures_)}});
    failure_logged_at_ = now;
  }
}

Status Writer::commit_once(const Group& group, std::size_t& failed_at) try {
  TRY_VOID(connection_->query("BEGIN IMMEDIATE").run());
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (Status applied = group[i]->apply(*connection_); !applied) {
      failed_at = i;
      return applied;
    }
  }
  return connection_->query("COMMIT").run();
} catch (const std::exception& e) {  // the worker's border: only bad_alloc and bugs come here
  return Error{Code::unavailable, fmt::format("the store could not write: {}", e.what())};
}

void Writer::tend_log() {
  const std::int64_t bytes = connection_->wal_bytes();
  if (bytes < kLogIdleBytes) {
    return;
  }
  bool waiting = false;
  {
    const std::scoped_lock lock(mutex_);
    waiting = !queue_.empty();
  }
  if (waiting && bytes < kLogBusyBytes) {
    return;
  }
  if (const Status moved = connection_->checkpoint(bytes > kLogBytesMax); !moved) {
    log_.warning("store_log_not_moved", {{"why", moved.error().message}});
  }
}

}  // namespace infinium::store::sqlite
