#include "maestro/rubric/process_clauses.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Tokens = std::span<const RuleToken>;

/// Words that agree by themselves, whoever says them.
bool is_plain_consent(const ActionPhrase& phrase) {
  const bool says_so =
      phrase.consents &&
      std::none_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
        return is_consent(word.meaning);
      });  // "signs off"
  return says_so ||
         std::any_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
           return is_consent(word.meaning) && word.meaning.deed == Deed::none;
         });
}

/// "Freigabe durch den Einkauf", "approval of the release": the noun, not the verb.
bool opens_with_consent(const ActionPhrase& phrase) {
  if (phrase.words.empty() || !is_consent(phrase.words.front().meaning)) {
    return false;
  }
  const std::string& word = phrase.words.front().text;
  constexpr auto kNouns = std::to_array<std::string_view>(
      {"al", "ation", "ung", "gabe", "ción", "sion", "sión", "ent", "sprache", "ement", "ance"});
  return std::any_of(kNouns.begin(), kNouns.end(), [&word](std::string_view ending) {
    return word.ends_with(ending);
  });
}

}  // namespace

std::string_view clause(std::string_view sentence, Tokens tokens) {
  return tokens.empty()
             ? std::string_view{}
             : sentence.substr(tokens.front().start, tokens.back().end - tokens.front().start);
}

bool holds_any(Tokens tokens, std::span<const std::string_view> words) {
  return std::any_of(tokens.begin(), tokens.end(), [words](const RuleToken& token) {
    return std::find(words.begin(), words.end(), token.text) != words.end();
  });
}

std::string joined(std::string_view sentence, Tokens tokens) {
  std::string out;
  for (const RuleToken& token : tokens) {
    const bool auxiliary = out.empty() && (token.text == "do" || token.text == "does");
    if (is_negation(token.text) || auxiliary) {
      continue;
    }
    out += (out.empty() ? "" : " ");
    out += sentence.substr(token.start, token.end - token.start);
    out += token.comma ? "," : "";
  }
  return out;
}

bool is_consent_clause(const ActionPhrase& phrase, const std::string& actor) {
  const auto things = phrase.things();
  const bool asks =
      std::any_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
        return word.meaning.deed == Deed::ask;
      });
  const bool of_nothing = std::all_of(things.begin(), things.end(), [](const ActionWord* thing) {
    return is_person(thing->meaning) || thing->meaning.deed == Deed::ask;
  });
  // The user who asks for it himself agrees to nothing that was put to him.
  if (asks && of_nothing && !is_person(phrase.words.front().meaning)) {
    return true;  // "ask before deleting", "the agent asks the user"
  }
  if (!phrase.consents) {
    return false;
  }
  if (opens_with_consent(phrase)) {
    return true;
  }
  return is_plain_consent(phrase) || phrase.person || !actor.empty() || phrase.things().empty();
}

std::string actor_of(std::string_view sentence, Tokens tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view word = sentence.substr(tokens[i].start, tokens[i].end - tokens[i].start);
    constexpr std::size_t kNameMin = 3;
    const bool capital = word.size() >= kNameMin && is_upper(word.front()) &&
                         std::all_of(word.begin() + 1, word.end(), is_lower);
    if (!capital) {
      continue;
    }
    const std::vector<ActionWord> read = action_words(word);
    const bool plain_word =
        read.empty() || (read.front().meaning.sense != 0 && !is_person(read.front().meaning));
    if (plain_word) {
      continue;
    }
    // At the front any word is capitalised: a name is followed by what it does.
    const std::vector<ActionWord> next =
        i + 1 < tokens.size() ? action_words(tokens[i + 1].text) : std::vector<ActionWord>{};
    const bool acts = !next.empty() && next.front().meaning.sense != 0;
    const bool has =
        i + 1 < tokens.size() && (tokens[i + 1].text == "has" || tokens[i + 1].text == "hat" ||
                                  tokens[i + 1].text == "ha" || tokens[i + 1].text == "a");
    if (has || (acts && (i > 0 || next.front().text.ends_with('s')))) {
      return tokens[i].text;
    }
  }
  return {};
}

