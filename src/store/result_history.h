#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "infinium/interpretation.h"

/// Results over time, and what traces add to the company of later ones. Plain values.
namespace infinium::store {

/// What a trace adds to the company of its agent's later traces, and which of the earlier ones its
/// result was compared with. The store keeps it with the result and reads only `task`.
struct NewContribution {
  std::uint64_t task = 0;   ///< equal for runs of the same task; 0: of none
  std::uint64_t known = 0;  ///< the digest of the siblings that the result knew
  std::string data;         ///< Maestro's
  bool operator==(const NewContribution&) const = default;
};

/// A stored contribution.
struct ContributionRow {
  std::int64_t seq = 0;
  Uuid trace_id;
  std::int64_t received_at_ms = 0;
  std::string data;
};

/// One of the results that a trace has had.
struct ResultInfo {
  std::int64_t number = 0;  ///< 1 for the first
  std::string engine_version;
  std::string engine_model;
  std::int64_t created_at_ms = 0;
  Verdict verdict = Verdict::undetermined;
  double score = 0;
  bool current = false;
  bool operator==(const ResultInfo&) const = default;
};
inline constexpr std::size_t kResultsShownMax = 200;

/// A completed trace as it looks to whoever decides whether to read it again.
struct CompletedTrace {
  std::int64_t seq = 0;
  Uuid trace_id;
  std::int64_t received_at_ms = 0;
  Verdict verdict = Verdict::undetermined;
  double score = 0;
  bool stale = false;
  std::string engine_version;
  std::string engine_model;
  std::optional<NewContribution> contribution;
};

/// The bytes of a completed trace. Empty is what does not read back.
struct TraceAndResult {
  std::string body;
  std::string result_json;
};

}  // namespace infinium::store
