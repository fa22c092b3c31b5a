#include "maestro/rubric/process_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

struct LinkWords {
  std::string_view words;
  Link link;
  bool nominal = false;
};

// A longer phrase stands before a shorter one that it begins with.
constexpr auto kLinks = std::to_array<LinkWords>({
    {"only after", Link::only_after},
    {"only once", Link::only_after},
    {"only when", Link::only_if},
    {"only if", Link::only_if},
    {"only with", Link::only_if},
    {"only upon", Link::only_after},
    {"not before", Link::only_after},
    {"nur nachdem", Link::only_after},
    {"nur nach", Link::only_after},
    {"erst nachdem", Link::only_after},
    {"erst nach", Link::only_after},
    {"erst dann wenn", Link::only_if},
    {"erst wenn", Link::only_if},
    {"nur dann wenn", Link::only_if},
    {"nur wenn", Link::only_if},
    {"nur mit", Link::only_if},
    {"solo después de", Link::only_after},
    {"sólo después de", Link::only_after},
    {"solo tras", Link::only_after},
    {"sólo tras", Link::only_after},
    {"solo cuando", Link::only_if},
    {"sólo cuando", Link::only_if},
    {"solo si", Link::only_if},
    {"sólo si", Link::only_if},
    {"solo con", Link::only_if},
    {"sólo con", Link::only_if},
    {"seulement après", Link::only_after},
    {"uniquement après", Link::only_after},
    {"seulement si", Link::only_if},
    {"uniquement si", Link::only_if},
    {"só depois de", Link::only_after},
    {"só se", Link::only_if},
    {"as soon as", Link::after},
    {"prior to", Link::before},
    {"ahead of", Link::before},
    {"antes de que", Link::before},
    {"antes de", Link::before},
    {"antes del", Link::before},
    {"antes que", Link::before},
    {"avant que", Link::before},
    {"avant de", Link::before},
    {"avant", Link::before},
    {"before", Link::before},
    {"bevor", Link::before},
    {"ehe", Link::before},
    {"vor dem", Link::before, true},
    {"vor der", Link::before, true},
    {"vor den", Link::before, true},
    {"vor jeder", Link::before, true},
    {"vor jedem", Link::before, true},
    {"vor einer", Link::before, true},
    {"vor einem", Link::before, true},
    {"after", Link::after},
    {"nachdem", Link::after},
    {"nach dem", Link::after, true},
    {"nach der", Link::after, true},
    {"nach jeder", Link::after, true},
    {"nach jedem", Link::after, true},
    {"después de", Link::after},
    {"después del", Link::after},
    {"despues de", Link::after},
    {"tras", Link::after},
    {"après", Link::after},
    {"depois de", Link::after},
    {"unless", Link::unless},
    {"until", Link::unless},
    {"es sei denn", Link::unless},
    {"solange nicht", Link::unless},
    {"bis", Link::unless},
    {"a menos que", Link::unless},
    {"salvo que", Link::unless},
    {"salvo si", Link::unless},
    {"hasta que", Link::unless},
    {"hasta", Link::unless},
    {"à moins que", Link::unless},
    {"a menos que", Link::unless},
    {"without", Link::without},
    {"ohne", Link::without},
    {"sin", Link::without},
    {"sans", Link::without},
    {"sem", Link::without},
    {"that is not", Link::that_not},
    {"that are not", Link::that_not},
    {"that was not", Link::that_not},
    {"that were not", Link::that_not},
    {"that has not been", Link::that_not},
    {"that have not been", Link::that_not},
    {"which is not", Link::that_not},
    {"which are not", Link::that_not},
});

struct NumberWord {
  std::string_view word;
  double value;
};
constexpr auto kNumbers = std::to_array<NumberWord>(
    {{"one", 1},   {"two", 2},    {"three", 3},   {"four", 4},   {"five", 5},    {"six", 6},
     {"seven", 7}, {"eight", 8},  {"nine", 9},    {"ten", 10},   {"twelve", 12}, {"once", 1},
     {"twice", 2}, {"einmal", 1}, {"zweimal", 2}, {"zwei", 2},   {"drei", 3},    {"vier", 4},
     {"fünf", 5},  {"sechs", 6},  {"sieben", 7},  {"acht", 8},   {"zehn", 10},   {"dos", 2},
     {"tres", 3},  {"cuatro", 4}, {"cinco", 5},   {"seis", 6},   {"siete", 7},   {"ocho", 8},
     {"diez", 10}, {"deux", 2},   {"trois", 3},   {"quatre", 4}, {"cinq", 5},    {"dix", 10},
     {"un", 1},    {"una", 1},    {"une", 1},     {"ein", 1},    {"eine", 1},    {"einen", 1}});

