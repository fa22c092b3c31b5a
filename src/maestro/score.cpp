#include "maestro/score.h"

#include <fmt/format.h>

#include <algorithm>

#include "maestro/findings/catalogue.h"

namespace infinium::maestro {
namespace {

constexpr int kRubricPoints = 50;
constexpr int kOutcomePoints = 20;
constexpr int kFindingPoints = 15;
constexpr int kErrorPoints = 10;
constexpr int kWastePoints = 5;

int weight_of(RubricKind kind) {
  return kind == RubricKind::objective ? 3 : kind == RubricKind::deliverable ? 2 : 1;
}

/// An unclear item earns half of its weight. In a run that failed what is met counts half, too:
/// well-formed parts of a wrong result.
ScorePart rubric_part(Verdict verdict, std::span<const RubricItem> rubric) {
  if (rubric.empty()) {
    return {"rubric", kRubricPoints / 2, "No expected outcome was given: half of the points."};
  }
  int earned = 0;
  int possible = 0;
  int met = 0;
  int unmet = 0;
  for (const RubricItem& item : rubric) {
    const int weight = weight_of(item.kind);
    possible += 2 * weight;
    earned += item.status == RubricStatus::met       ? 2 * weight
              : item.status == RubricStatus::unclear ? weight
                                                     : 0;
    met += item.status == RubricStatus::met ? 1 : 0;
    unmet += item.status == RubricStatus::unmet ? 1 : 0;
  }
  const bool failed = verdict == Verdict::failed;
  const int points = kRubricPoints * earned / possible / (failed ? 2 : 1);
  return {"rubric",
          static_cast<double>(points),
          fmt::format("{} of {} items met, {} not met, {} unclear{}.",
                      met,
                      rubric.size(),
                      unmet,
                      static_cast<int>(rubric.size()) - met - unmet,
                      failed ? "; halved, as the run failed" : "")};
}

ScorePart outcome_part(Verdict verdict) {
  switch (verdict) {
    case Verdict::succeeded:
      return {"outcome", kOutcomePoints, "The verdict is succeeded."};
    case Verdict::partially_succeeded:
      return {"outcome", kOutcomePoints / 2, "The verdict is partially succeeded."};
    case Verdict::undetermined:
      return {"outcome", kOutcomePoints / 2, "The outcome is undetermined: half of the points."};
    case Verdict::failed:
      return {"outcome", 0, "The verdict is failed."};
  }
  return {};
}

ScorePart finding_part(std::span<const Finding> findings) {
  int critical = 0;
  int warnings = 0;
  for (const Finding& finding : findings) {
    if (find_code(finding.code).company) {
      continue;
    }
    critical += finding.severity == Severity::critical ? 1 : 0;
    warnings += finding.severity == Severity::warning ? 1 : 0;
  }
  const int lost = std::min(kFindingPoints, std::min(critical, 2) * 10 + std::min(warnings, 5) * 3);
  return {"findings",
          static_cast<double>(kFindingPoints - lost),
          critical + warnings == 0
              ? std::string("Nothing of note went wrong.")
              : fmt::format("{} critical finding(s), {} warning(s).", critical, warnings)};
}

ScorePart error_part(const Behavior& behavior) {
  const std::int64_t open = std::min<std::int64_t>(behavior.errors - behavior.recovered_errors, 2);
  const std::int64_t recovered = std::min<std::int64_t>(behavior.recovered_errors, 5);
  const auto lost = std::min<std::int64_t>(kErrorPoints, open * 5 + recovered);
  return {"errors",
          static_cast<double>(kErrorPoints - lost),
          behavior.errors == 0 ? std::string("No errors.")
                               : fmt::format("{} error(s), {} of them recovered.",
                                             behavior.errors,
                                             behavior.recovered_errors)};
}

/// The larger of the wasted shares of time and tokens, and of repeated calls.
ScorePart waste_part(std::span<const Finding> findings, const Behavior& behavior) {
  std::int64_t ms = 0;
  std::int64_t tokens = 0;
  std::int64_t repeats = 0;
  for (const Finding& finding : findings) {
    ms += finding.wasted.ms;
    tokens += finding.wasted.tokens;
    if (finding.code.starts_with("loop.")) {
      repeats += std::max<std::int64_t>(0, static_cast<std::int64_t>(finding.steps.size()) - 1);
    }
  }
  const auto lost_of = [](std::int64_t wasted, std::int64_t all) {
    const std::int64_t share = all > 0 ? (10 * std::min(wasted, all) + all - 1) / all : 0;
    return std::min<std::int64_t>(kWastePoints, share);
  };
  const std::int64_t lost =
      std::max({lost_of(ms, behavior.busy_ms),
                lost_of(tokens, behavior.prompt_tokens + behavior.completion_tokens),
                lost_of(repeats, behavior.tool_calls)});
  return {"waste",
          static_cast<double>(kWastePoints - lost),
          lost == 0 ? std::string("No work was repeated for nothing.")
                    : fmt::format(
                          "Work was repeated: {} call(s), {} ms, {} tokens.", repeats, ms, tokens)};
}

}  // namespace

std::vector<ScorePart> score_parts(Verdict verdict,
                                   std::span<const RubricItem> rubric,
                                   std::span<const Finding> findings,
                                   const Behavior& behavior) {
  return {rubric_part(verdict, rubric),
          outcome_part(verdict),
          finding_part(findings),
          error_part(behavior),
          waste_part(findings, behavior)};
}

double coverage_of(std::span<const RubricItem> rubric) {
  if (rubric.empty()) {
    return 0;
  }
  const auto decided = std::count_if(rubric.begin(), rubric.end(), [](const RubricItem& item) {
    return item.status != RubricStatus::unclear;
  });
  return static_cast<double>(decided) / static_cast<double>(rubric.size());
}

}  // namespace infinium::maestro
