#include <algorithm>
#include <array>

#include "maestro/rubric/process_readers.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Tokens = std::span<const RuleToken>;

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joined_words(std::string_view sentence, Tokens tokens) {
  std::string out;
  for (const RuleToken& token : tokens) {
    if (!is_negation(token.text) || token.text == "nothing") {
      out += (out.empty() ? "" : " ");
      out += sentence.substr(token.start, token.end - token.start);
      out += token.comma ? "," : "";
    }
  }
  return out;
}

/// A ban on what is said: that is for the checks of the output.
bool is_about_words(Tokens tokens, const ActionPhrase& phrase) {
  constexpr auto kSaying = std::to_array<std::string_view>(
      {"mention",  "include",   "contain",   "reveal",  "name",    "write",    "use",
       "show",     "shown",     "share",     "state",   "give",    "about",    "nennen",
       "erwähnen", "enthalten", "mencionar", "incluir", "nombrar", "contener", "mentionner",
       "inclure",  "appear",    "appears",   "exceed"});
  constexpr auto kWritings = std::to_array<std::string_view>({"message",
                                                              "messages",
                                                              "chat",
                                                              "summary",
                                                              "answer",
                                                              "reply",
                                                              "note",
                                                              "report",
                                                              "output",
                                                              "mail",
                                                              "post",
                                                              "text",
                                                              "nachricht",
                                                              "antwort",
                                                              "zusammenfassung",
                                                              "schlussnachricht",
                                                              "respuesta",
                                                              "resumen",
                                                              "mensaje",
                                                              "réponse",
                                                              "draft"});
  const bool said = std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return among(token.text, kSaying);
  });
  constexpr auto kInto = std::to_array<std::string_view>({"in", "into", "im", "en", "dans"});
  bool inside = false;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::size_t last = std::min(tokens.size(), i + 5);
    for (std::size_t j = i + 1; among(tokens[i].text, kInto) && j < last; ++j) {
      inside = inside || among(tokens[j].text, kWritings);
    }
  }
  return said || inside || phrase.speaks;
}

/// The names after "other than", "nobody but": capitalised words and identifiers, one a list item.
std::vector<std::string> listed_names(std::string_view text) {
  std::vector<std::string> names;
  constexpr auto kJoints = std::to_array<std::string_view>(
      {", ", " and ", " or ", " und ", " oder ", " y ", " o ", " et "});
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t skip = at == text.size() ? 1 : 0;
    for (const std::string_view joint : kJoints) {
      skip = skip == 0 && text.substr(at).starts_with(joint) ? joint.size() : skip;
    }
    if (skip == 0) {
      ++at;
      continue;
    }
    std::string_view name = trim(text.substr(start, at - start));
    for (const std::string_view article : {"the ", "der ", "die ", "el ", "la ", "and ", "or "}) {
      name = name.starts_with(article) ? trim(name.substr(article.size())) : name;
    }
    if (!name.empty()) {
      names.push_back(fold_case(name));
    }
    at += skip;
    start = at;
  }
  return names;
}

/// "Change nothing in a cluster other than prod-eu", "send mail to nobody but A and B".
std::optional<ProhibitionRule> read_exception(std::string_view sentence, Tokens tokens) {
  constexpr auto kBut = std::to_array<std::string_view>(
      {"but", "except", "besides", "außer", "ausser", "salvo", "excepto", "sauf", "exceto"});
  for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
    const bool other = tokens[at].text == "than" && tokens[at - 1].text == "other";
    const bool but = among(tokens[at].text, kBut) &&
                     (is_negation(tokens[at - 1].text) || tokens[at - 1].text == "one");
    if (!other && !but) {
      continue;
    }
    ProhibitionRule rule;
    rule.others_only = true;
    const std::size_t end = other ? at - 1 : at;
    rule.action = read_phrase(joined_words(sentence, tokens.first(end)));
    rule.names = listed_names(
        sentence.substr(tokens[at + 1].start, tokens.back().end - tokens[at + 1].start));
    if (other && end > 0) {
      rule.noun = tokens[end - 1].text;
    }
    const bool deed = rule.action.changes || rule.action.any_change;
    return deed && !rule.names.empty() ? std::optional(rule) : std::nullopt;
  }
  return std::nullopt;
}

/// "Leave order 7 alone", "leave every other meter as it is".
std::optional<ProhibitionRule> read_leave(std::string_view sentence, Tokens tokens) {
  constexpr auto kEnds = std::to_array<std::string_view>(
      {"alone", "untouched", "unchanged", "is", "are", "unberührt", "unverändert"});
  if (tokens.size() < 3 || (tokens.front().text != "leave" && tokens.front().text != "keep") ||
      !among(tokens.back().text, kEnds)) {
    return std::nullopt;
  }
  ProhibitionRule rule;
  rule.action = read_phrase("change");
  const ActionPhrase what = read_phrase(joined_words(sentence, tokens.subspan(1)));
  rule.names = what.names;
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (tokens[i].text == "other") {
      rule.others_only = true;
      rule.noun = tokens[i + 1].text;
    }
  }
  return rule.names.empty() == rule.noun.empty() ? std::nullopt : std::optional(rule);
}

}  // namespace

