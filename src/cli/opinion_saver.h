#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "base/log.h"
#include "judge/judge.h"
#include "store/store.h"

namespace infinium::cli {

/// The row of the store that says what became of a trace at the judge.
[[nodiscard]] store::NewOpinion to_opinion(const judge::TraceRef& trace,
                                           const judge::OpinionRecord& record);

/// Puts the judge's records into the store, beside Maestro's results, and a line about each into
/// the log once it is durable (no word of the trace or the model). Never waits: it only queues. At
/// most kOnWayMax records wait for the writer; what comes beyond is in the log alone. Any thread;
/// store and log are borrowed, and the log must outlive the store.
class OpinionSaver final : public judge::OpinionSink {
 public:
  static constexpr std::size_t kOnWayMax = 4'096;

  OpinionSaver(store::Store& store, Log& log) : store_(store), log_(log) {}
  void save(const judge::TraceRef& trace, const judge::OpinionRecord& record) override;

 private:
  store::Store& store_;
  Log& log_;
  /// Shared with the store's callbacks, which may come after this object.
  std::shared_ptr<std::atomic<std::size_t>> on_way_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace infinium::cli
