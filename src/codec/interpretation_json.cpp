#include "codec/interpretation_json.h"

#include <optional>
#include <type_traits>
#include <vector>

#include "codec/json_writer.h"

namespace infinium::codec {
namespace {

/// Reals carry this many decimals, so that equal results are equal bytes.
constexpr int kDecimals = 4;

/// Writes each part of a result. The camelCase keys of the wire stand here and nowhere else.
class ResultWriter {
 public:
  std::string write(const Interpretation& result) &&;

 private:
  template <class T>
  void field(std::string_view key, const T& value) {
    out_.key(key);
    put(value);
  }

  void put(bool value) { out_.value(value); }
  void put(double value) { out_.rounded(value, kDecimals); }
  void put(std::int64_t value) { out_.value(value); }
  void put(const std::string& value) { out_.value(std::string_view(value)); }
  template <class E>
    requires std::is_enum_v<E>
  void put(E value) {
    out_.value(to_string(value));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) {
      put(*value);
    } else {
      out_.null();
    }
  }
  template <class T>
  void put(const std::vector<T>& items) {
    out_.begin_array();
    for (const T& item : items) {
      put(item);
    }
    out_.end_array();
  }
  void put(const Evidence& evidence) {
    out_.begin_object();
    std::visit([this](const auto& kind) { put_fields(kind); }, evidence);
    out_.end_object();
  }
  template <class T>
    requires std::is_class_v<T>
  void put(const T& part) {
    out_.begin_object();
    put_fields(part);
    out_.end_object();
  }

  void put_fields(const Undetermined& undetermined);
  void put_fields(const ScorePart& part);
  void put_fields(const RubricItem& item);
  void put_fields(const QuoteEvidence& quote);
  void put_fields(const AbsenceEvidence& absence);
  void put_fields(const MeasureEvidence& measure);
  void put_fields(const ComparisonEvidence& comparison);
  void put_fields(const Waste& waste);
  void put_fields(const Finding& finding);
  void put_fields(const RootCause& cause);
  void put_fields(const RootCauseAlternative& alternative);
  void put_fields(const Behavior& behavior);
  void put_fields(const Baseline& baseline);
  void put_fields(const BaselineMetric& metric);
  void put_fields(const MetricDrift& drift);
  void put_fields(const Completeness& completeness);
  void put_fields(const Interpretation& result);