std::optional<ProcessRule> read_prohibition(std::string_view sentence, Tokens tokens) {
  if (auto rule = read_leave(sentence, tokens)) {
    return *rule;
  }
  constexpr std::size_t kWordsMax = 20;
  const bool compares = std::any_of(tokens.begin(), tokens.end(), [](const RuleToken& token) {
    return token.text == "more" || token.text == "mehr" || token.text == "más";
  });
  // "Add no bags that the user does not need": which those are is not read from the steps.
  constexpr auto kRelative =
      std::to_array<std::string_view>({"that", "which", "who", "whose", "que", "qui"});
  const auto relative = std::find_if(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return among(token.text, kRelative);
  });
  // "No file outside docs/", "nothing younger than 14 days": not the thing that is named.
  constexpr auto kTurned = std::to_array<std::string_view>(
      {"outside",   "beyond",     "than",          "older",   "younger", "außerhalb",
       "älter",     "jünger",     "als",           "fuera",   "hors",    "within",
       "except",    "fora",       "while",         "during",  "exceeds", "exceed",
       "exceeding", "übersteigt", "überschreitet", "supera",  "excede",  "dépasse",
       "between",   "zwischen",   "während",       "durante", "entre",   "pendant"});
  bool turned = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool other = i > 0 && tokens[i].text == "than" && tokens[i - 1].text == "other";
    turned = turned || (!other && tokens[i].text != "except" && among(tokens[i].text, kTurned));
  }
  const bool narrowed =
      turned || has_negation(tokens.subspan(static_cast<std::size_t>(relative - tokens.begin())));
  if (!has_negation(tokens) || narrowed || tokens.size() > kWordsMax || compares) {
    return std::nullopt;
  }
  ProhibitionRule rule;
  rule.action = read_phrase(joined_words(sentence, tokens));
  if (is_about_words(tokens, rule.action)) {
    return std::nullopt;
  }
  if (auto exception = read_exception(sentence, tokens)) {
    return *exception;
  }
  const bool ban = tokens.size() <= 4 || is_negation(tokens.front().text) ||
                   tokens.front().text == "do" || tokens[1].text == "no" ||
                   tokens[1].text == "nothing" || tokens[1].text == "never" ||
                   tokens[1].text == "keine" || tokens[1].text == "kein" ||
                   std::any_of(tokens.begin(), tokens.end(), [](const RuleToken& token) {
                     return token.text == "must" || token.text == "may" || token.text == "darf" ||
                            token.text == "dürfen";
                   });
  if (!ban || (!rule.action.changes && !rule.action.any_change)) {
    return std::nullopt;
  }
  rule.names = rule.action.names;
  rule.action.names.clear();
  return rule;
}

bool names_second_source(Tokens tokens) {
  constexpr auto kOther = std::to_array<std::string_view>({"second",
                                                           "independent",
                                                           "another",
                                                           "zweite",
                                                           "zweiten",
                                                           "zweiter",
                                                           "unabhängigen",
                                                           "unabhängige",
                                                           "segunda",
                                                           "segundo",
                                                           "independiente",
                                                           "otra",
                                                           "otro",
                                                           "deuxième",
                                                           "indépendante",
                                                           "autre"});
  constexpr auto kSources = std::to_array<std::string_view>(
      {"query",   "queries",   "source",     "sources",     "lookup",   "look-up",  "search",
       "tool",    "method",    "reading",    "calculation", "database", "provider", "page",
       "report",  "figure",    "request",    "system",      "website",  "site",     "abfrage",
       "quelle",  "suche",     "berechnung", "consulta",    "fuente",   "búsqueda", "cálculo",
       "requête", "recherche", "calcul"});
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::size_t last = std::min(tokens.size(), i + 4);
    for (std::size_t j = i + 1; among(tokens[i].text, kOther) && j < last; ++j) {
      if (among(tokens[j].text, kSources)) {
        return true;
      }
    }
  }
  return false;
}

std::optional<ProcessRule> read_outcome(std::string_view sentence, Tokens tokens) {
  constexpr auto kPass = std::to_array<std::string_view>({"pass",
                                                          "passes",
                                                          "passed",
                                                          "green",
                                                          "succeed",
                                                          "succeeds",
                                                          "bestanden",
                                                          "grün",
                                                          "pasan",
                                                          "pasado",
                                                          "passent"});
  const ActionPhrase run = read_phrase(joined_words(sentence, tokens));
  const bool tests = std::any_of(run.words.begin(), run.words.end(), [](const ActionWord& word) {
    return word.meaning.deed == Deed::observe && !is_look(word.meaning) &&
           !is_consent(word.meaning);
  });
  const bool passes = std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return among(token.text, kPass);
  });
  constexpr std::size_t kWordsMax = 14;
  return tests && passes && !has_negation(tokens) && tokens.size() <= kWordsMax
             ? std::optional<ProcessRule>(OutcomeRule{run})
             : std::nullopt;
}

std::optional<ProcessRule> read_second_look(std::string_view sentence, Tokens tokens) {
  constexpr auto kOther = std::to_array<std::string_view>({"second",
                                                           "independent",
                                                           "another",
                                                           "zweite",
                                                           "zweiten",
                                                           "zweiter",
                                                           "unabhängigen",
                                                           "segunda",
                                                           "segundo",
                                                           "independiente",
                                                           "deuxième",
                                                           "indépendante"});
  constexpr auto kChecks = std::to_array<std::string_view>(
      {"compared",     "compare",    "cross-check", "cross-checked", "crosscheck",
       "checked",      "check",      "verified",    "verify",        "confirmed",
       "reconciled",   "verglichen", "vergleichen", "geprüft",       "prüfen",
       "gegengeprüft", "contrastar", "comparar",    "comparado",     "compara",
       "comprobado",   "verificado", "contrastado", "vérifié",       "comparé"});
  const auto has = [&](const auto& words) {
    return std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
      return among(token.text, words);
    });
  };
  if (!has(kOther) || !has(kChecks) || has_negation(tokens) || !names_second_source(tokens)) {
    return std::nullopt;
  }
  return SecondLookRule{read_phrase(joined_words(sentence, tokens))};
}

}  // namespace infinium::maestro
