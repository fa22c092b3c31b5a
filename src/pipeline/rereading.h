#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/engine.h"
#include "store/store.h"

namespace infinium::pipeline {

struct RereadOptions {
  std::vector<store::AgentKey> agents{};
  bool all = false;      ///< also what this engine said, of the same company
  bool stale = false;    ///< only what is stale
  bool dry_run = false;  ///< nothing is stored
  int threads = 1;
  bool yielding = false;              ///< whoever else wants the processor goes first
  std::function<bool()> abandoned{};  ///< asked now and then: true is as good as stop()
};

/// How many results went from one verdict to another.
struct VerdictChange {
  static constexpr std::size_t kExamplesMax = 5;
  std::int64_t count = 0;
  std::vector<std::string> examples;  ///< trace ids, the first that were met
};
inline constexpr std::size_t kVerdictCount = 4;

/// What a run has done so far.
struct RereadFigures {
  std::int64_t total = 0;            ///< completed traces when it began
  std::int64_t seen = 0;             ///< of these
  std::int64_t read = 0;             ///< of these: read again
  std::int64_t of_other_engine = 0;  ///< of these: the result was another engine's
  std::int64_t stale = 0;            ///< of these: made in another company than today's
  std::int64_t failed = 0;           ///< of these: engine.failed
  std::int64_t same = 0;             ///< of these: byte for byte, the time aside
  std::array<std::array<VerdictChange, kVerdictCount>, kVerdictCount> verdicts;  ///< [from][to]
  std::int64_t score_up = 0;
  std::int64_t score_down = 0;
  double score_sum = 0;  ///< of all changes
};

/// Reads stored traces again under the present engine, agent by agent and in the order in which
/// they came, so that each has the company it would have had. What was replaced is kept by the
/// store. Stopped at any moment, the store is whole, and another run goes on where this one ended:
/// what was read is of this engine. docs/adr/011-reinterpretation.md says how it is decided what
/// is read.
///
/// run() is for one thread; the others may be called meanwhile by any.
class Rereading {
 public:
  /// `changed` is told of each agent whose stored contributions were changed. The references must
  /// outlive it.
  Rereading(store::Store& store,
            Engine engine,
            const Clock& clock,
            Log& log,
            std::function<void(store::AgentKey)> changed);
  ~Rereading();

  /// Returns when all is read, or after stop(). Errors: those of the store.
  [[nodiscard]] Status run(const RereadOptions& options);
  /// Lets what is in hand finish.
  void stop() { stopping_ = true; }
  [[nodiscard]] bool stopped() const { return stopping_; }
  [[nodiscard]] RereadFigures figures() const;

 private:
  struct Item;
  struct History;
  struct Saves;
  class Run;

  store::Store& store_;
  const Engine engine_;
  const Clock& clock_;
  Log& log_;
  const std::function<void(store::AgentKey)> changed_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  RereadFigures figures_;
};

}  // namespace infinium::pipeline
