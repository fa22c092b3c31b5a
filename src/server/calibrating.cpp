#include "server/calibrating.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "base/clock.h"
#include "base/limits.h"
#include "base/try.h"
#include "codec/interpretation_json.h"
#include "codec/trace_json.h"
#include "infinium/calibration.h"
#include "maestro/learning/learn.h"
#include "pipeline/companies.h"

namespace infinium::server::admin {
namespace {

constexpr codec::ReadLimits kStoredLimits{.bytes_max = limits::kLongPayloadBytesMax};
constexpr std::size_t kPage = 100;
/// More are not looked at: they would hold the control socket for long and teach little more.
constexpr std::size_t kReviewedMax = 20'000;

struct Gathered {
  std::vector<maestro::Reviewed> runs;
  std::map<std::string, std::string> names;  ///< of reviewers, by id
  std::int64_t unreadable = 0;
};

/// The other runs of its task that were there when the trace was judged: all of its company that a
/// probability depends on.
Result<maestro::Company> siblings_of(store::Store& store,
                                     const store::ReviewedTrace& trace,
                                     const TaskData& run) {
  maestro::Company company;
  const std::uint64_t task = maestro::sibling_of(run).task;
  if (task == 0) {
    return company;
  }
  TRY(const std::vector<store::ContributionRow> rows,
      store.task_contributions(trace.agent, task, trace.seq, maestro::Company::kSiblingsMax));
  for (const store::ContributionRow& row : rows) {
    if (const auto contribution = pipeline::contribution_in(row)) {
      company.keep(contribution->run);
    }
  }
  return company;
}

Status gather_one(store::Store& store, const store::ReviewedTrace& trace, Gathered& gathered) {
  const auto parsed = codec::parse_trace(trace.body, kStoredLimits);
  if (!parsed) {
    ++gathered.unreadable;
    return {};
  }
  TRY(const maestro::Company company, siblings_of(store, trace, parsed->trace));
  std::vector<maestro::Vote> votes;
  for (const store::Opinion& opinion : trace.verdicts) {
    if (opinion.verdict) {
      const std::string id = opinion.reviewer_id.to_string();
      gathered.names[id] = opinion.reviewer_name;
      votes.push_back({id, *opinion.verdict});
    }
  }
  gathered.runs.push_back(
      maestro::review_of(parsed->trace, company, trace.trace_id.to_string(), std::move(votes)));
  return {};
}

Result<Gathered> gather(store::Store& store) {
  Gathered gathered;
  std::optional<std::int64_t> after = 0;
  while (after && gathered.runs.size() < kReviewedMax) {
    TRY(const store::ReviewedPage page, store.reviewed_traces(*after, kPage));
    for (const store::ReviewedTrace& trace : page.traces) {
      TRY_VOID(gather_one(store, trace, gathered));
    }
    after = page.next_after;
  }
  return gathered;
}

Json rounded(double value) { return std::round(value * 1e4) / 1e4; }

Json figures_json(const maestro::Figures& figures) {
  return Json::Object{{"accuracy", rounded(figures.accuracy)},
                      {"brier", rounded(figures.brier)},
                      {"auc", figures.auc ? rounded(*figures.auc) : Json()}};
}

Json comparison_json(const maestro::Comparison& compared) {
  if (!compared.learned) {
    return Json::Object{{"runs", compared.runs}, {"learned", false}, {"helps", false}};
  }
  return Json::Object{{"runs", compared.runs},
                      {"learned", true},
                      {"before", figures_json(compared.before)},
                      {"after", figures_json(compared.after)},
                      {"gain", rounded(compared.gain)},
                      {"gain_error", rounded(compared.gain_error)},
                      {"helps", compared.helps}};
}

Json report_json(const maestro::Report& report, const Gathered& gathered) {
  Json::Object verdicts;
  for (std::size_t i = 0; i < report.verdicts.size(); ++i) {
    verdicts.push_back(
        {std::string(codec::to_string(static_cast<Verdict>(i))), report.verdicts[i]});
  }
  Json::Array reviewers;
  for (const maestro::ReviewerWeight& reviewer : report.reviewers) {
    reviewers.emplace_back(Json::Object{{"reviewer_id", reviewer.reviewer},
                                        {"name", gathered.names.at(reviewer.reviewer)},
                                        {"verdicts", reviewer.verdicts},
                                        {"shared", reviewer.shared},
                                        {"weight", rounded(reviewer.weight)}});
  }
  return Json::Object{{"reviewed", report.reviewed},
                      {"least", maestro::kReviewedLeast},
                      {"too_few", report.too_few},
                      {"unreadable", gathered.unreadable},
                      {"verdicts", std::move(verdicts)},
                      {"folds_by", report.by_task ? "task" : "trace"},
                      {"success_inside", comparison_json(report.inside)},
                      {"success_outside", comparison_json(report.outside)},
                      {"confidence", comparison_json(report.confidence)},
                      {"agreement",
                       Json::Object{{"before", rounded(report.agreement_before)},
                                    {"after", rounded(report.agreement_after)}}},
                      {"reviewers", std::move(reviewers)},
                      {"recommended", report.recommended}};
}

bool flag(const Json& request, std::string_view key) {
  const Json* value = request.find(key);
  return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
}

/// The new version; nothing if these bytes are current already.
Result<std::optional<std::int64_t>> save(store::Store& store, const maestro::Learned& learned) {
  std::string bytes = learned.calibration.encode();
  const Result<store::Calibration> current = store.load_calibration();
  if (current && current->bytes == bytes) {
    return std::optional<std::int64_t>();
  }
  if (!current && current.error().code != Code::not_found) {
    return current.error();
  }
  if (!current) {
    TRY_VOID(store.save_calibration(maestro::Calibration{}.encode(), "as shipped"));
  }
  const maestro::Report& report = learned.report;
  TRY(const std::int64_t version,
      store.save_calibration(std::move(bytes),
                             fmt::format("from {} reviewed traces of {} reviewers",
                                         report.reviewed,
                                         report.reviewers.size())));
  return std::optional(version);
}

}  // namespace

Result<Json> learn_calibration(store::Store& store, const Json& request) {
  const bool force = flag(request, "force");
  TRY(Gathered gathered, gather(store));
  const maestro::Learned learned = maestro::learn(std::move(gathered.runs), {.keep_all = force});
  const bool wanted = learned.report.recommended || (force && !learned.report.too_few);
  std::optional<std::int64_t> version;
  if (flag(request, "save") && wanted) {
    TRY(version, save(store, learned));
  }
  return Json(Json::Object{{"report", report_json(learned.report, gathered)},
                           {"saved", version ? Json(*version) : Json()}});
}

Result<Json> list_calibrations(store::Store& store) {
  TRY(const std::vector<store::CalibrationInfo> versions, store.list_calibrations());
  Json::Array rows;
  for (const store::CalibrationInfo& info : versions) {
    rows.emplace_back(Json::Object{{"version", info.version},
                                   {"created_at", format_iso8601(info.created_at_ms)},
                                   {"note", info.note},
                                   {"size_bytes", info.size_bytes},
                                   {"current", info.current}});
  }
  return Json(Json::Object{{"calibrations", std::move(rows)}});
}

Result<Json> rollback_calibration(store::Store& store, const Json& request) {
  const Json* wanted = request.find("version");
  const auto version = wanted == nullptr || wanted->if_number() == nullptr
                           ? std::nullopt
                           : wanted->if_number()->as_int64();
  if (!version || *version < 1) {
    return Error{Code::invalid_argument, "a version is a positive integer", "version"};
  }
  TRY_VOID(store.rollback_calibration(*version));
  return Json(Json::Object{{"version", *version}});
}

}  // namespace infinium::server::admin
