#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/evaluate_process.h"
#include "maestro/text.h"

namespace infinium::maestro {
bool shares_look(const StepView& step, const ActionPhrase& phrase) {
  const auto name = action_words(step.tool);
  return std::any_of(name.begin(), name.end(), [&](const ActionWord& word) {
    return is_look(word.meaning) &&
           std::any_of(phrase.words.begin(), phrase.words.end(), [&](const ActionWord& wanted) {
             constexpr std::size_t kStemMin = 4;
             return is_look(wanted.meaning) && word.text.size() >= kStemMin &&
                    wanted.text.starts_with(word.text.substr(0, kStemMin));
           });
  });
}

namespace {

/// The check that was asked for was not made: the fault is where the agent says that it was.
Ruling not_checked(const ProcessCase& run, const StepView& trigger) {
  Ruling ruling = decided(
      false,
      fmt::format(
          "No call after step {} (`{}`) looks at what it changed.", trigger.number, trigger.tool),
      quote_step(run.view, trigger));
  if (const auto claim = find_check_claim(run.view, trigger.index)) {
    ruling.add(quote(run.view, claim->at));
    if (claim->step) {
      ruling.steps.push_back(*claim->step);
    }
  }
  ruling.add(quote_rule(run));
  ruling.code = "verification.missing";
  return ruling;
}

bool has_number(const TraceView& view, const StepView& step) {
  if (!step.output) {
    return false;
  }
  const auto values = view.values(*step.output);
  return std::any_of(values.begin(), values.end(), [](const ValueToken& value) {
    constexpr double kTellingMin = 100;
    return value.kind == ValueKind::number && (value.number >= kTellingMin || value.precision < 1);
  });
}

/// Whether the call looks at a source of its own: a query, a page, a file; no search for sources.
bool is_look_up(const ProcessCase& run, const StepView& step) {
  if (step.kind != StepKind::tool || step.failed || !has_number(run.view, step)) {
    return false;
  }
  const Deed deed = run.actions.deed(step);
  if (deed == Deed::change || deed == Deed::ask || deed == Deed::wait) {
    return false;
  }
  const auto name = action_words(step.tool);
  const auto says = [&name](std::string_view text) {
    return std::any_of(
        name.begin(), name.end(), [text](const ActionWord& word) { return word.text == text; });
  };
  const bool computes = says("code") || says("python") || says("calculator") || says("calculate") ||
                        says("calc") || says("compute");
  return !computes && !(says("web") && says("search"));
}

/// "A second query": the tools that query, where the rule says so and there are any.
std::vector<std::string> source_tools(const ProcessCase& run, const ActionPhrase& phrase) {
  constexpr auto kQueries = std::to_array<std::string_view>(
      {"query", "queries", "abfrage", "consulta", "requête", "sql"});
  std::vector<std::string> tools;
  const auto is_query = [&](const std::vector<ActionWord>& words) {
    return std::any_of(words.begin(), words.end(), [&](const ActionWord& word) {
      return std::find(kQueries.begin(), kQueries.end(), word.text) != kQueries.end();
    });
  };
  if (!is_query(phrase.words)) {
    return tools;
  }
  for (const StepView& step : run.view.steps()) {
    if (step.kind == StepKind::tool && is_query(action_words(step.tool))) {
      tools.push_back(step.tool);
    }
  }
  return tools;
}

}  // namespace

Ruling evaluate_follow_up(const ProcessCase& run, const FollowUpRule& rule) {
  const Guarded triggers = guarded_by(run, rule.trigger, false);
  const StepView* trigger = nullptr;
  for (const StepView* step : triggers.steps) {
    trigger = step->failed ? trigger : step;
  }
  if (trigger == nullptr) {
    return no_such_step(rule.trigger);
  }
  const bool observes = rule.check.observes;
  const StepView* early = nullptr;
  bool perhaps = false;
  const auto fits = run.actions.fitting(rule.check);
  const auto fit_of = [&fits](const StepView& step) -> const StepFit* {
    const auto at = std::find_if(fits.begin(), fits.end(), [&](const StepFit& fit) {
      return fit.step->index == step.index;
    });
    return at == fits.end() ? nullptr : &*at;
  };
  for (const StepView& step : run.view.steps()) {
    if (step.kind != StepKind::tool || step.tool == trigger->tool) {
      continue;
    }
    const Deed deed = run.actions.deed(step);
    if (observes && (deed == Deed::change || deed == Deed::wait || deed == Deed::ask)) {
      continue;
    }
    const StepFit* fit = fit_of(step);
    const bool same =
        (fit != nullptr && fit->strong) || (observes && shares_look(step, rule.check));
    const bool related = same || (observes && share_entity(run.view, *trigger, step));
    if (step.index < trigger->index) {
      early = same ? &step : early;
    } else if (related && !step.failed) {
      Ruling ruling = decided(true,
                              fmt::format("`{}` (step {}) came after `{}` (step {}).",
                                          step.tool,
                                          step.number,
                                          trigger->tool,
                                          trigger->number),
                              quote_step(run.view, step));
      ruling.add(quote_step(run.view, *trigger));
      ruling.add(measure(run.view, Count::calls_of_tool, step.tool));
      return ruling;
    } else {
      perhaps = perhaps || related || fit != nullptr;
    }
  }
  if (perhaps || !triggers.sure) {
    return unclear("A later call may be the check, but failed or does not clearly name it.",
                   "A person's reading of the steps after the change.");
  }
  if (observes) {
    return not_checked(run, *trigger);
  }
  if (early == nullptr) {
    return no_such_step(rule.check);
  }
  Ruling ruling = decided(false,
                          fmt::format("`{}` was called in step {}, before `{}` in step {}.",
                                      early->tool,
                                      early->number,
                                      trigger->tool,
                                      trigger->number),
                          quote_step(run.view, *early));
  ruling.add(quote_step(run.view, *trigger));
  ruling.add(quote_rule(run));
  ruling.steps = {early->index, trigger->index};
  ruling.code = "order.violated";
  return ruling;
}

Ruling evaluate_outcome(const ProcessCase& run, const OutcomeRule& rule) {
  const StepView* last = nullptr;
  for (const StepFit& fit : run.actions.fitting(rule.run)) {
    const bool runs = fit.strong && fit.step->output && run.actions.deed(*fit.step) != Deed::change;
    last = runs ? fit.step : last;
  }
  if (last == nullptr || run.view.field(*last->output).cut) {
    return no_such_step(rule.run);
  }
  const std::string_view text = run.view.field(*last->output).text;
  const bool bad = last->failed || shows_failures(text);
  const bool good = find_folded(text, "passed") || find_folded(text, "ok") ||
                    find_folded(text, "success") || find_folded(text, "done") ||
                    find_folded(text, "bestanden");
  if (!bad && !good) {
    return unclear("The last result does not say how it went.", "The whole result.");
  }
  const std::size_t tail = text.size() > 200 ? text.size() - 200 : 0;
  auto words = quote(run.view, {*last->output, tail, text.size()});
  Ruling ruling = decided(
      !bad,
      fmt::format(
          "The last run, in step {}, {}.", last->number, bad ? "shows failures" : "shows none"),
      words ? std::move(words) : quote_step(run.view, *last));
  if (bad) {
    ruling.add(quote_rule(run));
    ruling.code = "verification.missing";
  }
  return ruling;
}

Ruling evaluate_second_look(const ProcessCase& run, const SecondLookRule& rule) {
  std::vector<const StepView*> looks;
  std::unordered_set<std::uint64_t> seen;
  bool named_cut = false;
  const std::vector<std::string> wanted = source_tools(run, rule.check);
  for (const StepView& step : run.view.steps()) {
    named_cut = named_cut ||
                (step.kind == StepKind::tool && step.output && run.view.field(*step.output).cut);
    const bool kind =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), step.tool) != wanted.end();
    if (kind && is_look_up(run, step) && seen.insert(step.arguments_hash).second) {
      looks.push_back(&step);
    }
  }
  if (looks.size() >= 2) {
    Ruling ruling = decided(true,
                            fmt::format("{} different look-ups brought figures, the last in step "
                                        "{}.",
                                        looks.size(),
                                        looks.back()->number),
                            quote_step(run.view, *looks.front()));
    ruling.add(quote_step(run.view, *looks.back()));
    return ruling;
  }
  if (looks.empty() || named_cut) {
    return unclear("No look-up is known to have brought the figure.",
                   "A person's reading of the steps.");
  }
  Ruling ruling = decided(false,
                          fmt::format("Only step {} (`{}`) brought figures; nothing was there to "
                                      "hold against them.",
                                      looks.front()->number,
                                      looks.front()->tool),
                          quote_step(run.view, *looks.front()));
  if (const auto claim = find_check_claim(run.view, looks.front()->index)) {
    ruling.add(quote(run.view, claim->at));
    if (claim->step) {
      ruling.steps.push_back(*claim->step);
    }
  }
  ruling.add(quote_rule(run));
  ruling.code = "verification.missing";
  return ruling;
}

}  // namespace infinium::maestro
