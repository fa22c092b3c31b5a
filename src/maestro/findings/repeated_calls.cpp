#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"

/// Behaviour: the same tool is called again with the same arguments and gives the same answer.
/// Source: step repetition of the published multi-agent failure taxonomy.
/// How: equal canonical arguments and equal results, times of day aside. Twice is worth a note,
/// three times a warning. A changing answer is polling, a changed argument is pagination, a failure
/// that then succeeds is a retry: none is raised. A call that comes back after a change of state
/// counts as a check of that change.
/// Blind spots: the same question in other words.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "loop.repeated_call",
    "FM-1.3",
    "Keep the first answer; call again only when something has changed.",
};

}  // namespace

std::vector<ProvenFinding> find_repeated_calls(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<std::vector<std::size_t>> groups;
  std::unordered_map<std::uint64_t, std::size_t> group_of;
  std::uint64_t changes = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.output && (step.input || step.failed)) {
      std::uint64_t key = fnv1a(step.tool);
      key = (key ^ step.arguments_hash) * 1099511628211ull;
      key = (key ^ step.result_hash) * 1099511628211ull;
      key = (key ^ changes) * 1099511628211ull;
      const auto [entry, is_new] = group_of.emplace(key, groups.size());
      if (is_new) {
        groups.push_back({step.index});
      } else {
        groups[entry->second].push_back(step.index);
      }
    }
    changes += step.changes_state && !step.failed ? 1u : 0u;
  }
  std::vector<ProvenFinding> findings;
  for (const std::vector<std::size_t>& group : groups) {
    if (group.size() < 2 || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    const StepView& first = view.steps()[group.front()];
    // The first call was right; the second is the fault.
    std::vector<std::size_t> repeats(group.begin() + 1, group.end());
    repeats.resize(std::min<std::size_t>(repeats.size(), 50));
    const Severity severity = group.size() >= 3 ? Severity::warning : Severity::info;
    Finding finding = draft(view, kKind, severity, repeats, "repeat");
    finding.title =
        fmt::format("`{}` was called {} times with the same answer", first.tool, group.size());
    finding.explanation =
        fmt::format("Step {} repeats step {}: the same tool, the same arguments, the same result.",
                    view.steps()[group[1]].number,
                    first.number);
    for (std::size_t i = 1; i < group.size(); ++i) {
      finding.wasted.ms += view.steps()[group[i]].duration_ms;
      finding.wasted.tokens += view.steps()[group[i]].tokens;
    }
    const auto count = measure(view, Count::identical_calls, fmt::format("{}", group.front()), 1);
    if (!count) {
      continue;
    }
    Proof proof(*count);
    for (std::size_t i = 0; i < std::min<std::size_t>(group.size(), 3); ++i) {
      const StepView& step = view.steps()[group[i]];
      const FieldId field = step.input ? *step.input : *step.output;
      proof.add(quote(view, {field, 0, view.field(field).text.size()}));
    }
    findings.push_back(prove(std::move(finding), proof));
  }
  return findings;
}

}  // namespace infinium::maestro
