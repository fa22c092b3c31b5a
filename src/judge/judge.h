#pragma once

#include <cstdint>
#include <string>

#include "base/uuid.h"
#include "infinium/interpretation.h"
#include "judge/opinion.h"

namespace infinium::judge {

/// Which trace an opinion is of.
struct TraceRef {
  std::int64_t seq = 0;  ///< the store's row; 0 where there is no store
  Uuid trace_id;
};

/// A trace and its native result, on the way to the judge.
struct Case {
  TraceRef trace;
  std::string body;  ///< the payload as stored (JSON); empty: it could not be kept until now
  Interpretation interpretation;
};

/// Where records go. Implemented by who owns the store; called from the judge's threads and from
/// threads that hand traces over, several at once. Must not throw, and must not wait long: it is
/// called on the store's writer thread too, so it may only queue there.
class OpinionSink {
 public:
  virtual ~OpinionSink() = default;
  virtual void save(const TraceRef& trace, const OpinionRecord& record) = 0;
};

/// Gives an opinion of a trace, later, to a sink. Any thread may call.
class Judge {
 public:
  virtual ~Judge() = default;
  /// Takes the trace over and returns at once. Exactly one record of it reaches the sink: at the
  /// latest when the judge ends; at once, on this thread, where the trace is not taken on.
  virtual void judge(Case one) = 0;
};

}  // namespace infinium::judge