  JsonWriter out_;
};

void ResultWriter::put_fields(const Undetermined& undetermined) {
  field("reason", undetermined.reason);
  field("wouldSettle", undetermined.would_settle);
}

void ResultWriter::put_fields(const ScorePart& part) {
  field("name", part.name);
  field("points", part.points);
  field("because", part.because);
}

void ResultWriter::put_fields(const RubricItem& item) {
  field("id", item.id);
  field("kind", item.kind);
  field("text", item.text);
  field("readAs", item.read_as);
  field("status", item.status);
  field("confidence", item.confidence);
  field("method", item.method);
  field("rationale", item.rationale);
  field("wouldSettle", item.would_settle);
  field("evidence", item.evidence);
}

void ResultWriter::put_fields(const QuoteEvidence& quote) {
  field("kind", std::string("quote"));
  field("step", quote.step);
  field("stepIndex", quote.step_index);
  field("field", quote.field);
  field("start", static_cast<std::int64_t>(quote.start));
  field("end", static_cast<std::int64_t>(quote.end));
  field("text", quote.text);
}

void ResultWriter::put_fields(const AbsenceEvidence& absence) {
  field("kind", std::string("absence"));
  field("lookedFor", absence.looked_for);
  field("searched", absence.searched);
}

void ResultWriter::put_fields(const MeasureEvidence& measure) {
  field("kind", std::string("measure"));
  field("what", measure.what);
  field("value", measure.value);
  field("limit", measure.limit);
  field("counted", measure.counted);
}

void ResultWriter::put_fields(const ComparisonEvidence& comparison) {
  field("kind", std::string("comparison"));
  field("what", comparison.what);
  field("traceIds", comparison.trace_ids);
  field("valueHere", comparison.value_here);
  field("valuesThere", comparison.values_there);
}

void ResultWriter::put_fields(const Waste& waste) {
  field("ms", waste.ms);
  field("tokens", waste.tokens);
  field("costUsd", waste.cost_usd);
}

void ResultWriter::put_fields(const Finding& finding) {
  field("id", finding.id);
  field("fingerprint", finding.fingerprint);
  field("code", finding.code);
  field("category", finding.category);
  field("severity", finding.severity);
  field("title", finding.title);
  field("explanation", finding.explanation);
  field("steps", finding.steps);
  field("stepIndices", finding.step_indices);
  field("evidence", finding.evidence);
  field("recommendation", finding.recommendation);
  field("wasted", finding.wasted);
}

void ResultWriter::put_fields(const RootCause& cause) {
  field("step", cause.step);
  field("stepIndex", cause.step_index);
  field("agent", cause.agent);
  field("kind", cause.kind);
  field("reason", cause.reason);
  field("evidence", cause.evidence);
  field("affectedSteps", cause.affected_steps);
  field("confidence", cause.confidence);
  field("alternatives", cause.alternatives);
}

void ResultWriter::put_fields(const RootCauseAlternative& alternative) {
  field("step", alternative.step);
  field("reason", alternative.reason);
  field("confidence", alternative.confidence);
}

void ResultWriter::put_fields(const Behavior& behavior) {
  field("stepCount", behavior.step_count);
  field("toolCalls", behavior.tool_calls);
  field("llmCalls", behavior.llm_calls);
  field("errors", behavior.errors);
  field("recoveredErrors", behavior.recovered_errors);
  field("retries", behavior.retries);
  field("distinctTools", behavior.distinct_tools);
  field("path", behavior.path);
  field("promptTokens", behavior.prompt_tokens);
  field("completionTokens", behavior.completion_tokens);
  field("costUsd", behavior.cost_usd);
  field("busyMs", behavior.busy_ms);
}

void ResultWriter::put_fields(const Baseline& baseline) {
  field("sampleSize", baseline.sample_size);
  field("asOf", baseline.as_of);
  field("digest", baseline.digest);
  field("metrics", baseline.metrics);
  field("pathSurprise", baseline.path_surprise);
  field("siblings", baseline.siblings);
}

void ResultWriter::put_fields(const BaselineMetric& metric) {
  field("name", metric.name);
  field("value", metric.value);
  field("percentile", metric.percentile);
  field("anomalous", metric.anomalous);
  field("drift", metric.drift);
}

void ResultWriter::put_fields(const MetricDrift& drift) {
  field("recent", drift.recent);
  field("past", drift.past);
  field("shift", drift.shift);
  field("drifting", drift.drifting);
}

void ResultWriter::put_fields(const Completeness& completeness) {
  field("stepsCut", completeness.steps_cut);
  field("fieldsCut", completeness.fields_cut);
}

void ResultWriter::put_fields(const Interpretation& result) {
  field("schemaVersion", std::int64_t{result.schema_version});
  field("traceId", result.trace_id);
  field("interpretedAt", result.interpreted_at);
  out_.key("engine");
  out_.begin_object();
  field("version", result.engine_version);
  field("model", result.engine_model);
  out_.end_object();
  field("verdict", result.verdict);
  field("undetermined", result.undetermined);
  field("objectiveSource", result.objective_source);
  field("score", result.score);
  field("scoreParts", result.score_parts);
  field("coverage", result.coverage);
  field("successProbability", result.success_probability);
  field("confidence", result.confidence);
  field("summary", result.summary);
  field("rubric", result.rubric);
  field("findings", result.findings);
  field("rootCause", result.root_cause);
  field("behavior", result.behavior);
  field("baseline", result.baseline);
  field("completeness", result.completeness);
}

std::string ResultWriter::write(const Interpretation& result) && {
  put(result);
  return std::move(out_).take();
}

}  // namespace

std::string encode_interpretation(const Interpretation& interpretation) {
  return ResultWriter().write(interpretation);
}

}  // namespace infinium::codec
