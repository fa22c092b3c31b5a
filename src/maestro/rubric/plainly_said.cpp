#include "maestro/rubric/plainly_said.h"

#include <algorithm>

#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

/// Words of conditions, of duties and of a second negation, in six languages.
constexpr auto kLimiting = word_set(
    {"fewer", "further", "exceeding", "exceeds",  "outside", "within", "while",   "when",
     "if",    "until",   "unless",    "once",     "during",  "where",  "except",  "other",
     "needs", "needed",  "may",       "might",    "can",     "which",  "whose",   "still",
     "only",  "than",    "counts",    "requires", "wenn",    "falls",  "solange", "während",
     "außer", "darf",    "nur",       "mientras", "cuando",  "si",     "salvo",   "solo",
     "sólo",  "puede",   "quand",     "sauf",     "peut",    "mais",   "quando",  "exceto",
     "pode",  "nothing", "no",        "not",      "never",   "none",   "nobody",  "nichts",
     "nicht", "kein",    "keine",     "nunca",    "nada",    "rien",   "jamais"});

/// Words of comparisons, where a number is compared with.
constexpr auto kComparing =
    word_set({"above", "over",  "below", "under",   "more",  "less",  "greater", "longer",
              "older", "least", "most",  "über",    "unter", "mehr",  "weniger", "mayor",
              "menor", "más",   "menos", "mayores", "plus",  "moins", "mais"});

bool is_plain(const ActionPhrase& phrase) {
  constexpr std::size_t kWordsMax = 12;
  constexpr std::size_t kWideWordsMax = 24;  // a letter each
  const std::string whole = fold_case(trim(phrase.text));
  const std::string_view folded =
      std::string_view(whole).substr(0, whole.find_last_not_of(",;:. ") + 1);
  const std::vector<Word> words = find_words(folded);
  const bool wide = !folded.empty() && static_cast<unsigned char>(folded.front()) >= 0xE3;
  if (words.size() > (wide ? kWideWordsMax : kWordsMax) ||
      folded.find_first_of(",;:") != std::string_view::npos) {
    return false;
  }
  const bool compares = has_digit(folded);
  return std::none_of(words.begin(), words.end(), [&](const Word& word) {
    const std::string_view said = folded.substr(word.start, word.end - word.start);
    return kLimiting.find(said) != nullptr || (compares && kComparing.find(said) != nullptr);
  });
}

struct PlainRule {
  bool operator()(const PrecedenceRule& rule) const {
    return is_plain(rule.guarded) && is_plain(rule.needed);
  }
  bool operator()(const FollowUpRule& rule) const {
    return is_plain(rule.trigger) && is_plain(rule.check);
  }
  bool operator()(const ConsentRule& rule) const {
    return is_plain(rule.guarded) && is_plain(rule.agreeing);
  }
  bool operator()(const ProhibitionRule& rule) const {
    return rule.others_only || !rule.names.empty() || is_plain(rule.action);
  }
  /// What is counted is bounded by the rule itself.
  template <class Rule>
  bool operator()(const Rule& /*rule*/) const {
    return true;
  }
};

}  // namespace

bool is_plainly_said(const ProcessRule& rule) { return std::visit(PlainRule{}, rule); }

}  // namespace infinium::maestro
