#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/interpretation.h"

/// What a judge says of a trace, beside Maestro's own result and never part of it.
namespace infinium::judge {

/// What the judge says of one item of the rubric.
struct ItemOpinion {
  std::string id;  ///< as in the native result
  RubricStatus status = RubricStatus::unclear;
  std::string reason;
  std::vector<QuoteEvidence> quotes;  ///< each stands in the trace
  bool operator==(const ItemOpinion&) const = default;
};

/// The step that the judge holds for the first decisive error.
struct RootStep {
  std::optional<std::int64_t> step;  ///< step_number as sent
  std::int64_t step_index = 0;       ///< its 0-based place
  bool operator==(const RootStep&) const = default;
};

/// A checked answer. Its texts are the words of a model that has read the trace: show them as text,
/// never as markup or instructions.
struct Opinion {
  Verdict verdict = Verdict::undetermined;
  double confidence = 0;  ///< 0–1, as the model says; not calibrated
  std::string rationale;
  std::vector<ItemOpinion> rubric;  ///< one for each item it was asked for, in the same order
  std::optional<RootStep> root_step;
  std::vector<QuoteEvidence> quotes;  ///< each stands in the trace
  std::size_t quotes_dropped = 0;     ///< what it quoted and what does not stand in the trace
  bool operator==(const Opinion&) const = default;
};

/// What became of one trace at the judge.
enum class OpinionStatus {
  given,
  failed,   ///< the endpoint or the model gave nothing that can be used
  skipped,  ///< nobody was asked: budget, full queue, endpoint left alone, trace too large
};
[[nodiscard]] std::string_view to_string(OpinionStatus status);

/// What is stored beside the native result of one trace. A value type.
struct OpinionRecord {
  OpinionStatus status = OpinionStatus::skipped;
  std::optional<Opinion> opinion;  ///< set exactly where `given`
  std::string reason;              ///< one sentence where not `given`: no secret, no trace content
  std::string model;
  std::string judged_at;  ///< ISO 8601
  bool decides = false;   ///< whether this judge's verdict goes before Maestro's (never a person's)
  bool cached = false;    ///< the same question was answered before: nothing was sent
  bool trace_cut = false;  ///< the judge did not see all of the trace
  int attempts = 0;        ///< requests that were sent
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  double cost_usd = 0;  ///< by the configured prices; what the ledger was charged
  bool operator==(const OpinionRecord&) const = default;
};

/// The record as JSON, with camelCase keys and quotes as in the native result (`kind` is "quote").
[[nodiscard]] std::string encode_opinion_record(const OpinionRecord& record);

}  // namespace infinium::judge