std::vector<std::string> state_words(std::string_view sentence, Tokens tokens) {
  constexpr auto kCopulas = std::to_array<std::string_view>(
      {"is",     "are",    "was",  "were", "be",   "been",  "ist",  "sind",
       "wurde",  "wurden", "es",   "está", "son",  "están", "sido", "fue",
       "fueron", "has",    "have", "est",  "sont", "é",     "está"});
  std::vector<std::string> words;
  const std::string_view text = clause(sentence, tokens);
  for (const ValueToken& value : find_values(text)) {
    if (value.kind == ValueKind::quoted) {
      words.push_back(fold_case(trim(text.substr(value.start, value.end - value.start))));
    }
  }
  if (!words.empty()) {
    return words;
  }
  std::size_t copula = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool found =
        std::find(kCopulas.begin(), kCopulas.end(), tokens[i].text) != kCopulas.end();
    copula = found ? i : copula;
  }
  const bool has =
      copula < tokens.size() && (tokens[copula].text == "has" || tokens[copula].text == "have");
  if (has && !tokens.back().text.ends_with("ed")) {
    return words;  // "until you have the measurements"
  }
  constexpr auto kOutcomes =
      std::to_array<std::string_view>({"passed", "green", "succeeded", "passing", "grün"});
  if (std::find(kOutcomes.begin(), kOutcomes.end(), tokens.back().text) != kOutcomes.end()) {
    return words;  // of a run, not of a thing
  }
  const std::size_t left = tokens.size() - std::min(copula + 1, tokens.size());
  constexpr std::size_t kWordsMax = 2;
  if (copula == tokens.size() || left == 0 || left > kWordsMax) {
    return words;
  }
  std::string word = tokens.back().text;
  for (const std::string_view mark : {"'", "\u2018", "\u2019", "`"}) {
    word = word.starts_with(mark) ? word.substr(mark.size()) : word;
    word = word.ends_with(mark) ? word.substr(0, word.size() - mark.size()) : word;
  }
  words.push_back(std::move(word));
  return words;
}

bool refers_back(Tokens tokens) {
  constexpr auto kPronouns =
      std::to_array<std::string_view>({"it", "they", "this", "er", "es", "dies", "ello", "il"});
  return !tokens.empty() &&
         std::find(kPronouns.begin(), kPronouns.end(), tokens.front().text) != kPronouns.end();
}

std::optional<int> days_of_age(Tokens tokens) {
  struct Stretch {
    std::string_view unit;
    int days;
  };
  constexpr auto kUnits = std::to_array<Stretch>(
      {{"day", 1},      {"days", 1},   {"week", 7},    {"weeks", 7},    {"month", 31},
       {"months", 31},  {"year", 366}, {"years", 366}, {"tag", 1},      {"tage", 1},
       {"tagen", 1},    {"woche", 7},  {"wochen", 7},  {"monat", 31},   {"monate", 31},
       {"monaten", 31}, {"jahr", 366}, {"jahre", 366}, {"jahren", 366}, {"día", 1},
       {"días", 1},     {"semana", 7}, {"semanas", 7}, {"mes", 31},     {"meses", 31},
       {"año", 366},    {"años", 366}, {"jours", 1},   {"semaines", 7}, {"mois", 31}});
  constexpr auto kLast = std::to_array<std::string_view>({"last",
                                                          "past",
                                                          "than",
                                                          "within",
                                                          "letzten",
                                                          "als",
                                                          "últimos",
                                                          "últimas",
                                                          "que",
                                                          "de",
                                                          "derniers",
                                                          "dernières"});
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const auto number = number_of_word(tokens[i].text);
    if (!number || std::find(kLast.begin(), kLast.end(), tokens[i - 1].text) == kLast.end()) {
      continue;
    }
    for (const Stretch& stretch : kUnits) {
      if (stretch.unit == tokens[i + 1].text && *number < 1'000) {
        return static_cast<int>(*number) * stretch.days;
      }
    }
  }
  return std::nullopt;
}

std::optional<Money> take_threshold(std::string_view sentence, std::vector<RuleToken>& tokens) {
  constexpr auto kAbove = std::to_array<std::string_view>({"above",
                                                           "over",
                                                           "exceeding",
                                                           "beyond",
                                                           "über",
                                                           "ab",
                                                           "superior",
                                                           "superiores",
                                                           "supérieur"});
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (std::find(kAbove.begin(), kAbove.end(), tokens[i].text) == kAbove.end()) {
      continue;
    }
    std::size_t end = i + 1;
    const std::size_t last = std::min(tokens.size(), i + 4);
    while (end < last) {
      const std::string_view piece = clause(sentence, Tokens(tokens).subspan(i + 1, end - i));
      for (const ValueToken& value : find_values(piece)) {
        const bool more = end + 1 < last && unit_of_word(tokens[end + 1].text) == Unit::money;
        if (value.kind == ValueKind::number && (value.unit == Unit::money || more)) {
          Money money{{.least = value.number, .most = {}, .least_open = true}, value.currency};
          if (more && value.unit != Unit::money) {
            money.currency = currency_of_word(tokens[end + 1].text);
          }
          tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i),
                       tokens.begin() + static_cast<std::ptrdiff_t>(end + 1 + (more ? 1 : 0)));
          return money;
        }
      }
      ++end;
    }
  }
  return std::nullopt;
}

bool ends_in_state(Tokens tokens) {
  const auto last = tokens.empty() ? std::vector<ActionWord>{} : action_words(tokens.back().text);
  return !last.empty() && last.front().meaning.deed == Deed::none &&
         !is_consent(last.front().meaning) && tokens.back().text.ends_with("ed");
}

}  // namespace infinium::maestro
