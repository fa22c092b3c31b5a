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

std::string times(std::size_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}

/// Calls that a count is about: by the verb where it has one, else by the things it names.
std::vector<const StepView*> counted_calls(const ProcessCase& run, const CountRule& rule) {
  std::vector<const StepView*> calls;
  if (rule.all_calls) {
    for (const StepView& step : run.view.steps()) {
      if (step.kind == StepKind::tool) {
        calls.push_back(&step);
      }
    }
    return calls;
  }
  auto fits = rule.action.changes || rule.action.any_change ? run.actions.doing(rule.action)
                                                            : run.actions.fitting(rule.action);
  if (fits.empty() && rule.action.changes) {
    // "Charge the fee once": the call that carries a fee.
    for (const StepFit& fit : run.actions.fitting(rule.action)) {
      if (run.actions.deed(*fit.step) == Deed::change) {
        fits.push_back(fit);
      }
    }
  }
  if (fits.empty() && !rule.action.changes) {
    for (const StepView& step : run.view.steps()) {
      if (step.kind == StepKind::tool && shares_look(step, rule.action)) {
        fits.push_back({.step = &step, .score = 1, .strong = true});
      }
    }
  }
  for (const StepFit& fit : fits) {
    if (rule.attempts || !fit.step->failed) {
      calls.push_back(fit.step);
    }
  }
  return calls;
}

bool is_amount_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"amount", "total",   "price",  "cost",    "fee",   "sum",    "value",   "charge",
       "budget", "due",     "betrag", "summe",   "preis", "gesamt", "importe", "precio",
       "coste",  "montant", "prix",   "eur",     "usd",   "gbp",    "chf",     "jpy",
       "yen",    "cents",   "pence",  "dollars", "euros"});
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kKeys.begin(), kKeys.end(), word) != kKeys.end();
  });
}

