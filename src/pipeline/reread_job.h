#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "pipeline/rereading.h"

namespace infinium::pipeline {

/// How a job stands.
struct RereadStatus {
  enum class State { none, running, done, stopped, failed } state = State::none;
  RereadFigures figures;
  std::optional<Error> error;  ///< set exactly if `failed`
  double seconds = 0;          ///< since it began, until it ended
  bool dry_run = false;
};

/// Rereading on a thread of its own, one run at a time. Owned by main(); the references must
/// outlive it. Any thread may call; the destructor stops what runs and waits for it.
class RereadJob {
 public:
  /// Who starts a run must ask how it stands within `patience`, again and again, else it is
  /// stopped: nobody waits for it any more. 0: it goes on in any case. `engine` is called for each
  /// run, since people teach it meanwhile; `changed` as in Rereading.
  RereadJob(store::Store& store,
            std::function<Engine()> engine,
            const Clock& clock,
            Log& log,
            std::function<void(store::AgentKey)> changed,
            std::chrono::seconds patience);
  ~RereadJob();
  RereadJob(const RereadJob&) = delete;
  RereadJob& operator=(const RereadJob&) = delete;

  /// `conflict` while one runs.
  [[nodiscard]] Status start(RereadOptions options);
  void stop();
  [[nodiscard]] RereadStatus status();

 private:
  void work(Rereading& rereading, const RereadOptions& options);

  store::Store& store_;
  const std::function<Engine()> engine_;
  const Clock& clock_;
  Log& log_;
  const std::function<void(store::AgentKey)> changed_;
  const std::chrono::seconds patience_;

  std::mutex mutex_;                      ///< of what follows
  std::shared_ptr<Rereading> rereading_;  ///< the last run's
  RereadStatus status_;                   ///< without figures
  std::chrono::steady_clock::time_point began_;
  std::thread worker_;
  std::atomic<std::int64_t> asked_ns_ = 0;
};

}  // namespace infinium::pipeline
