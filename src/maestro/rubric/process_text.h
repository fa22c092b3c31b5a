#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The sentences of a rule and what ties their clauses together, for the readers of process rules.
namespace infinium::maestro {

/// A word of a sentence without the marks around it.
struct RuleToken {
  std::string text;  ///< lower case
  std::size_t start = 0;
  std::size_t end = 0;
  bool comma = false;  ///< a comma follows
};

[[nodiscard]] std::vector<RuleToken> rule_tokens(std::string_view sentence);

/// The sentences of a text, without a label such as "Policy:" at the front.
[[nodiscard]] std::vector<std::string_view> rule_sentences(std::string_view text);

/// How two clauses of a rule hang together.
enum class Link {
  before,      ///< A before B
  after,       ///< A after B
  unless,      ///< A unless B, A until B
  without,     ///< A without B
  only_if,     ///< A only if B, A only when B
  only_after,  ///< A only after B
  that_not,    ///< an A that is not B
};

/// Where a link stands among the tokens.
struct LinkAt {
  Link link = Link::before;
  std::size_t first = 0;  ///< its first token
  std::size_t next = 0;   ///< the first token after it
  bool nominal = false;   ///< German "vor der Änderung": a noun follows, and the clause goes on
};

/// The first link of the sentence; nothing if it has none, or one of time ("24 hours before").
[[nodiscard]] std::optional<LinkAt> find_link(std::span<const RuleToken> tokens);

/// A number in digits or a word: "3", "three", "sechs", "once".
[[nodiscard]] std::optional<double> number_of_word(std::string_view word);
/// "not", "never", "kein", "nunca", …
[[nodiscard]] bool is_negation(std::string_view word);
[[nodiscard]] bool has_negation(std::span<const RuleToken> tokens);
/// Whether it forbids: "do not", "never", "no order"; "the API does not check" only states.
[[nodiscard]] bool forbids(std::span<const RuleToken> tokens);
/// Whether the sentence tells how things are, or holds under a condition of its own ("If …", "will
/// be"), or is too long to be one rule.
[[nodiscard]] bool states_a_fact(std::span<const RuleToken> tokens);
/// "if possible", "ideally", "about": a rule that need not be kept to the letter.
[[nodiscard]] bool is_hedged(std::string_view text);

}  // namespace infinium::maestro
