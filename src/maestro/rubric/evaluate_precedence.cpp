#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/evaluate_process.h"
#include "maestro/rubric/precedence_words.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

namespace infinium::maestro {
namespace {

/// Days from one yyyymmdd to another; months of 30.44 days are near enough for ages.
int days_between(double from, double to) {
  const auto days = [](double yyyymmdd) {
    const int date = static_cast<int>(yyyymmdd);
    const int year = date / 10'000;
    const int month = date / 100 % 100;
    return year * 365.25 + month * 30.44 + date % 100;
  };
  return static_cast<int>(days(to) - days(from));
}

/// What was found of one needed part.
struct Found {
  const StepView* before = nullptr;  ///< the last good one before the guarded step
  const StepView* failed = nullptr;  ///< tried before it, in vain
  const StepView* after = nullptr;
  bool perhaps = false;  ///< a call before it that may be it
};

/// Whether a part is no other deed than the guarded one: then it cannot be told from it.
bool is_same_deed(const ActionPhrase& part, const ActionPhrase& guarded) {
  const auto things = part.things();
  return !things.empty() && std::all_of(things.begin(), things.end(), [&](const ActionWord* thing) {
    return thing->meaning.sense != 0 &&
           std::any_of(guarded.words.begin(), guarded.words.end(), [&](const ActionWord& word) {
             return word.meaning.sense == thing->meaning.sense;
           });
  });
}

class Precedence {
 public:
  Precedence(const ProcessCase& run, const PrecedenceRule& rule, const Guarded& guarded)
      : run_(run), rule_(rule), guarded_(guarded) {}

  Ruling judge() {
    std::vector<ActionPhrase> parts = parts_of(rule_.needed);
    std::erase_if(parts, [this](const ActionPhrase& part) {
      return part.names.empty() && is_same_deed(part, rule_.guarded);
    });
    if (parts.empty()) {
      return no_such_step(rule_.needed);
    }
    std::vector<Found> all;
    for (const StepView* step : steps_to_judge()) {
      const std::size_t place = step != nullptr ? step->index : run_.view.steps().size();
      all.clear();
      for (const ActionPhrase& part : parts) {
        all.push_back(look_for(part, place));
      }
      Ruling ruling = rule_on(step, place, all, parts);
      if (ruling.status != RubricStatus::met) {
        return ruling;
      }
      met_ = met_ ? met_ : std::optional(std::move(ruling));
    }
    return met_ ? std::move(*met_) : no_such_step(rule_.guarded);
  }

 private:
  std::vector<const StepView*> steps_to_judge() const {
    if (guarded_.steps.empty()) {
      return {nullptr};
    }
    const bool each = wants_success(rule_.needed.text);
    return each ? guarded_.steps : std::vector{guarded_.steps.front()};
  }

  bool is_guarded(const StepView& step) const {
    return std::any_of(guarded_.steps.begin(), guarded_.steps.end(), [&](const StepView* each) {
      return each->index == step.index || (!each->tool.empty() && each->tool == step.tool &&
                                           run_.actions.deed(*each) == Deed::change);
    });
  }

  Found look_for(const ActionPhrase& part, std::size_t place) const {
    Found found;
    for (const StepFit& fit : run_.actions.fitting(part)) {
      const StepView& step = *fit.step;
      if (is_guarded(step)) {
        continue;
      }
      const Deed deed = run_.actions.deed(step);
      // What is to be looked at is not looked at by changing it.
      const bool other_deed =
          (rule_.needed.observes && !part.changes && deed == Deed::change) ||
          (part.names_deed() && !fit.verb &&
           !wants_grant(rule_.needed.text));  // a snapshot of a database is no look at it
      if (other_deed || !fit.strong) {
        found.perhaps = found.perhaps || (step.index < place && !other_deed);
      } else if (step.index > place) {
        found.after = found.after == nullptr && !step.failed ? &step : found.after;
      } else if (step.index < place) {
        const bool bad = step.failed || !is_good(step);
        found.failed = bad ? &step : nullptr;
        found.before = bad ? nullptr : &step;
      }
    }
    return found;
  }

  /// Whether the answer is what the rule wants of it: no failures, not too old, something granted.
  bool is_good(const StepView& step) const {
    if (!step.output) {
      return true;
    }
    if (wants_everything(rule_.needed.text) && runs_a_part(step)) {
      return false;
    }
    if (wants_success(rule_.needed.text) && shows_failures(run_.view.field(*step.output).text)) {
      return false;
    }
    return !is_too_old(step) && !grants_nothing(step);
  }

