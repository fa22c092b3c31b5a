#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What Maestro says of a trace: the result of schema version 1, as plain values.
///
/// Within schema version 1 fields are only added. Enumerators have the names they have in JSON.
namespace infinium {

enum class Verdict { succeeded, partially_succeeded, failed, undetermined };

enum class UndeterminedReason {
  no_objective,
  no_output,
  incomplete_trace,
  rubric_unclear,
  probability_near_half,
  engine_failed,
};

enum class ObjectiveSource { rubric, derived };
enum class RubricKind { objective, deliverable, constraint, criterion };
enum class RubricStatus { met, unmet, unclear };
enum class RubricMethod { checked, retrieved };
enum class Severity { info, warning, critical };

/// The kind of the first decisive error.
enum class FailureKind {
  instruction_or_plan_adherence,  ///< did not do what it was told or had planned
  invention_of_information,
  invalid_invocation,  ///< malformed or impossible call
  misinterpretation_of_tool_output,
  intent_plan_misalignment,    ///< a plan for another goal
  underspecified_user_intent,  ///< went on without asking
  intent_not_supported,        ///< no tool can do it
  guardrails_triggered,
  system_failure,
  inconclusive,
};

/// Words that stand in the trace. `field` is a path as sent, such as `steps[3].output_preview` or
/// `steps[3].metadata.full_output` or `output_summary`; `start` and `end` are byte offsets into
/// that field's UTF-8 text, [start, end); `text` is exactly what stands there, but that each byte
/// of a key, token or password is an asterisk: a secret is never repeated.
struct QuoteEvidence {
  std::optional<std::int64_t> step;        ///< step_number as sent
  std::optional<std::int64_t> step_index;  ///< 0-based place
  std::string field;
  std::size_t start = 0;
  std::size_t end = 0;
  std::string text;
  bool operator==(const QuoteEvidence&) const = default;
};

/// Something looked for and not found; none of the searched fields may be cut.
struct AbsenceEvidence {
  std::string looked_for;
  std::vector<std::string> searched;  ///< field paths
  bool operator==(const AbsenceEvidence&) const = default;
};

/// A number counted in the trace, and the limit it is held against.
struct MeasureEvidence {
  std::string what;  ///< e.g. "calls of `search`"
  double value = 0;
  std::optional<double> limit;
  std::string counted;  ///< how, in words a person can repeat
  bool operator==(const MeasureEvidence&) const = default;
};

/// A value here against the values of other traces.
struct ComparisonEvidence {
  std::string what;  ///< e.g. "duration", "changes made"
  std::vector<std::string> trace_ids;
  std::string value_here;
  std::vector<std::string> values_there;  ///< one for each trace, or one for all
  bool operator==(const ComparisonEvidence&) const = default;
};

using Evidence = std::variant<QuoteEvidence, AbsenceEvidence, MeasureEvidence, ComparisonEvidence>;

struct ScorePart {
  std::string name;
  double points = 0;  ///< the parts sum to the score
  std::string because;
  bool operator==(const ScorePart&) const = default;
};

struct RubricItem {
  std::string id;  ///< r1, r2, …
  RubricKind kind = RubricKind::objective;
  std::string text;
  std::optional<std::string> read_as;  ///< how a checkable text was understood
  RubricStatus status = RubricStatus::unclear;
  std::optional<double> confidence;
  RubricMethod method = RubricMethod::retrieved;
  std::string rationale;
  std::optional<std::string> would_settle;
  std::vector<Evidence> evidence;
  bool operator==(const RubricItem&) const = default;
};

struct Waste {
  std::int64_t ms = 0;
  std::int64_t tokens = 0;
  double cost_usd = 0;
  std::vector<std::int64_t> step_indices;  ///< what it counts, 0-based; not part of the JSON
  bool operator==(const Waste&) const = default;
};

struct Finding {
  std::string id;           ///< f1, f2, …
  std::string fingerprint;  ///< equal for the same fault in other traces
  std::string code;         ///< stable, e.g. "loop.repeated_call"
  std::string category;     ///< taxonomy id
  Severity severity = Severity::info;
  std::string title;
  std::string explanation;
  std::vector<std::int64_t> steps;         ///< step_number as sent
  std::vector<std::int64_t> step_indices;  ///< 0-based places, same order
  std::vector<Evidence> evidence;
  std::string recommendation;
  Waste wasted;
  bool operator==(const Finding&) const = default;
};

struct RootCauseAlternative {
  std::optional<std::int64_t> step;
  std::string reason;
  std::optional<double> confidence;
  bool operator==(const RootCauseAlternative&) const = default;
};

/// The first decisive error: the earliest step whose correction would have changed the outcome.
struct RootCause {
  std::optional<std::int64_t> step;  ///< step_number as sent; none: the output itself
  std::optional<std::int64_t> step_index;
  std::optional<std::string> agent;
  FailureKind kind = FailureKind::inconclusive;
  std::string reason;
  std::vector<Evidence> evidence;
  std::vector<std::int64_t> affected_steps;
  std::optional<double> confidence;
  std::vector<RootCauseAlternative> alternatives;
  bool operator==(const RootCause&) const = default;
};

struct Undetermined {
  UndeterminedReason reason = UndeterminedReason::no_objective;
  std::string would_settle;
  bool operator==(const Undetermined&) const = default;
};

struct Behavior {
  std::int64_t step_count = 0;
  std::int64_t tool_calls = 0;
  std::int64_t llm_calls = 0;
  std::int64_t errors = 0;
  std::int64_t recovered_errors = 0;
  std::int64_t retries = 0;
  std::int64_t distinct_tools = 0;
  std::vector<std::string> path;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  double cost_usd = 0;
  std::int64_t busy_ms = 0;
  bool operator==(const Behavior&) const = default;
};

/// The agent's latest runs with these prompts against its earlier ones.
struct MetricDrift {
  double recent = 0;  ///< median; mean where both medians are 0
  double past = 0;
  double shift = 0.5;  ///< how often a recent run is above an earlier one, ties as half
  bool drifting = false;
  bool operator==(const MetricDrift&) const = default;
};

struct BaselineMetric {
  std::string name;
  double value = 0;
  double percentile = 0;
  bool anomalous = false;
  std::optional<MetricDrift> drift;  ///< none where too few runs are known
  bool operator==(const BaselineMetric&) const = default;
};

struct Baseline {
  std::int64_t sample_size = 0;
  std::optional<std::string> as_of;
  std::optional<std::string> digest;
  std::vector<BaselineMetric> metrics;
  double path_surprise = 0;
  std::vector<std::string> siblings;
  bool operator==(const Baseline&) const = default;
};

struct Completeness {
  std::int64_t steps_cut = 0;  ///< steps with at least one cut text
  std::int64_t fields_cut = 0;
  bool operator==(const Completeness&) const = default;
};

struct Interpretation {
  int schema_version = 1;
  std::string trace_id;        ///< filled in by who knows it; empty offline
  std::string interpreted_at;  ///< filled in by who has a clock; ISO 8601
  std::string engine_version;
  std::string engine_model;  ///< hash of the weights
  Verdict verdict = Verdict::undetermined;
  std::optional<Undetermined> undetermined;
  ObjectiveSource objective_source = ObjectiveSource::derived;
  double score = 0;  ///< 0–100
  std::vector<ScorePart> score_parts;
  double coverage = 0;  ///< share of rubric items decided, 0–1
  std::optional<double> success_probability;
  std::optional<double> confidence;
  std::string summary;
  std::vector<RubricItem> rubric;
  std::vector<Finding> findings;
  std::optional<RootCause> root_cause;
  Behavior behavior;
  Baseline baseline;
  Completeness completeness;
  bool operator==(const Interpretation&) const = default;
};

}  // namespace infinium
