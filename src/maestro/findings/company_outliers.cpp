#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "maestro/findings/company_findings.h"
#include "maestro/findings/draft.h"

/// Behaviour: a run takes far more time, tokens, money or calls than the agent's runs ever do.
/// Source: the usual alarm of operations, held against each agent's own past.
/// How: at least 20 runs with the same prompts; the value is a quarter above what 99 in 100 of them
/// took, and a quarter above each of the latest 32, and by more than a trifle (a second, 200
/// tokens, a tenth of a cent, five calls). Twice as much is a warning. The step that alone took
/// half of it is named. Blind spots: an agent whose every run is slow; a new version of the
/// prompts, until it has 20 runs; a request that is larger than any before is no fault and is
/// raised all the same.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "company.outlier",
    "Look at the step that took most, and whether this request was larger than the usual one.",
};

constexpr std::int64_t kRunsMin = 20;
constexpr double kMargin = 1.25;
constexpr double kFar = 2;

struct Watched {
  Metric metric;
  Compared compared;
  std::string_view words;
  std::int64_t trifle;
  std::int64_t StepView::* part;  ///< what a step adds; null if each adds the same
};

constexpr auto kWatched = std::to_array<Watched>({
    {Metric::duration, Compared::duration, "seconds", 1'000, &StepView::duration_ms},
    {Metric::tokens, Compared::tokens, "tokens", 200, &StepView::tokens},
    {Metric::cost, Compared::cost, "US dollars", 1'000, nullptr},
    {Metric::tool_calls, Compared::tool_calls, "tool calls", 5, nullptr},
});

struct Excess {
  const Watched* watched = nullptr;
  std::int64_t value = 0;
  std::int64_t usual = 0;  ///< what 99 in 100 of the past runs took at most
};

std::optional<Excess> excess_of(const Beside& beside, const Watched& watched) {
  const VersionRuns& past = *beside.past();
  const std::int64_t value = value_of(beside.view().trace(), watched.metric);
  std::int64_t usual = past.histogram(watched.metric).value_at(0.99);
  std::int64_t highest = usual;
  for (const LatestRun& run : past.latest) {
    highest = std::max(highest, run.values[static_cast<std::size_t>(watched.metric)]);
  }
  const bool far = static_cast<double>(value) > kMargin * static_cast<double>(highest) &&
                   value > highest + watched.trifle;
  return far && highest > 0 ? std::optional(Excess{&watched, value, usual}) : std::nullopt;
}

/// The step that took at least half.
std::optional<std::size_t> heaviest(const TraceView& view, const Excess& excess) {
  const auto steps = view.steps();
  if (excess.watched->part == nullptr || steps.empty()) {
    return std::nullopt;
  }
  const auto most = std::max_element(steps.begin(), steps.end(), [&](const auto& a, const auto& b) {
    return a.*excess.watched->part < b.*excess.watched->part;
  });
  return 2 * (*most.*excess.watched->part) >= excess.value ? std::optional(most->index)
                                                           : std::nullopt;
}

std::string explained(const std::vector<Excess>& all, std::int64_t runs) {
  std::string text;
  for (const Excess& excess : all) {
    const Metric metric = excess.watched->metric;
    text += fmt::format("{}{}, where 99 in 100 of the agent's {} runs took at most {}",
                        text.empty() ? "This run took " : "; ",
                        shown_metric(metric, excess.value),
                        runs,
                        shown_metric(metric, excess.usual));
  }
  return text + ".";
}

}  // namespace

std::vector<ProvenFinding> find_outliers(const Beside& beside) {
  std::vector<ProvenFinding> findings;
  if (beside.past() == nullptr || beside.past()->count < kRunsMin) {
    return findings;
  }
  std::vector<Excess> all;
  std::optional<Proof> proof;
  std::vector<std::size_t> steps;
  bool very_far = false;
  for (const Watched& watched : kWatched) {
    const std::optional<Excess> excess = excess_of(beside, watched);
    const auto compared = excess ? comparison(beside, watched.compared) : std::nullopt;
    if (!compared) {
      continue;
    }
    proof = proof ? proof->add(*compared) : Proof(*compared);
    all.push_back(*excess);
    very_far =
        very_far || static_cast<double>(excess->value) >= kFar * static_cast<double>(excess->usual);
    const auto step = heaviest(beside.view(), *excess);
    if (step && std::find(steps.begin(), steps.end(), *step) == steps.end()) {
      steps.push_back(*step);
    }
  }
  if (!proof) {
    return findings;
  }
  const Severity severity = very_far ? Severity::warning : Severity::info;
  Finding finding = draft(beside.view(), kKind, severity, steps, all.front().watched->words);
  finding.title = fmt::format("unusually many {} for this agent", all.front().watched->words);
  finding.explanation = explained(all, beside.past()->count);
  findings.push_back(prove(std::move(finding), *proof));
  return findings;
}

}  // namespace infinium::maestro
