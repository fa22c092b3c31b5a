#include <fmt/format.h>

#include "maestro/rubric/process_rule.h"

namespace infinium::maestro {
namespace {

std::string phrase_of(const ActionPhrase& phrase) {
  return fmt::format("\u201C{}\u201D", phrase.text);
}

struct Reading {
  std::string operator()(const PrecedenceRule& r) const {
    return fmt::format(
        "{} comes before {}", phrase_of(r.needed), r.at_end ? "the answer" : phrase_of(r.guarded));
  }
  std::string operator()(const OutcomeRule& r) const {
    return fmt::format("the last result of {} shows no failure", phrase_of(r.run));
  }
  std::string operator()(const SecondLookRule& r) const {
    return fmt::format("{}: figures from two different look-ups", phrase_of(r.check));
  }
  std::string operator()(const FollowUpRule& r) const {
    return fmt::format("{} comes after {}", phrase_of(r.check), phrase_of(r.trigger));
  }
  std::string operator()(const ConsentRule& r) const {
    return fmt::format(
        "{} before {}", phrase_of(r.agreeing), r.at_end ? "the answer" : phrase_of(r.guarded));
  }
  std::string operator()(const StateRule& r) const {
    return fmt::format("before {} an earlier result says \"{}\"",
                       phrase_of(r.guarded),
                       fmt::join(r.words, "\" or \""));
  }
  std::string operator()(const ProhibitionRule& r) const {
    if (r.others_only) {
      return r.names.empty()
                 ? fmt::format("no change of another {}", r.noun)
                 : fmt::format("{}: only {}", phrase_of(r.action), fmt::join(r.names, ", "));
    }
    return r.names.empty() ? fmt::format("never {}", phrase_of(r.action))
                           : fmt::format("no change of {}", fmt::join(r.names, " or "));
  }
  std::string operator()(const CountRule& r) const {
    return r.all_calls
               ? describe(r.bound) + " tool calls"
               : fmt::format("{} calls that are {}", describe(r.bound), phrase_of(r.action));
  }
  std::string operator()(const AmountRule& r) const {
    return fmt::format("{}{}{}",
                       describe(r.money.bound),
                       r.percent ? " %" : " of money",
                       r.in_total ? " in all such calls" : " in each such call");
  }
  std::string operator()(const MentionRule& r) const {
    return fmt::format("no mention of {} unless a result says \"{}\" of it",
                       fmt::join(r.names, " or "),
                       fmt::join(r.states, "\" or \""));
  }
  std::string operator()(const CarryRule& r) const {
    return fmt::format("every {} names {}", phrase_of(r.action), r.name);
  }
};

}  // namespace

bool ties_steps(const ProcessRule& rule) {
  return std::holds_alternative<PrecedenceRule>(rule) ||
         std::holds_alternative<FollowUpRule>(rule) || std::holds_alternative<ConsentRule>(rule) ||
         std::holds_alternative<StateRule>(rule) || std::holds_alternative<SecondLookRule>(rule);
}

std::string read_as(const ProcessRule& rule) { return std::visit(Reading{}, rule); }

}  // namespace infinium::maestro
