#include "maestro/rubric/evaluate_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/facts.h"
#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/language.h"
#include "maestro/rubric/plainly_said.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {

bool is_comparable(const ProcessCase& run, const ActionPhrase& phrase) {
  const std::string_view language = language_of(run.text);
  if (language == "en" || run.actions.speaks_language_of(run.text)) {
    return true;
  }
  const bool ascii = std::all_of(run.text.begin(), run.text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80u) == 0;
  });
  if (language.empty() && ascii) {
    return true;
  }
  const auto things = phrase.things();
  return !things.empty() && std::all_of(things.begin(), things.end(), [](const ActionWord* word) {
    return word->meaning.sense != 0;
  });
}

bool shows_failures(std::string_view text) {
  const auto words = find_words(text);
  constexpr auto kBad = std::to_array<std::string_view>(
      {"failed", "failure", "failures", "error", "errors", "failing", "fehlgeschlagen", "fehler"});
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string_view number = text.substr(words[i].start, words[i].end - words[i].start);
    const bool count = std::all_of(number.begin(), number.end(), is_digit) && number != "0";
    const std::string next =
        fold_case(text.substr(words[i + 1].start, words[i + 1].end - words[i + 1].start));
    if (count && number.front() != '0' && std::find(kBad.begin(), kBad.end(), next) != kBad.end()) {
      return true;
    }
  }
  return false;
}

namespace {

/// Messages that say what the phrase speaks of; the first one is enough for "explain".
std::vector<const StepView*> messages_about(const ProcessCase& run, const ActionPhrase& phrase) {
  static constexpr auto kOffers = std::to_array<std::string_view>({"offer",
                                                                   "offers",
                                                                   "offered",
                                                                   "offering",
                                                                   "quote",
                                                                   "promise",
                                                                   "promised",
                                                                   "anbieten",
                                                                   "angeboten",
                                                                   "ofrecer",
                                                                   "ofrecido",
                                                                   "提示",
                                                                   "案内"});
  const bool offers =
      std::any_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
        return std::find(std::begin(kOffers), std::end(kOffers), word.text) != std::end(kOffers);
      });
  std::vector<const StepView*> all;
  for (const StepView& step : run.view.steps()) {
    if (step.kind != StepKind::message || !step.output) {
      continue;
    }
    const auto words = action_words(prefix_of(run.view.field(*step.output).text, 4'000));
    const auto things = phrase.things();
    const bool about =
        things.empty() || std::any_of(things.begin(), things.end(), [&](const ActionWord* thing) {
          return std::any_of(words.begin(), words.end(), [&](const ActionWord& w) {
            return same_action_word(w, *thing);
          });
        });
    const auto values = run.view.values(*step.output);
    const bool dated =
        things.empty() || std::any_of(things.begin(), things.end(), [](const ActionWord* thing) {
          return is_amount(thing->meaning) || is_time_slot(thing->meaning);
        });
    const bool precise =
        offers && dated && std::any_of(values.begin(), values.end(), [](const ValueToken& value) {
          return value.kind == ValueKind::date || value.kind == ValueKind::time ||
                 value.kind == ValueKind::number;
        });
    if (about || precise) {
      all.push_back(&step);
    }
  }
  return all;
}

}  // namespace

Ruling no_such_step(const ActionPhrase& phrase) {
  return unclear(fmt::format("No step is known to be \u201C{}\u201D.", prefix_of(phrase.text, 60)),
                 "A person's reading of the steps.");
}

Guarded guarded_by(const ProcessCase& run, const ActionPhrase& phrase, bool at_end) {
  Guarded out;
  for (const StepFit& fit : run.actions.doing(phrase)) {
    out.steps.push_back(fit.step);
  }
  if (!out.steps.empty()) {
    return out;
  }
  if (phrase.speaks && !phrase.changes && !at_end) {
    out.steps = messages_about(run, phrase);
    out.is_end = out.steps.empty();
    return out;
  }
  out.is_end = at_end;
  if (at_end) {
    return out;
  }
  // Rule and tools of two languages: the only tool that changes anything is what is meant.
  const auto changes = run.actions.changes();
  const bool one =
      !changes.empty() && std::all_of(changes.begin(), changes.end(), [&](const StepView* step) {
        return step->tool == changes.front()->tool;
      });
  // A call of which nobody knows what it does may be the one that is meant.
  const bool known =
      std::none_of(run.view.steps().begin(), run.view.steps().end(), [&run](const StepView& step) {
        return step.kind == StepKind::tool && run.actions.deed(step) == Deed::none && !step.looks;
      });
  if (one && known && !is_comparable(run, phrase)) {
    out.steps = changes;
    out.sure = false;
  }
  return out;
}

Ruling nothing_done(const ProcessCase& run, const ActionPhrase& phrase) {
  if (run.view.steps().empty()) {
    return unclear("The trace reports no steps.", "A trace that reports the tool calls as steps.");
  }
  const auto changes = run.actions.changes();
  if (phrase.speaks) {
    return no_such_step(phrase);
  }
  const auto may_change = [&run](const StepView& step) {
    return step.kind == StepKind::tool && run.actions.deed(step) == Deed::none &&
           (step.changes_state || runs_anything(step.tool));
  };
  if (changes.empty() &&
      std::any_of(run.view.steps().begin(), run.view.steps().end(), may_change)) {
    return no_such_step(phrase);
  }
  if (changes.empty()) {
    return decided(true, "No call changed anything.", measure(run.view, Count::tool_calls));
  }
  // Only where every change is of another kind by name.
  const bool known = phrase.changes && is_comparable(run, phrase) &&
                     std::all_of(changes.begin(), changes.end(), [](const StepView* step) {
                       const auto name = action_words(step->tool);
                       return std::any_of(name.begin(), name.end(), [](const ActionWord& word) {
                         return word.meaning.deed == Deed::change;
                       });
                     });
  if (!known) {
    return no_such_step(phrase);
  }
  return decided(true,
                 fmt::format("No call is \u201C{}\u201D.", prefix_of(phrase.text, 60)),
                 measure(run.view, Count::tool_calls));
}

