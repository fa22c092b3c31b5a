#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/loops.h"
#include "maestro/tool_names.h"

/// Behaviour: the same tool is called again with the same arguments and gives the same answer.
/// Source: step repetition of the published multi-agent failure taxonomy.
/// How: equal canonical arguments and equal results, times of day aside. Twice is worth a note,
/// three times a warning. A changing answer is polling, and so is one that says it is not done; a
/// changed argument is pagination, a failure is a retry: none is raised. A call that comes back
/// after a change of state counts as a check of that change. What goes round as a whole is told by
/// loop.cycle, what acts on the world by action.duplicated.
/// Blind spots: the same question in other words.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "loop.repeated_call",
    "Keep the first answer; call again only when something has changed.",
};
/// A call with its answer, and whether it was only a look at something unfinished.
struct Group {
  std::vector<std::size_t> steps;
  std::uint64_t call = 0;
  bool polls = false;
};

/// Calls that got the same answer, nothing having been changed in between. A call that is made in
/// the same time and answers otherwise was polled.
std::vector<Group> group_calls(const TraceView& view) {
  std::vector<Group> groups;
  std::unordered_map<std::uint64_t, std::size_t> group_of;
  std::unordered_map<std::uint64_t, std::size_t> last_group;  // by call, in the same time
  std::uint64_t changes = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.output && step.input && !step.failed &&
        !names_a_wait(step.tool)) {
      const std::uint64_t call = call_key(step) * 31 + changes;
      const auto [entry, is_new] = group_of.emplace(turn_key(step) * 31 + changes, groups.size());
      if (is_new) {
        groups.push_back({{}, call, step.answer == AnswerState::waiting});
      }
      groups[entry->second].steps.push_back(step.index);
      const auto [last, first] = last_group.emplace(call, entry->second);
      if (!first && last->second != entry->second) {
        groups[last->second].polls = true;
        groups[entry->second].polls = true;
        last->second = entry->second;
      }
    }
    changes += step.changes_state && !step.failed ? 1u : 0u;
  }
  return groups;
}

}  // namespace

std::vector<ProvenFinding> find_repeated_calls(const Facts& facts) {
  const TraceView& view = facts.view();
  std::unordered_set<std::size_t> in_cycle;
  for (const Cycle& cycle : find_cycles(view)) {
    in_cycle.insert(cycle.steps.begin(), cycle.steps.end());
  }
  std::vector<ProvenFinding> findings;
  for (const Group& calls : group_calls(view)) {
    const std::vector<std::size_t>& group = calls.steps;
    const bool told = std::all_of(group.begin(), group.end(), [&in_cycle](std::size_t step) {
      return in_cycle.contains(step);
    });
    if (group.size() < 2 || calls.polls || told || findings.size() >= kFindingsOfDetectorMax) {
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
    finding.wasted = waste_of(view, std::span(group).subspan(1));
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
