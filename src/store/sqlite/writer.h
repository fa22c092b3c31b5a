#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/disk.h"
#include "store/store.h"

namespace infinium::store::sqlite {

/// Work for the writer: one part of a group that is committed together.
class Job {
 public:
  virtual ~Job() = default;
  /// Writes within the open transaction; may be run again after a rollback. An error says that the
  /// database failed. What the job decides for itself (a duplicate, nothing found) is no error: it
  /// is kept for finish(), and then the job has written nothing that it does not stand for.
  [[nodiscard]] virtual Status apply(Connection& connection) = 0;
  /// Called once, after the commit or when there will be none. Must not block or throw.
  virtual void finish(const Status& committed) = 0;

  std::int64_t traces = 0;  ///< new traces it brings; such a job is refused on a full disk
  std::size_t bytes = 0;
  bool lengthy = false;  ///< takes milliseconds: at most one such job in a transaction
};

/// The one thread that writes: takes all jobs that wait, runs them in one transaction, commits,
/// tells each its outcome. Checkpoints between groups, after the acknowledgements.
class Writer {
 public:
  struct Limits {
    std::size_t traces_max = 0;
    std::size_t bytes_max = 0;
  };

  /// Takes over a prepared connection. The references must outlive the writer.
  Writer(std::unique_ptr<Connection> connection,
         Limits limits,
         DiskReserve disk,
         const Clock& clock,
         Log& log);
  /// Runs what is queued, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Queues a job; on an error it is not queued and finish() is not called. `unavailable`: the
  /// queue or the disk is full (jobs that bring traces only), or the writer is closing.
  [[nodiscard]] Status submit(std::unique_ptr<Job> job);
  /// What submit() would answer to so many traces now; to refuse before work is put into them.
  [[nodiscard]] Status room_for(std::size_t traces, std::size_t bytes) const;

  /// See Store::on_new_pending.
  void on_new_pending(std::function<void()> notify);

  /// Queue and commits; the counts of traces are not filled in.
  [[nodiscard]] StoreStats stats() const;

 private:
  using Group = std::vector<std::unique_ptr<Job>>;

  void run();
  /// Waits for jobs; an empty group: nothing came, but the disk should be looked at; nothing: end.
  [[nodiscard]] std::optional<Group> next_group();
  void refuse_on_full_disk(Group& group);
  void commit_group(Group& group);
  [[nodiscard]] Status commit_once(const Group& group, std::size_t& failed_at);
  void log_failure(const Error& error);
  /// Checkpoints, if it is time for it.
  void tend_log();
  [[nodiscard]] Status room_locked(std::size_t traces, std::size_t bytes) const;

  std::unique_ptr<Connection> connection_;
  const Limits limits_;
  DiskReserve disk_;
  const Clock& clock_;
  Log& log_;
  std::int64_t failures_ = 0;
  std::chrono::steady_clock::time_point failure_logged_at_{};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> queue_;
  std::function<void()> notify_pending_;
  std::size_t queued_traces_ = 0;
  std::size_t queued_bytes_ = 0;
  bool closing_ = false;
  std::int64_t commits_ = 0;
  double commit_seconds_ = 0;
  std::atomic<bool> disk_full_ = false;

  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace infinium::store::sqlite
