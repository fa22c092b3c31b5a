#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/facts.h"
#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/evaluate_process.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// A key whose value says in which state a thing is.
bool is_state_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"status",    "state", "health", "result",    "decision", "approval",  "approved", "verified",
       "available", "free",  "paid",   "delivered", "valid",    "active",    "zustand",  "estado",
       "état",      "stand", "reply",  "outcome",   "phase",    "condition", "状態"});
  const std::vector<std::string> words = name_words(key);
  constexpr auto kOther = std::to_array<std::string_view>(
      {"at", "by", "on", "date", "time", "until", "since", "from", "to", "id", "code"});
  if (words.empty() || std::find(kOther.begin(), kOther.end(), words.back()) != kOther.end()) {
    return false;  // when it was approved, and by whom
  }
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kKeys.begin(), kKeys.end(), word) != kKeys.end();
  });
}

bool is_yes(std::string_view value) {
  const std::string folded = fold_case(trim(value));
  return folded == "true" || folded == "yes" || folded == "ja" || folded == "sí" || folded == "1";
}

/// Whether the value is that state: "approved" for "approved", true under the key `approved`.
bool says_state(const Cell& cell, const std::vector<std::string>& wanted) {
  const std::vector<ActionWord> value = action_words(cell.value);
  for (const std::string& want : wanted) {
    const std::string folded = fold_case(trim(cell.value));
    if (folded == want) {
      return true;
    }
    const std::vector<ActionWord> words = action_words(want);
    const auto same = [](const ActionWord& a, const ActionWord& b) {
      // "approval" waits for what "approved" has: the forms must be alike.
      constexpr std::size_t kEndingMax = 2;
      const bool a_longer = a.text.size() >= b.text.size();
      const std::string& longer = a_longer ? a.text : b.text;
      const std::string& shorter = a_longer ? b.text : a.text;
      return shorter.size() >= 4 && longer.starts_with(shorter) &&
             longer.size() - shorter.size() <= kEndingMax;
    };
    for (const ActionWord& a : value) {
      for (const ActionWord& b : words) {
        if (value.size() <= 2 && same(a, b)) {
          return true;
        }
      }
    }
    const auto key = action_words(cell.key);
    const bool keyed = std::any_of(key.begin(), key.end(), [&](const ActionWord& a) {
      return std::any_of(
          words.begin(), words.end(), [&](const ActionWord& b) { return same(a, b); });
    });
    if (keyed && is_yes(cell.value)) {
      return true;
    }
  }
  return false;
}

/// "pending (item modified)" for "pending": that state, or another one?
bool holds_word(std::string_view value, const std::vector<std::string>& wanted) {
  const bool denied = find_folded(value, "not") || find_folded(value, "nicht") ||
                      find_folded(value, "no") || find_folded(value, "waiting");
  return !denied && std::any_of(wanted.begin(), wanted.end(), [value](const std::string& word) {
    return find_folded(value, word).has_value();
  });
}

/// What is known of the state of the thing that a call acts on.
struct State {
  const Cell* cell = nullptr;
  FieldId field = 0;
  const StepView* step = nullptr;
};

/// The last state cell before `acting` in a record that names what it acts on: the argument whose
/// key the rule speaks of ("an order may only be cancelled if", `order_id`).
State last_state(const ProcessCase& run, const StepView& acting, const StateRule& rule) {
  std::unordered_set<std::uint64_t> things;
  for (const Argument& argument : acting.arguments) {
    const auto key = action_words(argument.key);
    const bool meant = std::any_of(key.begin(), key.end(), [&](const ActionWord& word) {
      const auto same = [&word](const ActionWord& other) { return same_action_word(word, other); };
      return std::any_of(rule.guarded.words.begin(), rule.guarded.words.end(), same) ||
             std::any_of(rule.needed.words.begin(), rule.needed.words.end(), same);
    });
    if (meant && argument.value.size() >= 2 && argument.value.size() <= 60 && argument.op.empty()) {
      things.insert(value_key(argument.value));
    }
  }
  State last;
  for (const StepView& step : run.view.steps().first(acting.index)) {
    if (step.kind != StepKind::tool || step.failed || !step.output) {
      continue;
    }
    const Records& records = run.view.records(*step.output);
    std::unordered_set<std::uint32_t> named;
    for (const Cell& cell : records.cells) {
      if (things.contains(value_key(cell.value)) && !cell.value.empty()) {
        named.insert(cell.record);
      }
    }
    for (const Cell& cell : records.cells) {
      const bool place = cell.key == "zip" || cell.key == "city" || cell.key == "country";
      if (place) {
        named.erase(cell.record);  // the state of an address
      }
    }
    for (const Cell& cell : records.cells) {
      constexpr std::size_t kPlaceMax = 3;
      if (named.contains(cell.record) && is_state_key(cell.key) &&
          !(cell.key == "state" && cell.value.size() < kPlaceMax)) {
        last = {&cell, *step.output, &step};
      }
    }
  }
  return last;
}

}  // namespace

Ruling evaluate_state(const ProcessCase& run, const StateRule& rule) {
  const Guarded guarded = guarded_by(run, rule.guarded, false);
  if (guarded.steps.empty()) {
    return nothing_done(run, rule.guarded);
  }
  std::optional<Ruling> met;
  for (const StepView* step : guarded.steps) {
    if (rule.guarded.any_change && !run.actions.modifies(*step)) {
      return no_such_step(rule.guarded);  // whether an exchange is a modification is not said
    }
    const State state = last_state(run, *step, rule);
    if (state.cell == nullptr) {
      if (!rule.needed.observes) {
        return unclear("No earlier answer tells the state of what was acted on.",
                       "The state of it before that call.");
      }
      // "Unless it was checked to be free": then it has at least to have been looked at.
      return evaluate_precedence(run, {rule.guarded, rule.needed, false, {}, {}});
    }
    const bool holds = says_state(*state.cell, rule.words);
    if (!holds && holds_word(state.cell->value, rule.words)) {
      return unclear(
          fmt::format(
              "Step {} says \"{}\" of it.", state.step->number, prefix_of(state.cell->value, 60)),
          "Whether that is the state that is meant.");
    }
    Ruling ruling = decided(holds,
                            fmt::format("`{}` was called in step {} when step {} had said `{}` = "
                                        "\"{}\".",
                                        step->tool.empty() ? "message" : step->tool,
                                        step->number,
                                        state.step->number,
                                        state.cell->key,
                                        prefix_of(state.cell->value, 60)),
                            quote_step(run.view, *step));
    ruling.add(quote(run.view, {state.field, state.cell->start, state.cell->end}));
    if (!holds) {
      if (!guarded.sure) {
        return unclear(ruling.rationale, "Whether that state is enough.");
      }
      ruling.add(quote_rule(run));
      ruling.steps = {step->index, state.step->index};
      ruling.code = "policy.breached";
      return ruling;
    }
    met = met ? met : std::optional(std::move(ruling));
  }
  return std::move(*met);
}

}  // namespace infinium::maestro