std::optional<CheckedEvidence> quote_rule(const ProcessCase& run) {
  for (const FieldId field : run.view.rubric()) {
    if (run.view.field(field).text == run.text) {
      return quote(run.view, {field, 0, prefix_of(run.text, 300).size()});
    }
  }
  return std::nullopt;
}

namespace {

/// The sentence of a field that first says that something was checked; of those that hold `name`,
/// where it is given.
std::optional<Span> claim_in(const TraceView& view, FieldId field, std::string_view name) {
  constexpr auto kClaims = std::to_array<std::string_view>(
      {"verified",    "checked",    "confirmed",   "looked",         "read back",   "cross-checked",
       "agree",       "agrees",     "compared",    "validated",      "approved",    "matches",
       "same figure", "tests pass", "passed",      "double-checked", "independent", "geprüft",
       "überprüft",   "bestätigt",  "abgeglichen", "stimmt überein", "verglichen",  "freigegeben",
       "comprobado",  "comprobada", "verificado",  "verificada",     "confirmado",  "coincide",
       "coinciden",   "vérifié",    "confirmé",    "確かめ",         "確認し",      "一致"});
  const std::string_view text = view.field(field).text;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t stop = std::min(text.find_first_of("\n.", from), text.size());
    const std::string_view sentence = text.substr(from, stop - from);
    const bool says = std::any_of(kClaims.begin(), kClaims.end(), [&](std::string_view word) {
      return find_folded(sentence, word).has_value();
    });
    if (says && (name.empty() || find_folded(sentence, name))) {
      const std::string_view shown = trim(sentence);
      const auto start = static_cast<std::size_t>(shown.data() - text.data());
      return Span{field, start, start + prefix_of(shown, 300).size()};
    }
    from = stop + 1;
  }
  return std::nullopt;
}

std::optional<Claim> find_claim(const TraceView& view,
                                std::optional<std::size_t> after,
                                std::string_view name) {
  for (const StepView& step : view.steps()) {
    if ((after && step.index <= *after) || step.kind == StepKind::tool ||
        step.kind == StepKind::user || !step.output) {
      continue;
    }
    if (const auto at = claim_in(view, *step.output, name)) {
      return Claim{*at, step.index};
    }
  }
  if (view.final_output()) {
    if (const auto at = claim_in(view, *view.final_output(), name)) {
      return Claim{*at, std::nullopt};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Claim> find_check_claim(const TraceView& view, std::size_t after) {
  return find_claim(view, after, {});
}

std::optional<Claim> find_claim_about(const TraceView& view, std::string_view name) {
  return find_claim(view, std::nullopt, name);
}

bool share_entity(const TraceView& view, const StepView& a, const StepView& b) {
  std::unordered_set<std::uint64_t> known;
  const auto telling = [](const ValueToken& value) {
    return value.kind == ValueKind::identifier ||
           (value.kind == ValueKind::number && value.number >= 1'000 && value.unit == Unit::none);
  };
  for (const std::optional<FieldId>& field : {a.input, a.output}) {
    for (const ValueToken& value : field ? view.values(*field) : std::span<const ValueToken>{}) {
      if (telling(value)) {
        known.insert(value.key);
      }
    }
  }
  for (const Argument& argument : a.arguments) {
    if (argument.value.size() >= 3 && argument.value.size() <= 60) {
      known.insert(value_key(argument.value));
    }
  }
  if (!b.input) {
    return false;
  }
  const auto values = view.values(*b.input);
  return std::any_of(values.begin(),
                     values.end(),
                     [&](const ValueToken& value) {
                       return telling(value) && known.contains(value.key);
                     }) ||
         std::any_of(b.arguments.begin(), b.arguments.end(), [&](const Argument& argument) {
           return argument.value.size() >= 3 && known.contains(value_key(argument.value));
         });
}

Ruling evaluate_process(const ProcessCase& run, const ProcessRule& rule) {
  struct Visitor {
    const ProcessCase& run;
    Ruling operator()(const PrecedenceRule& r) const { return evaluate_precedence(run, r); }
    Ruling operator()(const OutcomeRule& r) const { return evaluate_outcome(run, r); }
    Ruling operator()(const SecondLookRule& r) const { return evaluate_second_look(run, r); }
    Ruling operator()(const FollowUpRule& r) const { return evaluate_follow_up(run, r); }
    Ruling operator()(const ConsentRule& r) const { return evaluate_consent(run, r); }
    Ruling operator()(const StateRule& r) const { return evaluate_state(run, r); }
    Ruling operator()(const ProhibitionRule& r) const { return evaluate_prohibition(run, r); }
    Ruling operator()(const CountRule& r) const { return evaluate_count(run, r); }
    Ruling operator()(const AmountRule& r) const { return evaluate_amount(run, r); }
    Ruling operator()(const MentionRule& r) const { return evaluate_mention_unless(run, r); }
    Ruling operator()(const CarryRule& r) const { return evaluate_carry(run, r); }
  };
  if (run.view.steps().empty()) {
    return unclear("The trace reports no steps.", "A trace that reports the tool calls as steps.");
  }
  Ruling ruling = std::visit(Visitor{run}, rule);
  if (ruling.status == RubricStatus::unmet && !is_plainly_said(rule)) {
    return unclear("It seems broken, but a part of what it says was not understood.",
                   "A reviewer's reading.");
  }
  return ruling;
}

}  // namespace infinium::maestro
