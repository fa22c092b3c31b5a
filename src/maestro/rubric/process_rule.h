#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "maestro/rubric/actions.h"
#include "maestro/rubric/check.h"
#include "maestro/text_values.h"

/// What a rule on how the agent works can mean. Phrases borrow the rule's text.
namespace infinium::maestro {

/// An amount of money that a rule bounds.
struct Money {
  Bound bound;
  Currency currency = Currency::any;
};

/// "Read the fare rules before changing the booking", "do not refund unless …": each part of
/// `needed` comes before the first `guarded`.
struct PrecedenceRule {
  ActionPhrase guarded;
  ActionPhrase needed;
  bool at_end = false;               ///< guarded is the answer itself
  std::optional<Money> only_above;   ///< holds for such amounts only
  std::optional<int> newest_days{};  ///< the newest date of what is needed is no older
};

/// "All tests of the final run pass".
struct OutcomeRule {
  ActionPhrase run;
};

/// "Look the booking up again after the change": a check after the last such change.
struct FollowUpRule {
  ActionPhrase trigger;
  ActionPhrase check;
};

/// "Wait for the customer's yes before booking".
struct ConsentRule {
  ActionPhrase guarded;
  ActionPhrase agreeing;
  std::string actor;                ///< "Inez", if a name says who agrees; folded
  bool at_end = false;              ///< the answer itself is guarded
  std::optional<Money> only_above;  ///< "above EUR 250"
};

/// "Only if its status is 'delivered'", "that is not approved": what an earlier result has to say
/// of the thing that is acted on.
struct StateRule {
  ActionPhrase guarded;
  ActionPhrase needed;
  std::vector<std::string> words;  ///< one of them, folded
};

/// "Revoke no certificate", "leave order 7 alone", "change nothing under legacy/".
struct ProhibitionRule {
  ActionPhrase action;
  std::vector<std::string> names;  ///< what must not be touched; empty: the action is forbidden
  bool others_only = false;        ///< "nothing but", "other than": all but the names
  std::string noun;                ///< "cluster", where others_only speaks of such
};

/// "At most 6 SQL queries", "drop three partitions at most", "charge the fee once only".
struct CountRule {
  ActionPhrase action;
  Bound bound;
  bool all_calls = false;
  bool attempts = true;  ///< failed calls count
};

/// "Never transfer more than 500 euros", "spend at most EUR 250 in total".
struct AmountRule {
  ActionPhrase action;
  Money money;
  bool percent = false;
  bool in_total = false;
};

/// "Do not mention the move to Dock Street unless the notes say that it is public".
struct MentionRule {
  std::vector<std::string> names;   ///< folded; none of them may stand in the output …
  std::vector<std::string> states;  ///< … unless a result says this of it
};

/// "Every drop carries the ticket CHG-1".
struct CarryRule {
  ActionPhrase action;
  std::string name;
};

/// "Cross-check the sum against a second query", "compared with an independent source".
struct SecondLookRule {
  ActionPhrase check;
};

using ProcessRule = std::variant<PrecedenceRule,
                                 OutcomeRule,
                                 SecondLookRule,
                                 FollowUpRule,
                                 ConsentRule,
                                 StateRule,
                                 ProhibitionRule,
                                 CountRule,
                                 AmountRule,
                                 MentionRule,
                                 CarryRule>;

/// How the rule was understood, in words.
[[nodiscard]] std::string read_as(const ProcessRule& rule);

/// Whether the rule says what has to come before or after what: then no check of the output alone
/// covers it.
[[nodiscard]] bool ties_steps(const ProcessRule& rule);

/// The rules that a text states; empty if it states none that is understood. A text with a hedge
/// ("if possible") states none. `whole`: nothing of the text is left that could bind.
struct ProcessRules {
  std::vector<ProcessRule> rules;
  bool whole = true;
};
[[nodiscard]] ProcessRules read_process_rules(std::string_view text);

}  // namespace infinium::maestro
