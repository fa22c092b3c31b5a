#include "server/opinion_json.h"

#include <string_view>

#include "base/clock.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"

namespace infinium::server {
namespace {

std::string_view to_string(store::VerdictBy by) {
  switch (by) {
    case store::VerdictBy::person:
      return "person";
    case store::VerdictBy::judge:
      return "judge";
    case store::VerdictBy::maestro:
      break;
  }
  return "maestro";
}

std::string_view to_string(store::OpinionStatus status) {
  switch (status) {
    case store::OpinionStatus::ok:
      return "ok";
    case store::OpinionStatus::failed:
      return "failed";
    case store::OpinionStatus::skipped:
      break;
  }
  return "skipped";
}

std::string_view to_string(store::Standing standing) {
  switch (standing) {
    case store::Standing::current:
      return "current";
    case store::Standing::replaced:
      return "replaced";
    case store::Standing::withdrawn:
      break;
  }
  return "withdrawn";
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"" + std::string(name) + "\":";
  codec::append_json_string(out, value);
}

void append_verdict(std::string& out, std::string_view name, std::optional<Verdict> verdict) {
  if (verdict) {
    append_text(out, name, codec::to_string(*verdict));
  } else {
    out += ",\"" + std::string(name) + "\":null";
  }
}

std::string number_or_null(std::optional<double> number) {
  return codec::encode_json(number ? Json(*number) : Json());
}

void append_maestro(std::string& out, Verdict verdict, std::optional<double> score) {
  out += R"({"by":"maestro","status":"ok")";
  append_verdict(out, "verdict", verdict);
  out += ",\"score\":" + number_or_null(score) + '}';
}

}  // namespace

void append_opinion(std::string& out, const store::Opinion& opinion, Detail detail) {
  out += "{\"by\":\"" + std::string(to_string(opinion.by)) + "\",\"status\":\"";
  out += std::string(to_string(opinion.status)) + '"';
  append_verdict(out, "verdict", opinion.verdict);
  if (opinion.by == store::VerdictBy::person) {
    append_text(out, "reviewerId", opinion.reviewer_id.to_string());
    append_text(out, "reviewerName", opinion.reviewer_name);
  } else {
    append_text(out, "model", opinion.model);
    out += opinion.decides ? ",\"decides\":true" : ",\"decides\":false";
    out += ",\"confidence\":" + number_or_null(opinion.confidence);
  }
  if (!opinion.reason.empty()) {
    append_text(out, "reason", opinion.reason);
  }
  if (detail == Detail::full) {
    append_text(out, "note", opinion.note);
    out += ",\"rubric\":" + (opinion.rubric.empty() ? "{}" : opinion.rubric);
    out += opinion.record.empty() ? "" : ",\"record\":" + opinion.record;
  }
  out += ",\"rootStep\":" + (opinion.root_step ? std::to_string(*opinion.root_step) : "null");
  append_text(out, "createdAt", format_iso8601(opinion.created_at_ms));
  if (opinion.standing != store::Standing::current) {
    append_text(out, "standing", to_string(opinion.standing));
    append_text(out, "endedAt", format_iso8601(opinion.ended_at_ms.value_or(0)));
  }
  out += '}';
}

void append_verdicts(std::string& out,
                     std::optional<Verdict> maestro,
                     std::optional<double> score,
                     std::span<const store::Opinion> opinions,
                     Detail detail) {
  const store::Decision decision = store::decide(maestro, opinions);
  out += "\"verdictBy\":";
  out += decision.by ? '"' + std::string(to_string(*decision.by)) + '"' : "null";
  append_verdict(out, "decidingVerdict", decision.verdict);
  out += ",\"opinions\":[";
  const auto separate = [&out] { out += out.back() == '[' ? "" : ","; };
  for (const store::VerdictBy by : {store::VerdictBy::person, store::VerdictBy::judge}) {
    for (const store::Opinion& opinion : opinions) {
      if (opinion.by == by) {
        separate();
        append_opinion(out, opinion, detail);
      }
    }
  }
  if (maestro) {
    separate();
    append_maestro(out, *maestro, score);
  }
  out += ']';
}

}  // namespace infinium::server