/// How much a key says for being the whole sum of it.
int rank_of_key(std::string_view key) {
  const std::vector<std::string> words = name_words(key);
  const auto has = [&words](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return has("total") || has("gesamt") || has("due") ? 3 : has("amount") || has("betrag") ? 2 : 1;
}

double scaled(std::string_view key, double value) {
  const Unit unit = unit_of_name(key);
  const auto words = name_words(key);
  const bool pence = std::find(words.begin(), words.end(), "pence") != words.end();
  constexpr double kMinorInMajor = 100;
  return unit == Unit::money_minor || pence ? value / kMinorInMajor : value;
}

Currency currency_in(const Records& records, std::uint32_t record, std::string_view key) {
  if (const Currency named = currency_of_name(key); named != Currency::any) {
    return named;
  }
  for (const Cell& cell : records.cells) {
    if (cell.record == record && (cell.key == "currency" || cell.key == "waehrung" ||
                                  cell.key == "währung" || cell.key == "moneda")) {
      return currency_of_word(cell.value);
    }
  }
  return Currency::any;
}

std::optional<ActedAmount> amount_in(const TraceView& view,
                                     const std::optional<FieldId>& field,
                                     const std::unordered_set<std::uint32_t>* records_only) {
  if (!field) {
    return std::nullopt;
  }
  const Records& records = view.records(*field);
  std::optional<ActedAmount> best;
  int best_rank = 0;
  for (const Cell& cell : records.cells) {
    const bool meant = records_only == nullptr || records_only->contains(cell.record);
    if (!meant || !cell.is_number || !is_amount_key(cell.key)) {
      continue;
    }
    const int rank = rank_of_key(cell.key);
    if (rank > best_rank) {
      best_rank = rank;
      best = ActedAmount{scaled(cell.key, cell.number),
                         currency_in(records, cell.record, cell.key),
                         {*field, cell.start, cell.end}};
    }
  }
  return best;
}

bool comparable(Currency a, Currency b) {
  return a == b || a == Currency::any || b == Currency::any;
}

/// Whether the amount that is bounded is that of the call: "distress up to £100" bounds a part of
/// what is paid, unless the call speaks of distress alone.
bool bounds_the_call(const ProcessCase& run, const AmountRule& rule, const StepView& step) {
  if (rule.action.changes || rule.percent) {
    return true;
  }
  const auto things = rule.action.things();
  const bool names_more = std::any_of(things.begin(), things.end(), [](const ActionWord* thing) {
    return !is_amount_key(thing->text) && unit_of_word(thing->text) != Unit::money;
  });
  if (!names_more) {
    return true;
  }
  const auto fits = run.actions.fitting(rule.action);
  return std::any_of(fits.begin(), fits.end(), [&step](const StepFit& fit) {
    return fit.step == &step && fit.strong;
  });
}

/// Calls on which money is spent, where the rule names no other deed.
std::vector<const StepView*> spending_calls(const ProcessCase& run, const AmountRule& rule) {
  std::vector<const StepView*> calls;
  const auto add = [&calls](const std::vector<StepFit>& fits) {
    for (const StepFit& fit : fits) {
      calls.push_back(fit.step);
    }
  };
  if (rule.percent) {
    calls = run.actions.changes();
  } else if (rule.action.changes) {
    add(run.actions.doing(rule.action));
  }
  if (calls.empty()) {
    for (const char* deed : {"order", "pay", "book", "charge"}) {
      add(run.actions.doing(read_phrase(deed)));
    }
  }
  std::sort(calls.begin(), calls.end(), [](const StepView* a, const StepView* b) {
    return a->index < b->index;
  });
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  std::erase_if(calls, [](const StepView* step) { return step->failed; });
  return calls;
}

/// A percentage among the arguments: `discount_pct: 10`.
std::optional<ActedAmount> percent_of(const ProcessCase& run,
                                      const StepView& step,
                                      const ActionPhrase& phrase) {
  if (!step.input) {
    return std::nullopt;
  }
  for (const Cell& cell : run.view.records(*step.input).cells) {
    if (!cell.is_number || unit_of_name(cell.key) != Unit::percent) {
      continue;
    }
    const auto key = action_words(cell.key);
    const auto things = phrase.things();
    const bool meant = std::any_of(things.begin(), things.end(), [&](const ActionWord* thing) {
      return std::any_of(key.begin(), key.end(), [&](const ActionWord& word) {
        return same_action_word(word, *thing);
      });
    });
    if (meant) {
      return ActedAmount{cell.number, Currency::any, {*step.input, cell.start, cell.end}};
    }
  }
  return std::nullopt;
}

/// No call shows an amount, but the output states some, and all of them are in the bound.
std::optional<Ruling> stated_amounts(const ProcessCase& run, const AmountRule& rule) {
  if (!run.view.final_output() || rule.money.currency == Currency::any) {
    return std::nullopt;
  }
  const FieldId output = *run.view.final_output();
  const ValueToken* first = nullptr;
  for (const ValueToken& value : run.view.values(output)) {
    if (value.kind != ValueKind::number || value.currency != rule.money.currency) {
      continue;
    }
    if (!rule.money.bound.holds(value.number)) {
      return std::nullopt;
    }
    first = first == nullptr ? &value : first;
  }
  if (first == nullptr) {
    return std::nullopt;
  }
  return decided(true,
                 fmt::format("Every amount that is stated is {}.", describe(rule.money.bound)),
                 quote_value(run.view, output, *first));
}

Ruling over_the_bound(const ProcessCase& run,
                      const AmountRule& rule,
                      const StepView& step,
                      const ActedAmount& amount,
                      double value) {
  Ruling ruling = decided(false,
                          fmt::format("`{}` (step {}) brings it to {}; the rule is {}.",
                                      step.tool,
                                      step.number,
                                      plain_number(value),
                                      describe(rule.money.bound)),
                          quote(run.view, amount.at));
  ruling.add(quote_step(run.view, step));
  ruling.add(quote_rule(run));
  ruling.steps.push_back(step.index);
  ruling.code = "policy.breached";
  return ruling;
}

}  // namespace

std::optional<ActedAmount> amount_of(const TraceView& view, const StepView& step) {
  if (auto given = amount_in(view, step.input, nullptr)) {
    return given;
  }
  if (auto answered = amount_in(view, step.failed ? std::nullopt : step.output, nullptr)) {
    return answered;
  }
  // Of the last record before it that one of its arguments names: the quote, the invoice.
  for (std::size_t back = step.index; back-- > 0;) {
    const StepView& earlier = view.steps()[back];
    if (earlier.kind != StepKind::tool || earlier.failed || !earlier.output) {
      continue;
    }
    std::unordered_set<std::uint32_t> named;
    for (const Cell& cell : view.records(*earlier.output).cells) {
      const bool same =
          std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
            constexpr std::size_t kIdMin = 4;
            return argument.value.size() >= kIdMin && argument.value == cell.value &&
                   std::any_of(cell.value.begin(), cell.value.end(), is_digit);
          });
      if (same) {
        named.insert(cell.record);
      }
    }
    if (auto amount = amount_in(view, earlier.output, &named); amount && !named.empty()) {
      return amount;
    }
  }
  return std::nullopt;
}

