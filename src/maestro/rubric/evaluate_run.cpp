#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "maestro/rubric/evaluate.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool same_tool(const StepView& step, std::string_view folded) {
  return step.kind == StepKind::tool && fold_case(step.tool) == folded;
}

Ruling no_steps() {
  return unclear("The trace reports no steps.", "A trace that reports the tool calls as steps.");
}

/// The tool's name as the trace spells it, or empty if it was never called.
std::string spelled(const TraceView& view, const std::string& tool) {
  const std::string folded = fold_case(tool);
  for (const StepView& step : view.steps()) {
    if (same_tool(step, folded)) {
      return step.tool;
    }
  }
  return {};
}

std::vector<const StepView*> calls_of(const TraceView& view, const std::string& tool) {
  const std::string folded = fold_case(tool);
  std::vector<const StepView*> calls;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && (tool.empty() || fold_case(step.tool) == folded)) {
      calls.push_back(&step);
    }
  }
  return calls;
}

/// Evidence for "never called": nothing was called at all, or what was called instead.
std::optional<CheckedEvidence> never_called(const TraceView& view, const std::string& tool) {
  if (auto count = measure(view, Count::calls_of_tool, tool, 0)) {
    return count;
  }
  return measure(view, Count::tool_calls);
}

std::string times(std::size_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}

/// "Yes", "go ahead", "ja": words by which a person agrees.
bool agrees(std::string_view text) {
  constexpr auto kAgreeing = std::to_array<std::string_view>(
      {"yes",       "yeah",      "yep",       "sure",        "ok",         "okay",
       "confirm",   "confirmed", "i confirm", "go ahead",    "proceed",    "please do",
       "correct",   "agreed",    "approve",   "approved",    "ja",         "gerne",
       "bestätige", "bestätigt", "sí",        "si",          "de acuerdo", "confirmo",
       "adelante",  "oui",       "d'accord",  "je confirme", "はい",       "お願いします"});
  return std::any_of(kAgreeing.begin(), kAgreeing.end(), [&](std::string_view word) {
    return find_folded(text, word).has_value();
  });
}

}  // namespace

Ruling evaluate_call_count(const TraceView& view, const CallCountCheck& check) {
  if (view.steps().empty()) {
    return no_steps();
  }
  const auto calls = calls_of(view, check.tool);
  const auto limit = check.bound.most ? check.bound.most : check.bound.least;
  const std::string name = spelled(view, check.tool);
  auto count = check.tool.empty() ? measure(view, Count::tool_calls, {}, limit)
               : name.empty()     ? never_called(view, check.tool)
                                  : measure(view, Count::calls_of_tool, name, limit);
  const bool met = check.bound.holds(static_cast<double>(calls.size()));
  const std::string what =
      check.tool.empty() ? "Tools were called" : "`" + check.tool + "` was called";
  Ruling ruling = decided(met,
                          fmt::format("{} {}; the rule is {}.",
                                      what,
                                      calls.empty() ? std::string("never") : times(calls.size()),
                                      describe(check.bound)),
                          std::move(count));
  if (!met && check.bound.most && static_cast<double>(calls.size()) > *check.bound.most) {
    const auto first_over = static_cast<std::size_t>(*check.bound.most);
    ruling.steps.push_back(calls[std::min(first_over, calls.size() - 1)]->index);
  }
  return ruling;
}

Ruling evaluate_budget(const TraceView& view, const BudgetCheck& check) {
  const auto in_bound = [&](Count count, double scale, std::string_view unit) {
    const auto limit = check.bound.most ? check.bound.most : check.bound.least;
    auto value = measure(view, count, {}, limit ? std::optional(*limit / scale) : std::nullopt);
    const auto* made = value ? std::get_if<MeasureEvidence>(&value->get()) : nullptr;
    if (made == nullptr || made->value <= 0) {
      return unclear(fmt::format("The trace does not report its {}.", unit),
                     fmt::format("A trace that reports its {}.", unit));
    }
    Bound bound = check.bound;
    bound.least = bound.least ? std::optional(*bound.least / scale) : std::nullopt;
    bound.most = bound.most ? std::optional(*bound.most / scale) : std::nullopt;
    const bool met = bound.holds(made->value);
    return decided(
        met,
        fmt::format(
            "It took {} {}; the rule is {}.", plain_number(made->value), unit, describe(bound)),
        value);
  };
  switch (check.quantity) {
    case Quantity::milliseconds:
      return in_bound(Count::duration_seconds, 1000, "seconds");
    case Quantity::usd:
      return in_bound(Count::cost_usd, 1, "US dollars");
    case Quantity::tokens:
      return in_bound(Count::total_tokens, 1, "tokens");
    case Quantity::steps:
      return in_bound(Count::steps, 1, "steps");
  }
  return no_steps();
}

