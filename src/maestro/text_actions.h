#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What people and tools call the things that agents do: one meaning for "refund", "reimburse" and
/// "erstatten", so that a rule can be held against the names of the calls.
namespace infinium::maestro {

/// What doing it means for the world.
enum class Deed : std::uint8_t {
  none,     ///< a thing, not a deed
  observe,  ///< reads, looks up, checks, computes: leaves all as it is
  change,   ///< writes, sends, books, pays: leaves a trace outside
  ask,      ///< asks somebody
  speak,    ///< says something to a reader
  wait,
};

/// The meaning of a word; 0 for a word that is not in the vocabulary.
struct Meaning {
  std::uint16_t sense = 0;
  Deed deed = Deed::none;
  bool operator==(const Meaning&) const = default;
};

/// Words by which a rule speaks of any change at all ("anything", "action", "update").
[[nodiscard]] bool is_any_change(const Meaning& meaning);
/// "anything", "action": no matter what is changed.
[[nodiscard]] bool is_whatever(const Meaning& meaning);
/// A deed whose word is as often a thing: order, payment, claim.
[[nodiscard]] bool is_also_a_thing(const Meaning& meaning);
/// Creating, changing, deleting, sending whatever is named.
[[nodiscard]] bool is_handling(const Meaning& meaning);
/// "yes", "consent", "approval".
[[nodiscard]] bool is_consent(const Meaning& meaning);
/// "customer", "user", "owner": whoever can agree.
[[nodiscard]] bool is_person(const Meaning& meaning);
/// "answer", "summary", "report": what is handed over in the end.
[[nodiscard]] bool is_result(const Meaning& meaning);
/// "read", "check", "find": looking, without a word on what.
[[nodiscard]] bool is_look(const Meaning& meaning);
/// "policy", "status", "balance": information that a system keeps.
[[nodiscard]] bool is_looked_up(const Meaning& meaning);
/// "slot", "appointment", "availability".
[[nodiscard]] bool is_time_slot(const Meaning& meaning);
/// "price", "fee", "total".
[[nodiscard]] bool is_amount(const Meaning& meaning);

/// One word that carries meaning: no article, no pronoun, no auxiliary.
struct ActionWord {
  std::string text;         ///< lower case
  std::uint32_t start = 0;  ///< bytes of the text, [start, end)
  std::uint32_t end = 0;
  Meaning meaning;
  bool plural = false;  ///< of a word that is in the vocabulary: "exchanges"
};

/// The words of a text or a name in order ("netAmount" and "get_order" are two words each).
/// English, German, Spanish, French, Portuguese, Japanese, Chinese. Linear; at most 2,000 words.
[[nodiscard]] std::vector<ActionWord> action_words(std::string_view text);

/// Whether two words are one: of one meaning, or forms of one stem, or one the head of a compound
/// ("Folgerezept", "Rezept").
[[nodiscard]] bool same_action_word(const ActionWord& a, const ActionWord& b);

/// What a tool of that name does, by its verb: the first word, or the last where the first is a
/// thing ("stock.reserve", "rezept_anlegen").
[[nodiscard]] Deed deed_of_tool(std::string_view name);

}  // namespace infinium::maestro