Ruling evaluate_count(const ProcessCase& run, const CountRule& rule) {
  const auto calls = counted_calls(run, rule);
  if (calls.empty() && !rule.all_calls) {
    return rule.bound.least ? no_such_step(rule.action) : nothing_done(run, rule.action);
  }
  const bool met = rule.bound.holds(static_cast<double>(calls.size()));
  const auto limit = rule.bound.most ? rule.bound.most : rule.bound.least;
  const bool one_tool =
      !calls.empty() && std::all_of(calls.begin(), calls.end(), [&](const StepView* step) {
        return step->tool == calls.front()->tool;
      });
  auto proof = rule.all_calls ? measure(run.view, Count::tool_calls, {}, limit)
               : one_tool     ? measure(run.view, Count::calls_of_tool, calls.front()->tool, limit)
                              : quote_step(run.view, *calls.back());
  Ruling ruling =
      decided(met,
              fmt::format("{} {}; the rule is {}.",
                          one_tool && !rule.all_calls ? "`" + calls.front()->tool + "` was called"
                                                      : std::string("Such calls were made"),
                          times(calls.size()),
                          describe(rule.bound)),
              std::move(proof));
  if (met || !rule.bound.most || static_cast<double>(calls.size()) <= *rule.bound.most) {
    return ruling;
  }
  const auto first_over = std::min(static_cast<std::size_t>(*rule.bound.most), calls.size() - 1);
  ruling.add(quote_step(run.view, *calls[first_over]));
  ruling.add(quote_rule(run));
  ruling.steps.push_back(calls[first_over]->index);
  return ruling;
}

Ruling evaluate_amount(const ProcessCase& run, const AmountRule& rule) {
  double total = 0;
  std::optional<Ruling> met;
  bool unknown = false;
  for (const StepView* step : spending_calls(run, rule)) {
    const auto amount =
        rule.percent ? percent_of(run, *step, rule.action) : amount_of(run.view, *step);
    if (!amount && rule.percent) {
      continue;  // a call without such a percentage
    }
    if (!amount || !comparable(amount->currency, rule.money.currency)) {
      unknown = true;
      continue;
    }
    total = rule.in_total ? total + amount->value : amount->value;
    if (!bounds_the_call(run, rule, *step)) {
      unknown = true;
      continue;
    }
    if (!rule.money.bound.holds(total)) {
      return over_the_bound(run, rule, *step, *amount, total);
    }
    Ruling ruling = decided(true,
                            fmt::format("`{}` (step {}) acts on {}; the rule is {}.",
                                        step->tool,
                                        step->number,
                                        plain_number(total),
                                        describe(rule.money.bound)),
                            quote(run.view, amount->at));
    ruling.add(quote_step(run.view, *step));
    met = std::move(ruling);
  }
  if (!met && !rule.in_total && !rule.percent) {
    met = stated_amounts(run, rule);
    unknown = false;
  }
  if (!met || unknown) {
    return unclear("No call shows the amount that the rule speaks of.",
                   "The amount of each such call, in the rule's currency.");
  }
  return std::move(*met);
}

Ruling evaluate_carry(const ProcessCase& run, const CarryRule& rule) {
  const auto fits = run.actions.doing(rule.action);
  if (fits.empty()) {
    return no_such_step(rule.action);
  }
  for (const StepFit& fit : fits) {
    const StepView& step = *fit.step;
    if (step_names(run.view, step, rule.name)) {
      continue;
    }
    if (!step.input || run.view.field(*step.input).cut) {
      return unclear(fmt::format("What step {} was given is not reported in full.", step.number),
                     "The full arguments of that call.");
    }
    Ruling ruling = decided(
        false,
        fmt::format("`{}` was called in step {} without {}.", step.tool, step.number, rule.name),
        quote_step(run.view, step));
    const FieldId searched[] = {*step.input};
    ruling.add(absence(run.view, rule.name, searched));
    ruling.add(quote_rule(run));
    ruling.steps.push_back(step.index);
    ruling.code = "policy.breached";
    return ruling;
  }
  Ruling ruling = decided(true,
                          fmt::format("Every such call names {}.", rule.name),
                          quote_step(run.view, *fits.front().step));
  ruling.add(quote_step(run.view, *fits.back().step));
  return ruling;
}

}  // namespace infinium::maestro