  /// "The entire suite": a run of one file or of one test is none.
  bool runs_a_part(const StepView& step) const {
    return std::any_of(step.arguments.begin(), step.arguments.end(), [](const Argument& argument) {
      const std::string value = fold_case(argument.value);
      constexpr auto kFiles = std::to_array<std::string_view>(
          {".py", ".ts", ".tsx", ".js", ".jsx", ".go", ".rs", ".java", ".rb", ".cpp", ".cs"});
      const bool file = std::any_of(kFiles.begin(), kFiles.end(), [&](std::string_view end) {
        return value.ends_with(end) || value.find(std::string(end) + " ") != std::string::npos;
      });
      return file || value.find("::") != std::string::npos ||
             value.find(" -k ") != std::string::npos || value.find("--grep") != std::string::npos;
    });
  }

  bool is_too_old(const StepView& step) const {
    if (!rule_.newest_days) {
      return false;
    }
    std::size_t length = 0;
    bool ambiguous = false;
    const double today = read_date(run_.view.trace().current_datetime, length, ambiguous);
    double newest = 0;
    for (const ValueToken& value : run_.view.values(*step.output)) {
      const bool date = value.kind == ValueKind::date && value.number > 1e7;
      newest = date && value.number <= today ? std::max(newest, value.number) : newest;
    }
    return newest > 0 && today > 1e7 && days_between(newest, today) > *rule_.newest_days;
  }

  /// "Unless the system grants one": its answer says 0 or no of what is guarded.
  bool grants_nothing(const StepView& step) const {
    if (!wants_grant(rule_.needed.text)) {
      return false;
    }
    const auto things = rule_.guarded.things();
    const auto& cells = run_.view.records(*step.output).cells;
    return std::any_of(cells.begin(), cells.end(), [&](const Cell& cell) {
      const auto key = action_words(cell.key);
      const bool about = std::any_of(things.begin(), things.end(), [&](const ActionWord* thing) {
        return std::any_of(key.begin(), key.end(), [&](const ActionWord& word) {
          return same_action_word(word, *thing);
        });
      });
      const std::string value = fold_case(trim(cell.value));
      return about && ((cell.is_number && cell.number == 0) || value == "false" || value == "no" ||
                       value == "none" || value == "null" || value == "nein");
    });
  }

  Ruling rule_on(const StepView* guarded,
                 std::size_t place,
                 const std::vector<Found>& all,
                 const std::vector<ActionPhrase>& parts) const {
    const Found* late = nullptr;
    const Found* failed = nullptr;
    const Found* good = nullptr;
    bool perhaps = false;
    for (const Found& found : all) {
      good = good == nullptr && found.before != nullptr ? &found : good;
      const bool missed = found.before == nullptr;
      failed = missed && found.failed != nullptr && failed == nullptr ? &found : failed;
      late = missed && found.failed == nullptr && found.after != nullptr && late == nullptr ? &found
                                                                                            : late;
      perhaps = perhaps || found.perhaps;
    }
    if (failed != nullptr) {
      return failed_before(guarded, *failed->failed);
    }
    if (late != nullptr && guarded != nullptr) {
      return came_late(*guarded, *late->after);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      // Of several things one was never looked at, and nothing so much as speaks of it.
      const bool never = all[i].before == nullptr && !all[i].perhaps && good != nullptr;
      if (never && guarded != nullptr && is_unheard_of(parts[i], place)) {
        return missing(guarded, place, false, {parts[i]});
      }
    }
    if (good != nullptr) {
      return kept(guarded, *good->before);
    }
    perhaps = perhaps || is_told_by_results(parts.front(), place);
    return missing(guarded, place, perhaps, parts);
  }

  Ruling kept(const StepView* guarded, const StepView& needed) const {
    const std::string what = guarded != nullptr
                                 ? fmt::format("`{}` (step {})", guarded->tool, guarded->number)
                                 : std::string("the answer");
    Ruling ruling =
        decided(true,
                fmt::format("`{}` (step {}) came before {}.", needed.tool, needed.number, what),
                quote_step(run_.view, needed));
    if (guarded != nullptr) {
      ruling.add(quote_step(run_.view, *guarded));
    }
    // That it was called rests on its name, which is no text to be quoted.
    ruling.add(measure(run_.view, Count::calls_of_tool, needed.tool));
    return ruling;
  }