/// How many tokens the phrase takes at `at`; 0 if it does not stand there.
std::size_t phrase_at(std::span<const RuleToken> tokens, std::size_t at, std::string_view phrase) {
  std::size_t taken = 0;
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    if (at + taken >= tokens.size() || tokens[at + taken].text != phrase.substr(0, end)) {
      return 0;
    }
    ++taken;
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
  return taken;
}

/// "24 hours before", "30 días después de": a stretch of time, not an order of steps.
bool is_time_before(std::span<const RuleToken> tokens, std::size_t at) {
  constexpr auto kUnits = std::to_array<std::string_view>(
      {"second", "seconds", "minute", "minutes", "hour",    "hours",  "day",     "days",
       "week",   "weeks",   "month",  "months",  "minuten", "stunde", "stunden", "tag",
       "tage",   "tagen",   "wochen", "monate",  "minutos", "hora",   "horas",   "día",
       "días",   "semanas", "meses",  "heures",  "jours",   "dias"});
  return at > 0 && std::find(kUnits.begin(), kUnits.end(), tokens[at - 1].text) != kUnits.end();
}

/// "can only be cancelled if its status is …": `only` and its condition stand apart.
std::optional<LinkAt> find_split_only(std::span<const RuleToken> tokens) {
  constexpr auto kOnly =
      std::to_array<std::string_view>({"only", "nur", "erst", "solo", "sólo", "seulement", "só"});
  constexpr auto kIf =
      std::to_array<std::string_view>({"if", "when", "wenn", "sobald", "si", "cuando", "quand"});
  bool only = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (only && std::find(kIf.begin(), kIf.end(), tokens[i].text) != kIf.end()) {
      return LinkAt{Link::only_if, i, i + 1, false};
    }
    only = only || std::find(kOnly.begin(), kOnly.end(), tokens[i].text) != kOnly.end();
  }
  return std::nullopt;
}

}  // namespace

std::vector<RuleToken> rule_tokens(std::string_view sentence) {
  std::vector<RuleToken> tokens;
  constexpr std::string_view kMarks = "()[],.:;!?\"*";
  for (std::size_t at = 0; at < sentence.size();) {
    if (is_space(sentence[at])) {
      ++at;
      continue;
    }
    if (const std::size_t close = sentence.find(')', at);
        sentence[at] == '(' && close != std::string_view::npos) {
      // What stands in brackets explains; a comma behind them still parts the clauses.
      at = close + 1;
      const bool comma = at < sentence.size() && sentence[at] == ',';
      if (comma && !tokens.empty()) {
        tokens.back().comma = true;
      }
      while (at < sentence.size() && !is_space(sentence[at])) {
        ++at;
      }
      continue;
    }
    std::size_t end = at;
    while (end < sentence.size() && !is_space(sentence[end])) {
      ++end;
    }
    RuleToken token{{}, at, end, sentence[end - 1] == ','};
    while (token.start < token.end &&
           kMarks.find(sentence[token.start]) != std::string_view::npos) {
      ++token.start;
    }
    while (token.end > token.start &&
           kMarks.find(sentence[token.end - 1]) != std::string_view::npos) {
      --token.end;
    }
    token.text = fold_case(sentence.substr(token.start, token.end - token.start));
    if (!token.text.empty()) {
      tokens.push_back(std::move(token));
    } else if (token.comma && !tokens.empty()) {
      tokens.back().comma = true;
    }
    at = end;
  }
  return tokens;
}

std::vector<std::string_view> rule_sentences(std::string_view text) {
  text = trim(text);
  // "Cancel pending order: …": a label of a few words.
  constexpr std::size_t kLabelBytesMax = 40;
  const std::size_t colon = text.find(": ");
  if (colon != std::string_view::npos && colon <= kLabelBytesMax) {
    text = trim(text.substr(colon + 2));
  }
  std::vector<std::string_view> sentences;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const bool wide = rest.starts_with("。") || rest.starts_with("；");
    const bool stop =
        text[at] == ';' || text[at] == '\n' ||
        ((text[at] == '.' || text[at] == '!') && (at + 1 == text.size() || is_space(text[at + 1])));
    if (!stop && !wide) {
      continue;
    }
    if (const std::string_view sentence = trim(text.substr(start, at - start)); !sentence.empty()) {
      sentences.push_back(sentence);
    }
    start = at + (wide ? std::string_view("。").size() : 1);
  }
  if (const std::string_view last = trim(text.substr(std::min(start, text.size())));
      !last.empty()) {
    sentences.push_back(last);
  }
  return sentences;
}

