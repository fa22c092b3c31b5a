#include "judge/opinion.h"

#include <cstdlib>

#include "codec/interpretation_json.h"
#include "codec/json_writer.h"

namespace infinium::judge {
namespace {

using codec::JsonWriter;

constexpr int kDecimals = 4;
constexpr int kCostDecimals = 6;  ///< one answer may cost less than a hundredth of a cent

void write_number(JsonWriter& out, std::string_view key, const std::optional<std::int64_t>& value) {
  out.key(key);
  if (value) {
    out.value(*value);
  } else {
    out.null();
  }
}

void write_text(JsonWriter& out, std::string_view key, std::string_view text) {
  out.key(key);
  out.value(text);
}

void write_quotes(JsonWriter& out, const std::vector<QuoteEvidence>& quotes) {
  out.key("evidence");
  out.begin_array();
  for (const QuoteEvidence& quote : quotes) {
    out.begin_object();
    write_text(out, "kind", "quote");
    write_number(out, "step", quote.step);
    write_number(out, "stepIndex", quote.step_index);
    write_text(out, "field", quote.field);
    write_number(out, "start", static_cast<std::int64_t>(quote.start));
    write_number(out, "end", static_cast<std::int64_t>(quote.end));
    write_text(out, "text", quote.text);
    out.end_object();
  }
  out.end_array();
}

void write_opinion(JsonWriter& out, const Opinion& opinion) {
  out.begin_object();
  write_text(out, "verdict", codec::to_string(opinion.verdict));
  out.key("confidence");
  out.rounded(opinion.confidence, kDecimals);
  write_text(out, "rationale", opinion.rationale);
  out.key("rubric");
  out.begin_array();
  for (const ItemOpinion& item : opinion.rubric) {
    out.begin_object();
    write_text(out, "id", item.id);
    write_text(out, "status", codec::to_string(item.status));
    write_text(out, "reason", item.reason);
    write_quotes(out, item.quotes);
    out.end_object();
  }
  out.end_array();
  out.key("rootStep");
  if (opinion.root_step) {
    out.begin_object();
    write_number(out, "step", opinion.root_step->step);
    write_number(out, "stepIndex", opinion.root_step->step_index);
    out.end_object();
  } else {
    out.null();
  }
  write_quotes(out, opinion.quotes);
  write_number(out, "quotesDropped", static_cast<std::int64_t>(opinion.quotes_dropped));
  out.end_object();
}

}  // namespace

std::string_view to_string(OpinionStatus status) {
  switch (status) {
    case OpinionStatus::given:
      return "given";
    case OpinionStatus::failed:
      return "failed";
    case OpinionStatus::skipped:
      return "skipped";
  }
  std::abort();  // no other value exists
}

std::string encode_opinion_record(const OpinionRecord& record) {
  JsonWriter out;
  out.begin_object();
  write_text(out, "status", to_string(record.status));
  out.key("reason");
  if (record.reason.empty()) {
    out.null();
  } else {
    out.value(std::string_view(record.reason));
  }
  write_text(out, "model", record.model);
  write_text(out, "judgedAt", record.judged_at);
  out.key("decides");
  out.value(record.decides);
  out.key("cached");
  out.value(record.cached);
  out.key("traceCut");
  out.value(record.trace_cut);
  write_number(out, "attempts", record.attempts);
  write_number(out, "promptTokens", record.prompt_tokens);
  write_number(out, "completionTokens", record.completion_tokens);
  out.key("costUsd");
  out.rounded(record.cost_usd, kCostDecimals);
  out.key("opinion");
  if (record.opinion) {
    write_opinion(out, *record.opinion);
  } else {
    out.null();
  }
  out.end_object();
  return std::move(out).take();
}

}  // namespace infinium::judge
