#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/loops.h"
#include "maestro/text.h"

/// Behaviour: a call that cannot succeed is tried over and over (a lock, a quota, a missing right,
/// a refusal that says so), or a broken service is hammered without end. Source: unawareness of the
/// conditions to stop, of the published failure taxonomy.
/// How: the same call (tool and arguments) fails at least three times where the error says that it
/// will not pass by itself, five times otherwise, and never succeeds afterwards; or it does so only
/// after four tries in vain and another change that had to come first. Retries that recover by
/// themselves, however many, raise nothing.
/// Blind spots: retries with ever other arguments (see thrashing); pauses between them are not
/// seen.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "retry.storm",
    "Retry only what can pass by itself, a few times and ever later; else report and stop.",
};

bool will_not_pass(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  const std::int64_t status =
      raw.tool_call && raw.tool_call->http_status ? *raw.tool_call->http_status : 0;
  if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429) {
    return true;
  }
  constexpr auto kWords = std::to_array<std::string_view>(
      {"lock",      "permission", "forbidden", "denied",    "quota",        "not allowed",
       "permanent", "until",      "freeze",    "frozen",    "closed",       "no longer",
       "invalid",   "blocked",    "suspended", "disabled",  "unauthorized", "does not exist",
       "not found", "refused",    "rejected",  "expired",   "insufficient", "gesperrt",
       "abgelehnt", "verboten",   "bis zum",   "bloquead",  "rechazad",     "no existe",
       "hasta",     "refusé",     "interdit",  "bloqueado", "拒否",         "権限"});
  std::string words = step.error ? fold_case(view.text(*step.error)) : std::string();
  if (step.output) {
    words += fold_case(prefix_of(view.field(*step.output).text, 300));
  }
  return std::any_of(kWords.begin(), kWords.end(), [&words](std::string_view word) {
    return words.find(word) != std::string::npos;
  });
}

std::optional<ProvenFinding> tell(const TraceView& view, const std::vector<std::size_t>& tries) {
  const StepView& first = view.steps()[tries.front()];
  const auto error = quote(view, *first.error);
  if (!error) {
    return std::nullopt;
  }
  constexpr std::size_t kStepsMax = 50;
  const std::span<const std::size_t> shown_steps =
      std::span(tries).first(std::min(tries.size(), kStepsMax));
  Finding finding = draft(view, kKind, Severity::warning, shown_steps, first.error_template);
  finding.title = fmt::format("`{}` was tried {} times in vain", first.tool, tries.size());
  finding.explanation = fmt::format(
      "Step {} failed with {}; the same call was made {} more times, to the end in vain.",
      first.number,
      shown(view.text(*first.error)),
      tries.size() - 1);
  finding.wasted = waste_of(view, std::span(tries).subspan(1));
  Proof proof(*error);
  proof.add(quote(view, *view.steps()[tries.back()].error));
  proof.add(measure(view, Count::calls_of_tool, first.tool));
  return prove(std::move(finding), proof);
}

}  // namespace

std::vector<ProvenFinding> find_retry_storms(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<std::vector<std::size_t>> groups;
  std::unordered_map<std::uint64_t, std::size_t> group_of;
  std::vector<std::vector<std::size_t>> storms;
  std::size_t last_change = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool) {
      continue;
    }
    const auto [entry, is_new] = group_of.emplace(call_key(step), groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    std::vector<std::size_t>& tries = groups[entry->second];
    if (step.failed) {
      tries.push_back(step.index);
    } else {
      constexpr std::size_t kTriesInVain = 4;
      const bool mended = !tries.empty() && last_change > tries.back();
      if (mended && tries.size() >= kTriesInVain && will_not_pass(view, view.steps()[tries[0]])) {
        storms.push_back(tries);
      }
      tries.clear();  // it recovered
      last_change = step.changes_state ? step.index : last_change;
    }
  }
  groups.insert(groups.end(), storms.begin(), storms.end());
  std::vector<ProvenFinding> findings;
  for (const std::vector<std::size_t>& tries : groups) {
    constexpr std::size_t kTriesMin = 3;
    constexpr std::size_t kTriesOfABrokenServiceMin = 5;
    const bool many = tries.size() >= kTriesOfABrokenServiceMin ||
                      (tries.size() >= kTriesMin && will_not_pass(view, view.steps()[tries[0]]));
    if (!many || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    if (auto finding = tell(view, tries)) {
      findings.push_back(std::move(*finding));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
