#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/hash.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text_values.h"

/// Behaviour: the same tool is called again with the same arguments and gives the same answer.
/// Source: step repetition of the published multi-agent failure taxonomy.
/// How: equal canonical arguments and equal results, times of day aside. Twice is worth a note,
/// three times a warning. A changing answer is polling, a changed argument is pagination, a failure
/// that then succeeds is a retry: none is raised. A call that comes back after a change of state
/// counts as a check of that change. A step that acts on the world (pays, refunds, sends, books)
/// and is done again with the same arguments after it went well did a second thing: critical,
/// unless the request itself speaks of a repetition. Writing or setting the same value again is
/// harmless. Blind spots: the same question or action in other words.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "loop.repeated_call",
    "Keep the first answer; call again only when something has changed.",
};
constexpr FindingKind kActionKind = {
    "loop.repeated_call",
    "Check whether the action was done before doing it again, or give it an idempotency key.",
};

/// Whether a second run of that tool does a second thing.
bool acts_anew(std::string_view tool) {
  constexpr std::array<std::string_view, 16> kVerbs = {"refund",
                                                       "pay",
                                                       "charge",
                                                       "transfer",
                                                       "send",
                                                       "book",
                                                       "order",
                                                       "purchase",
                                                       "buy",
                                                       "post",
                                                       "submit",
                                                       "issue",
                                                       "mail",
                                                       "email",
                                                       "deposit",
                                                       "withdraw"};
  const std::vector<std::string> words = name_words(tool);
  return !words.empty() && std::find(kVerbs.begin(), kVerbs.end(), words.front()) != kVerbs.end();
}

bool asks_for_repetition(const Facts& facts) {
  constexpr std::array<std::string_view, 10> kWords = {
      "twice", "two", "both", "again", "each", "every", "times", "repeat", "retry", "double"};
  return std::any_of(kWords.begin(), kWords.end(), [&facts](std::string_view word) {
    return facts.request().mention(word).has_value();
  });
}

std::optional<ProvenFinding> action_done_again(const TraceView& view,
                                               const StepView& first,
                                               const StepView& again) {
  Finding finding = draft(view, kActionKind, Severity::critical, std::array{again.index}, "action");
  finding.title = fmt::format(
      "step {} (`{}`) did again what step {} had done", again.number, again.tool, first.number);
  finding.explanation = fmt::format(
      "Step {} ran `{}` with the same arguments after step {} had gone well, so it was done twice.",
      again.number,
      again.tool,
      first.number);
  finding.wasted = {again.duration_ms, again.tokens, 0};
  const auto before = quote(view, {*first.output, 0, view.field(*first.output).text.size()});
  const auto here = quote(view, {*again.input, 0, view.field(*again.input).text.size()});
  if (!before || !here) {
    return std::nullopt;
  }
  return prove(std::move(finding), Proof(*here).add(*before));
}

void find_actions_done_again(const Facts& facts, std::vector<ProvenFinding>& findings) {
  const TraceView& view = facts.view();
  std::unordered_map<std::uint64_t, std::size_t> done;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.failed || !step.input || !step.output ||
        !acts_anew(step.tool) || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    const std::uint64_t key = (fnv1a(step.tool) ^ step.arguments_hash) * 1099511628211ull;
    const auto [entry, is_first] = done.emplace(key, step.index);
    if (is_first || asks_for_repetition(facts)) {
      continue;
    }
    if (auto finding = action_done_again(view, view.steps()[entry->second], step)) {
      findings.push_back(std::move(*finding));
    }
  }
}

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
  find_actions_done_again(facts, findings);
  return findings;
}

}  // namespace infinium::maestro
