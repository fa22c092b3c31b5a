#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "maestro/facts_claims.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

/// Behaviour: from some step on the agent works on another goal (a sizing guide in place of the
/// exchange), and what it was asked to do is never tried. Source: task derailment of the published
/// multi-agent failure taxonomy.
/// How: the objective opens with a deed that no text can be ("Exchange …", "Order …"); no call of a
/// trace that records its calls acts at all, or tries to; and the output neither claims the deed
/// nor speaks of it, admits nothing and asks nothing: it is about something else. The fault is
/// where the agent last said what it would look into. Blind spots: a foreign goal that acts as
/// well; a deed that is one of several.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "goal.derailed",
    "Hold each step against the objective, and leave what nobody asked for.",
};

struct Deed {
  std::string act;
  Span objective;
};

std::string folded_word(std::string_view text, const Word& word) {
  return fold_case(text.substr(word.start, word.end - word.start));
}

std::optional<Deed> asked_deed(const TraceView& view) {
  if (view.rubric().empty()) {
    return std::nullopt;
  }
  const FieldId field = view.rubric().front();
  const std::string_view objective = view.field(field).text;
  const std::vector<Word> words = find_words(objective);
  if (words.empty() || !view.field(field).path.starts_with("expected_outcome.task_objective")) {
    return std::nullopt;
  }
  constexpr auto kDeeds = std::to_array<std::string_view>(
      {"book",    "order",      "exchange", "extend",   "cancel", "refund",   "rebook",  "reserve",
       "pay",     "transfer",   "buy",      "purchase", "renew",  "move",     "block",   "unblock",
       "restore", "reschedule", "deploy",   "rollback", "delete", "activate", "register"});
  const std::string act = act_of(folded_word(objective, words.front()));
  const bool deed = std::find(kDeeds.begin(), kDeeds.end(), act) != kDeeds.end();
  return deed ? std::optional(Deed{act, {field, 0, objective.size()}}) : std::nullopt;
}

/// Whether a text speaks of the deed, or of its being put off or refused.
bool speaks_of(const TraceView& view, FieldId output, const std::string& act) {
  const std::string_view text = view.field(output).text;
  const std::vector<Word> words = find_words(text);
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    constexpr std::size_t kLettersMin = 3;
    const std::string said = folded_word(text, word);
    return said.size() >= kLettersMin && same_stem(act, said);
  });
}

/// Whether a word of a tool's name is the deed.
bool names(std::string_view tool, const std::string& act) {
  const std::vector<std::string> words = name_words(tool);
  return std::any_of(words.begin(), words.end(), [&act](const std::string& word) {
    constexpr std::size_t kLettersMin = 3;
    return word.size() >= kLettersMin && same_stem(act, word);
  });
}

bool asks(std::string_view text) {
  return text.find('?') != std::string_view::npos || text.find("\uFF1F") != std::string_view::npos;
}

/// The last text of the agent that a call follows: there it said what it would look into.
std::optional<std::size_t> turning_point(const TraceView& view) {
  std::optional<std::size_t> said;
  std::optional<std::size_t> turned;
  std::optional<std::size_t> last_call;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::message || step.kind == StepKind::decision) {
      said = step.index;
    } else if (step.kind == StepKind::tool) {
      turned = said ? said : turned;
      last_call = step.index;
    }
  }
  return turned ? turned : last_call;
}

}  // namespace

std::vector<ProvenFinding> find_derailments(const Facts& facts) {
  const TraceView& view = facts.view();
  const std::optional<Deed> deed = asked_deed(view);
  if (!deed || !view.final_output() || view.field(*view.final_output()).cut) {
    return {};
  }
  constexpr std::size_t kCallsMin = 3;
  std::size_t calls = 0;
  for (const StepView& step : view.steps()) {
    const bool unclear = !step.looks && (runs_anything(step.tool) || names(step.tool, deed->act));
    const bool may_act = step.changes_state || unclear;
    if (step.kind == StepKind::tool && (may_act || !step.handed_to.empty())) {
      return {};
    }
    calls += step.kind == StepKind::tool ? 1u : 0u;
  }
  const FieldId output = *view.final_output();
  const std::string_view text = view.field(output).text;
  const std::optional<std::size_t> turn = turning_point(view);
  if (calls < kCallsMin || !turn || speaks_of(view, output, deed->act) || admission(view) ||
      success_claim(view) || asks(text)) {
    return {};
  }
  const auto said = quote(view, {output, 0, text.size()});
  const auto asked = quote(view, deed->objective);
  if (!said || !asked) {
    return {};
  }
  Finding finding = draft(view, kKind, Severity::critical, std::array{*turn}, "derailed");
  finding.title = fmt::format("What was asked for, to {}, was never tried", deed->act);
  finding.explanation = fmt::format(
      "The objective is {}; all {} calls only look, and the output speaks of something else: {}.",
      shown(view.text(deed->objective)),
      calls,
      shown(text));
  std::vector<ProvenFinding> findings;
  findings.push_back(prove(std::move(finding), Proof(*said).add(*asked)));
  return findings;
}

}  // namespace infinium::maestro