  Ruling came_late(const StepView& guarded, const StepView& late) const {
    Ruling ruling = decided(false,
                            fmt::format("`{}` was called in step {}, `{}` only afterwards in step "
                                        "{}.",
                                        guarded.tool.empty() ? "message" : guarded.tool,
                                        guarded.number,
                                        late.tool,
                                        late.number),
                            quote_step(run_.view, guarded));
    ruling.add(quote_step(run_.view, late));
    ruling.add(quote_rule(run_));
    ruling.steps = {guarded.index, late.index};
    ruling.code = "order.violated";
    return ruling;
  }

  Ruling failed_before(const StepView* guarded, const StepView& failed) const {
    const bool told = !failed.failed && failed.output && !is_good(failed);
    if (!told || guarded == nullptr) {
      return unclear(fmt::format("Step {} tried it but failed.", failed.number),
                     "Whether a failed attempt counts.");
    }
    Ruling ruling = decided(false,
                            fmt::format("`{}` was called in step {} although the last result "
                                        "before it, in step {}, does not allow it.",
                                        guarded->tool,
                                        guarded->number,
                                        failed.number),
                            quote_step(run_.view, *guarded));
    if (failed.output) {
      const std::string_view text = run_.view.field(*failed.output).text;
      const std::size_t tail = text.size() > 200 ? text.size() - 200 : 0;
      ruling.add(quote(run_.view, {*failed.output, tail, text.size()}));
    }
    ruling.add(quote_rule(run_));
    ruling.steps = {guarded->index, failed.index};
    ruling.code = wants_success(rule_.needed.text) ? "verification.missing" : "policy.breached";
    return ruling;
  }

