#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "infinium/interpretation.h"
#include "infinium/types.h"
#include "judge/judge.h"
#include "pipeline/result_hub.h"
#include "store/store.h"

namespace infinium::pipeline {

struct Options {
  int threads = 1;             ///< threads that run Maestro; 0: nothing is interpreted
  std::size_t claim_max = 64;  ///< traces claimed at a time
  /// Gets each trace whose result is durable, unless the engine failed at it. Borrowed, outlives
  /// the pipeline; none: nobody is asked.
  judge::Judge* judge = nullptr;
};

/// How one trace is judged. Called from several threads at once.
using Interpret = std::function<Interpretation(const TaskData&)>;

struct Stats {
  std::int64_t interpreted = 0;
  std::int64_t failed = 0;  ///< completed with engine.failed
  double interpret_seconds_sum = 0;
};

/// Runs Maestro behind the ingest: claims pending traces, interprets them, saves the results, wakes
/// who waits. A trace that was in hand at three process deaths is completed as `undetermined` with
/// the finding `engine.failed`. Owned by main(); the references must outlive it. The constructor
/// starts the threads; stop() (or the destructor) lets the traces in hand finish, then joins.
class Pipeline {
 public:
  Pipeline(
      store::Store& store, ResultHub& hub, const Clock& clock, Log& log, const Options& options);
  /// With another engine than Maestro's; `interpret` may throw, and is tried again then. The
  /// version stands in results that the engine itself could not give.
  Pipeline(store::Store& store,
           ResultHub& hub,
           const Clock& clock,
           Log& log,
           const Options& options,
           Interpret interpret,
           std::string engine_version);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void stop();
  /// Whether the workers are alive and not stuck: none has been at one trace, or waited for the
  /// store, for more than a minute.
  [[nodiscard]] bool healthy() const;
  [[nodiscard]] Stats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::pipeline