Ruling evaluate_order(const TraceView& view, const OrderCheck& check) {
  if (view.steps().empty()) {
    return no_steps();
  }
  const auto first = calls_of(view, check.first);
  const auto second = calls_of(view, check.second);
  if (second.empty()) {
    return check.required ? decided(false,
                                    fmt::format("`{}` was never called.", check.second),
                                    never_called(view, check.second))
                          : decided(true,
                                    fmt::format("`{}` was never called, so nothing came too early.",
                                                check.second),
                                    never_called(view, check.second));
  }
  const StepView& late = *second.front();
  const bool called = !first.empty() && first.front()->index < late.index;
  const auto good =
      std::find_if(first.begin(), first.end(), [](const StepView* step) { return !step->failed; });
  if (called && (good == first.end() || (*good)->index > late.index)) {
    return unclear(
        fmt::format("`{}` was called before `{}` but failed.", check.first, check.second),
        "Whether a failed call counts.");
  }
  Ruling ruling = decided(called,
                          called ? fmt::format("`{}` (step {}) came before `{}` (step {}).",
                                               check.first,
                                               first.front()->number,
                                               check.second,
                                               late.number)
                                 : fmt::format("`{}` was called in step {} without `{}` before it.",
                                               check.second,
                                               late.number,
                                               check.first),
                          quote_step(view, called ? *first.front() : late));
  if (called) {
    ruling.add(quote_step(view, late));
  } else {
    ruling.steps.push_back(late.index);
  }
  return ruling;
}

Ruling evaluate_tool_rule(const TraceView& view, const ToolRuleCheck& check) {
  if (view.steps().empty()) {
    return no_steps();
  }
  const auto named = [&](const StepView& step) {
    return std::any_of(check.tools.begin(), check.tools.end(), [&](const std::string& tool) {
      return same_tool(step, fold_case(tool));
    });
  };
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.tool.empty() || named(step) == check.only) {
      continue;
    }
    Ruling ruling = decided(false,
                            fmt::format("`{}` was called in step {}.", step.tool, step.number),
                            measure(view, Count::calls_of_tool, step.tool, 0));
    ruling.add(quote_step(view, step));
    ruling.steps.push_back(step.index);
    return ruling;
  }
  return decided(
      true,
      check.only ? "No other tool was called." : "It was never called.",
      check.only ? measure(view, Count::tool_calls) : never_called(view, check.tools.front()));
}

Ruling evaluate_confirm(const TraceView& view, const ConfirmCheck& check) {
  const std::string folded = fold_case(check.tool);
  const StepView* user = nullptr;
  bool asked = false;  // the agent spoke to the user before the user's last words
  bool spoke = false;
  std::vector<const StepView*> unsure;
  Ruling met{RubricStatus::met, "The user agreed before every such call.", {}, {}, {}, false};
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::user) {
      user = &step;
      asked = spoke;
    } else if (step.kind == StepKind::message) {
      spoke = true;
    }
    const bool guarded = step.kind == StepKind::tool && !step.failed &&
                         (check.tool.empty() ? step.changes_state : same_tool(step, folded));
    if (!guarded) {
      continue;
    }
    if (user == nullptr) {
      return unclear("The trace holds no words of the user between the steps.",
                     "A trace that reports the user's messages as steps.");
    }
    const std::string_view words = user->output ? view.field(*user->output).text : "";
    if (agrees(words)) {
      met.add(quote_step(view, *user));
    } else if (!asked) {
      Ruling ruling = decided(false,
                              fmt::format("`{}` was called in step {} though the user had agreed "
                                          "to nothing and was not asked.",
                                          step.tool,
                                          step.number),
                              quote_step(view, step));
      ruling.add(quote_step(view, *user));
      ruling.steps.push_back(step.index);
      return ruling;
    } else {
      unsure.push_back(&step);
    }
  }
  if (!unsure.empty()) {
    return unclear(fmt::format("The user's words before step {} are no clear consent.",
                               unsure.front()->number),
                   "A person's reading of that turn.");
  }
  if (met.evidence.empty()) {
    return decided(true, "No such call was made.", measure(view, Count::tool_calls));
  }
  return met;
}

}  // namespace infinium::maestro