std::optional<LinkAt> find_link(std::span<const RuleToken> tokens) {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const LinkWords& words : kLinks) {
      const std::size_t taken = phrase_at(tokens, at, words.words);
      if (taken == 0 || at + taken == tokens.size()) {
        continue;  // "send it only once"
      }
      if (is_time_before(tokens, at)) {
        return std::nullopt;
      }
      LinkAt found{words.link, at, at + taken, words.nominal};
      const auto split = find_split_only(tokens);
      return split && split->first < at ? split : found;
    }
  }
  return find_split_only(tokens);
}

std::optional<double> number_of_word(std::string_view word) {
  for (const NumberWord& each : kNumbers) {
    if (each.word == word) {
      return each.value;
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = error == std::errc{} && end == word.data() + word.size();
  return whole && !word.empty() ? std::optional(value) : std::nullopt;
}

bool is_negation(std::string_view word) {
  static constexpr auto kWords = word_set(
      {"not",    "never", "no",     "none",    "nothing", "nobody", "cannot",  "neither", "nicht",
       "kein",   "keine", "keinen", "keiner",  "keinem",  "nie",    "niemals", "nichts",  "niemand",
       "nunca",  "nada",  "ningún", "ninguna", "ningun",  "nadie",  "jamais",  "rien",    "aucun",
       "aucune", "ne",    "pas",    "não",     "nenhum",  "nenhuma"});
  return kWords.find(word) != nullptr || word.ends_with("n't") || word.ends_with("n’t");
}

bool has_negation(std::span<const RuleToken> tokens) {
  return std::any_of(
      tokens.begin(), tokens.end(), [](const RuleToken& token) { return is_negation(token.text); });
}

bool forbids(std::span<const RuleToken> tokens) {
  constexpr auto kStating = std::to_array<std::string_view>(
      {"does", "is", "are", "was", "were", "has", "have", "had", "did", "ist", "sind", "hat"});
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string& word = tokens[i].text;
    const bool contracted = word.ends_with("n't") && word != "don't" && word != "mustn't" &&
                            word != "shouldn't" && word != "can't";
    const bool states =
        word == "not" && i > 0 &&
        std::find(kStating.begin(), kStating.end(), tokens[i - 1].text) != kStating.end();
    if (is_negation(word) && !contracted && !states) {
      return true;
    }
  }
  return false;
}

bool states_a_fact(std::span<const RuleToken> tokens) {
  constexpr auto kOpenings = std::to_array<std::string_view>({"if",
                                                              "when",
                                                              "whenever",
                                                              "while",
                                                              "in",
                                                              "falls",
                                                              "wenn",
                                                              "sofern",
                                                              "si",
                                                              "cuando",
                                                              "quand",
                                                              "lorsque",
                                                              "se",
                                                              "quando",
                                                              "where",
                                                              "for",
                                                              "given",
                                                              "provided"});
  constexpr auto kFuture = std::to_array<std::string_view>(
      {"will", "would", "otherwise", "so", "because", "since", "therefore"});
  constexpr std::size_t kTokensMax = 30;
  // "A ticket counts as transferred only once …": what a word means, not what is done.
  constexpr auto kDefining = std::to_array<std::string_view>({"counts",
                                                              "count",
                                                              "considered",
                                                              "deemed",
                                                              "regarded",
                                                              "treated",
                                                              "means",
                                                              "gilt",
                                                              "gelten",
                                                              "considera",
                                                              "consideran",
                                                              "cuenta",
                                                              "cuentan",
                                                              "considéré",
                                                              "considérée",
                                                              "vaut",
                                                              "compte",
                                                              "conta",
                                                              "contam"});
  const auto among = [](const std::string& word, const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return tokens.size() > kTokensMax || (!tokens.empty() && among(tokens.front().text, kOpenings)) ||
         std::any_of(tokens.begin(),
                     tokens.end(),
                     [&](const RuleToken& token) { return among(token.text, kFuture); }) ||
         std::any_of(tokens.begin() + std::min<std::ptrdiff_t>(1, std::ssize(tokens)),
                     tokens.end(),
                     [&](const RuleToken& token) { return among(token.text, kDefining); });
}

bool is_hedged(std::string_view text) {
  constexpr auto kHedges = std::to_array<std::string_view>({"if possible",      "where possible",
                                                            "ideally",          "preferably",
                                                            "when appropriate", "try to",
                                                            "if needed",        "if necessary",
                                                            "as needed",        "wenn möglich",
                                                            "möglichst",        "nach möglichkeit",
                                                            "idealerweise",     "falls nötig",
                                                            "si es posible",    "preferiblemente",
                                                            "si possible",      "de préférence",
                                                            "できれば",         "可能なら",
                                                            "なるべく",         "尽量"});
  return std::any_of(kHedges.begin(), kHedges.end(), [text](std::string_view hedge) {
    return find_folded(text, hedge).has_value();
  });
}

}  // namespace infinium::maestro