  /// Whether the agent spoke of it before, so that it may have been done without a call.
  bool spoken_of(const ActionPhrase& part, std::size_t place) const {
    for (const StepView& step :
         run_.view.steps().first(std::min(place, run_.view.steps().size()))) {
      if (step.kind == StepKind::tool || step.kind == StepKind::user || !step.output) {
        continue;
      }
      const auto said = action_words(prefix_of(run_.view.field(*step.output).text, 4'000));
      for (const ActionWord* thing : part.things()) {
        if (std::any_of(said.begin(), said.end(), [thing](const ActionWord& word) {
              return same_action_word(word, *thing);
            })) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a field speaks of a thing, by its words or the spelling of its stem.
  bool speaks_of(FieldId field, const ActionWord& thing) const {
    const std::string_view text = prefix_of(run_.view.field(field).text, 20'000);
    constexpr std::size_t kStemMax = 6;
    const std::string_view stem = prefix_of(thing.text, kStemMax);
    if (fold_case(text).find(stem) != std::string::npos) {
      return true;
    }
    const auto said = action_words(text);
    return std::any_of(said.begin(), said.end(), [&thing](const ActionWord& word) {
      return same_action_word(word, thing);
    });
  }

  /// Whether earlier answers hold all that is needed, under whatever tool's name.
  bool is_told_by_results(const ActionPhrase& part, std::size_t place) const {
    const auto things = part.things();
    return std::all_of(things.begin(), things.end(), [&](const ActionWord* thing) {
      const auto steps = run_.view.steps().first(std::min(place, run_.view.steps().size()));
      return std::any_of(steps.begin(), steps.end(), [&](const StepView& step) {
        return step.kind == StepKind::tool && step.output && !step.failed &&
               speaks_of(*step.output, *thing);
      });
    });
  }

  /// Whether nothing that the agent said, was told or asked for speaks of any of its things.
  bool is_unheard_of(const ActionPhrase& part, std::size_t place) const {
    if (!is_comparable(run_, part) || !part.names.empty()) {
      return false;
    }
    for (const StepView& step :
         run_.view.steps().first(std::min(place, run_.view.steps().size()))) {
      for (const std::optional<FieldId>& field : {step.input, step.output}) {
        for (const ActionWord* thing : part.things()) {
          if (field && speaks_of(*field, *thing)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  bool claims(const ActionPhrase& part, std::size_t place) const {
    const auto claim = find_check_claim(run_.view, place);
    if (!claim) {
      return false;
    }
    const auto said = action_words(run_.view.text(claim->at));
    const auto things = part.things();
    return std::any_of(things.begin(), things.end(), [&said](const ActionWord* thing) {
      return std::any_of(said.begin(), said.end(), [thing](const ActionWord& word) {
        return same_action_word(word, *thing);
      });
    });
  }

  Ruling missing(const StepView* guarded,
                 std::size_t place,
                 bool perhaps,
                 const std::vector<ActionPhrase>& parts) const {
    const ActionPhrase& part = parts.front();
    const bool named = std::any_of(parts.begin(), parts.end(), [&](const ActionPhrase& each) {
      return is_comparable(run_, each);
    });
    if (is_mere_check(rule_.needed) && !is_kept_by_a_system(part) &&
        !claims(part, guarded != nullptr ? guarded->index : 0)) {
      return unclear("No call is known to be that check; it may have been made without one.",
                     "A person's reading of the steps.");
    }
    const bool deed = rule_.needed.observes || rule_.needed.changes || !rule_.needed.names.empty();
    if (perhaps || !named || !deed || is_vague(part) || !guarded_.sure ||
        (rule_.at_end && part.speaks)) {
      return unclear("No call is known by its name to be what the rule asks for.",
                     "A person's reading of the steps.");
    }
    const std::size_t from = guarded != nullptr ? guarded->index : 0;
    if (spoken_of(part, place) && !claims(part, from)) {
      return unclear("The agent speaks of it, but no call does it.",
                     "A person's reading of the messages.");
    }
    const auto claim = find_check_claim(run_.view, from);
    if (guarded == nullptr) {
      return not_at_all(part, claim);
    }
    Ruling ruling = decided(false,
                            fmt::format("`{}` was called in step {}, and no call before it is {}.",
                                        guarded->tool.empty() ? "message" : guarded->tool,
                                        guarded->number,
                                        quoted_phrase(part)),
                            quote_step(run_.view, *guarded));
    ruling.add(nowhere(part, place));
    ruling.add(quote_rule(run_));
    ruling.steps.push_back(guarded->index);
    ruling.code = "verification.missing";
    return ruling;
  }

  Ruling not_at_all(const ActionPhrase& part, const std::optional<Claim>& claim) const {
    auto proof = claim ? quote(run_.view, claim->at) : nowhere(part, run_.view.steps().size());
    proof = proof ? proof : measure(run_.view, Count::tool_calls);
    Ruling ruling = decided(
        false, fmt::format("No call of the run is {}.", quoted_phrase(part)), std::move(proof));
    ruling.add(quote_rule(run_));
    if (claim && claim->step) {
      ruling.steps.push_back(*claim->step);
    }
    ruling.code = "verification.missing";
    return ruling;
  }

  static std::string quoted_phrase(const ActionPhrase& part) {
    return fmt::format("\u201C{}\u201D", prefix_of(part.text, 60));
  }

  std::optional<CheckedEvidence> nowhere(const ActionPhrase& part, std::size_t place) const {
    std::vector<FieldId> searched;
    for (const StepView& step :
         run_.view.steps().first(std::min(place, run_.view.steps().size()))) {
      if (step.kind == StepKind::tool && step.input) {
        searched.push_back(*step.input);
      }
    }
    for (const ActionWord* thing : part.things()) {
      if (auto evidence = absence(run_.view, thing->text, searched)) {
        return evidence;
      }
    }
    return std::nullopt;
  }

  const ProcessCase& run_;
  const PrecedenceRule& rule_;
  const Guarded& guarded_;
  std::optional<Ruling> met_;
};

/// Whether the final output says one of the things that the phrase speaks of saying.
bool says_any(const TraceView& view, const ActionPhrase& phrase) {
  const auto things = phrase.things();
  if (things.empty() || !view.final_output()) {
    return view.final_output().has_value();
  }
  const std::string_view text = view.field(*view.final_output()).text;
  return std::any_of(things.begin(), things.end(), [text](const ActionWord* thing) {
    return fold_case(text).find(thing->text) != std::string::npos;
  });
}

}  // namespace

Ruling evaluate_precedence(const ProcessCase& run, const PrecedenceRule& rule) {
  const Guarded guarded = guarded_by(run, rule.guarded, rule.at_end);
  if (guarded.empty()) {
    return nothing_done(run, rule.guarded);
  }
  if (guarded.is_end && rule.guarded.speaks && !says_any(run.view, rule.guarded)) {
    return no_such_step(rule.guarded);
  }
  if (rule.only_above) {
    return unclear("It holds for some amounts only.", "A person's reading of the amounts.");
  }
  return Precedence(run, rule, guarded).judge();
}

}  // namespace infinium::maestro
