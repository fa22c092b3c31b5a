#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/rubric/process_rule.h"
#include "maestro/rubric/process_text.h"

/// What one clause of a process rule says: who agrees, which state, how old, above which amount.
namespace infinium::maestro {

/// The words of a clause as one text; marks inside are kept.
[[nodiscard]] std::string_view clause(std::string_view sentence, std::span<const RuleToken> tokens);

/// Whether one of the words is among the tokens.
[[nodiscard]] bool holds_any(std::span<const RuleToken> tokens,
                             std::span<const std::string_view> words);

/// The words of the tokens without negations, wherever they stand in the sentence.
[[nodiscard]] std::string joined(std::string_view sentence, std::span<const RuleToken> tokens);

/// Whether the clause is that somebody agrees: "the customer has agreed", "the owner's approval",
/// "confirmation". An order that is approved is a state.
[[nodiscard]] bool is_consent_clause(const ActionPhrase& phrase, const std::string& actor);

/// A capitalised name that opens the clause or stands in it: "Inez checks and approves".
[[nodiscard]] std::string actor_of(std::string_view sentence, std::span<const RuleToken> tokens);

/// "its status is 'pending'", "its export is verified": the words that the state has to be.
[[nodiscard]] std::vector<std::string> state_words(std::string_view sentence,
                                                   std::span<const RuleToken> tokens);

/// "it", "they": the clause speaks of what is guarded.
[[nodiscard]] bool refers_back(std::span<const RuleToken> tokens);

/// "from the last six months", "nicht älter als 30 Tage": how old it may be, in days.
[[nodiscard]] std::optional<int> days_of_age(std::span<const RuleToken> tokens);

/// An amount above which alone the rule holds ("Above GBP 250 no order without …"); its words leave
/// the tokens.
[[nodiscard]] std::optional<Money> take_threshold(std::string_view sentence,
                                                  std::vector<RuleToken>& tokens);

/// Whether the clause ends in a state of a thing, nothing that an agent does: "has cleared".
[[nodiscard]] bool ends_in_state(std::span<const RuleToken> tokens);

}  // namespace infinium::maestro
