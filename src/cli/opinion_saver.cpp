#include "cli/opinion_saver.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "codec/interpretation_json.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

store::OpinionStatus status_of(judge::OpinionStatus status) {
  switch (status) {
    case judge::OpinionStatus::given:
      return store::OpinionStatus::ok;
    case judge::OpinionStatus::failed:
      return store::OpinionStatus::failed;
    case judge::OpinionStatus::skipped:
      break;
  }
  return store::OpinionStatus::skipped;
}

std::string marks_of(const std::vector<judge::ItemOpinion>& rubric) {
  if (rubric.empty()) {
    return {};
  }
  Json::Object marks;
  for (const judge::ItemOpinion& item : rubric) {
    marks.push_back({item.id, std::string(codec::to_string(item.status))});
  }
  return codec::encode_json(marks);
}

/// What the log says of one record. Made before the record is gone.
struct Told {
  std::string trace_id;
  std::string status;
  std::string verdict;
  std::string reason;
  std::string model;
  std::string attempts;
  std::string cached;
  std::string tokens;
  std::string cost;
};

Told tell(const judge::TraceRef& trace, const judge::OpinionRecord& record) {
  return {trace.trace_id.to_string(),
          std::string(judge::to_string(record.status)),
          record.opinion ? std::string(codec::to_string(record.opinion->verdict)) : "",
          record.reason,
          record.model,
          std::to_string(record.attempts),
          record.cached ? "yes" : "no",
          std::to_string(record.prompt_tokens + record.completion_tokens),
          fmt::format("{:.6f}", record.cost_usd)};
}

void write_line(Log& log, const Told& told, const Status& saved) {
  log.write(saved ? LogLevel::info : LogLevel::error,
            "opinion",
            {{"trace_id", told.trace_id},
             {"status", told.status},
             {"verdict", told.verdict},
             {"reason", told.reason},
             {"model", told.model},
             {"attempts", told.attempts},
             {"cached", told.cached},
             {"tokens", told.tokens},
             {"cost_usd", told.cost},
             {"not_stored", saved ? "" : saved.error().message}});
}

}  // namespace

store::NewOpinion to_opinion(const judge::TraceRef& trace, const judge::OpinionRecord& record) {
  store::NewOpinion opinion;
  opinion.seq = trace.seq;
  opinion.by = store::VerdictBy::judge;
  opinion.model = record.model;
  opinion.status = status_of(record.status);
  opinion.reason = record.reason;
  opinion.decides = record.decides;
  opinion.record = judge::encode_opinion_record(record);
  if (record.opinion) {
    opinion.verdict = record.opinion->verdict;
    opinion.confidence = record.opinion->confidence;
    opinion.note = record.opinion->rationale;
    opinion.rubric = marks_of(record.opinion->rubric);
    opinion.root_step = record.opinion->root_step ? record.opinion->root_step->step : std::nullopt;
  }
  return opinion;
}

void OpinionSaver::save(const judge::TraceRef& trace, const judge::OpinionRecord& record) {
  const Told told = tell(trace, record);
  if (on_way_->fetch_add(1) >= kOnWayMax) {
    --*on_way_;
    write_line(log_, told, Error{Code::unavailable, "too many opinions wait to be stored"});
    return;
  }
  const Status queued = store_.queue_opinion(
      to_opinion(trace, record),
      [told, log = &log_, on_way = on_way_](const Result<store::SavedOpinion>& saved) {
        --*on_way;
        write_line(*log, told, saved ? Status() : Status(saved.error()));
      });
  if (!queued) {
    --*on_way_;
    write_line(log_, told, queued);
  }
}

}  // namespace infinium::cli
