#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "judge/judge.h"
#include "pipeline/engine.h"
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
  Pipeline(store::Store& store,
           ResultHub& hub,
           const Clock& clock,
           Log& log,
           const Options& options,
           Engine engine = maestro_engine());
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void stop();
  /// The agent's stored contributions were changed by someone else: they are read again.
  void forget_company(store::AgentKey agent);
  /// Whether the workers are alive and not stuck: none has been at one trace, or waited for the
  /// store, for more than a minute.
  [[nodiscard]] bool healthy() const;
  [[nodiscard]] Stats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::pipeline
