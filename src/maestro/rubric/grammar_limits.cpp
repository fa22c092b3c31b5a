#include <algorithm>
#include <array>

#include "maestro/rubric/process_readers.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Tokens = std::span<const RuleToken>;

/// `above` bounds only under a negation: "may not cost more than".
enum class Side { most, exact, below, above };

struct BoundWords {
  std::string_view words;
  Side side;
};
// Before the number.
constexpr auto kLeading = std::to_array<BoundWords>({
    {"at or below", Side::most},
    {"at or under", Side::most},
    {"pas dépasser", Side::most},
    {"no exceder", Side::most},
    {"máximo", Side::most},
    {"within a budget of", Side::most},
    {"more than", Side::above},
    {"above", Side::above},
    {"over", Side::above},
    {"mehr als", Side::above},
    {"über", Side::above},
    {"más de", Side::above},
    {"plus de", Side::above},
    {"no more than", Side::most},
    {"not more than", Side::most},
    {"not exceed", Side::most},
    {"never exceed", Side::most},
    {"at most", Side::most},
    {"up to", Side::most},
    {"a maximum of", Side::most},
    {"maximum of", Side::most},
    {"maximum", Side::most},
    {"max", Side::most},
    {"not over", Side::most},
    {"never more than", Side::most},
    {"never over", Side::most},
    {"not above", Side::most},
    {"under", Side::below},
    {"below", Side::below},
    {"less than", Side::below},
    {"fewer than", Side::below},
    {"exactly", Side::exact},
    {"only", Side::most},
    {"höchstens", Side::most},
    {"maximal", Side::most},
    {"nicht mehr als", Side::most},
    {"genau", Side::exact},
    {"unter", Side::below},
    {"como máximo", Side::most},
    {"como mucho", Side::most},
    {"no más de", Side::most},
    {"un máximo de", Side::most},
    {"menos de", Side::below},
    {"exactamente", Side::exact},
    {"au plus", Side::most},
    {"au maximum", Side::most},
    {"pas plus de", Side::most},
    {"moins de", Side::below},
    {"no máximo", Side::most},
});
// After it.
constexpr auto kTrailing = std::to_array<BoundWords>({
    {"at most", Side::most},
    {"at the most", Side::most},
    {"at the very most", Side::most},
    {"or fewer", Side::most},
    {"or less", Side::most},
    {"only", Side::most},
    {"maximum", Side::most},
    {"max", Side::most},
    {"höchstens", Side::most},
    {"maximal", Side::most},
    {"como máximo", Side::most},
    {"como mucho", Side::most},
    {"au plus", Side::most},
    {"au maximum", Side::most},
});

std::size_t taken_at(Tokens tokens, std::size_t at, std::string_view phrase) {
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

Bound bound_of_side(Side side, double number) {
  Bound bound;
  switch (side) {
    case Side::most:
    case Side::above:
      bound.most = number;
      break;
    case Side::below:
      bound.most = number;
      bound.most_open = true;
      break;
    case Side::exact:
      bound.least = bound.most = number;
      break;
  }
  return bound;
}

/// A counted bound and the tokens that are left without it.
struct Counted {
  Bound bound;
  std::vector<RuleToken> rest;
  std::string unit;  ///< the word after the number
};

std::optional<Counted> without(Tokens tokens, std::size_t from, std::size_t to, Bound bound) {
  Counted out{bound, {}, {}};
  out.rest.assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(from));
  out.rest.insert(out.rest.end(), tokens.begin() + static_cast<std::ptrdiff_t>(to), tokens.end());
  return out;
}

std::optional<Counted> find_count(Tokens tokens) {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const BoundWords& words : kLeading) {
      const std::size_t taken = taken_at(tokens, at, words.words);
      const bool open = words.side == Side::above && !has_negation(tokens.first(at));
      const auto number = taken > 0 && !open && at + taken < tokens.size()
                              ? number_of_word(tokens[at + taken].text)
                              : std::nullopt;
      if (number) {
        const std::size_t next = at + taken + 1;
        auto found = without(tokens, at, next, bound_of_side(words.side, *number));
        found->unit = next < tokens.size() ? tokens[next].text : "";
        return found;
      }
    }
    const auto number = number_of_word(tokens[at].text);
    if (!number) {
      continue;
    }
    // "Drop three partitions at most", "use 10 tool calls at the most", "charge it once only"
    constexpr std::size_t kBetweenMax = 3;
    for (std::size_t gap = 1; gap <= kBetweenMax && at + gap < tokens.size(); ++gap) {
      for (const BoundWords& words : kTrailing) {
        const std::size_t taken = taken_at(tokens, at + gap, words.words);
        if (taken == 0 || at + gap + taken != tokens.size()) {
          continue;
        }
        auto found =
            without(tokens.first(at + gap), at, at + 1, bound_of_side(words.side, *number));
        found->unit = gap > 1 ? tokens[at + 1].text : "";
        return found;
      }
    }
  }
  return std::nullopt;
}

std::string joined_words(std::string_view sentence, Tokens tokens) {
  std::string out;
  for (const RuleToken& token : tokens) {
    out += (out.empty() ? "" : " ");
    out += sentence.substr(token.start, token.end - token.start);
  }
  return out;
}

bool is_call_word(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>({"call",
                                                           "calls",
                                                           "aufruf",
                                                           "aufrufe",
                                                           "tool-aufrufe",
                                                           "toolaufrufe",
                                                           "werkzeugaufrufe",
                                                           "tool-calls",
                                                           "llamada",
                                                           "llamadas",
                                                           "appel",
                                                           "appels",
                                                           "chamadas"});
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Words that only say that all calls are meant: "tool calls in total, over all agents".
bool says_nothing_more(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"tool",   "tools",   "in",       "total",     "overall", "altogether",  "over",
       "all",    "across",  "the",      "agents",    "team",    "use",         "make",
       "by",     "of",      "whole",    "run",       "task",    "for",         "with",
       "should", "must",    "a",        "an",        "any",     "and",         "be",
       "made",   "are",     "allowed",  "insgesamt", "für",     "werkzeug",    "ingesamt",
       "alle",   "agenten", "sind",     "erlaubt",   "es",      "herramienta", "herramientas",
       "las",    "los",     "de",       "en",        "por",     "todo",        "entre",
       "todos",  "agentes", "outils",   "outil",     "au",      "do",          "not",
       "more",   "than",    "d'outils", "function",  "api",     "per",         "there",
       "im",     "ganzen",  "zusammen"});
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// "Make web searches": what is made is counted.
std::string without_opening_verb(const std::string& words) {
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"make ", "use ", "do ", "run ", "perform ", "mache ", "haz ", "realiza "});
  const std::string folded = fold_case(words);
  for (const std::string_view verb : kVerbs) {
    if (folded.starts_with(verb)) {
      return words.substr(verb.size());
    }
  }
  return words;
}

bool is_lookup_noun(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"queries",    "query",        "requests",   "request",  "searches",  "search",    "lookups",
       "look-ups",   "attempts",     "attempt",    "retries",  "retry",     "polls",     "abfragen",
       "suchen",     "suchanfragen", "anfragen",   "versuche", "consultas", "búsquedas", "intentos",
       "peticiones", "requêtes",     "recherches", "essais"});
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// "gets one text", "receives exactly one e-mail": a call that sends it.
bool is_received_message(Tokens tokens, std::string_view unit) {
  constexpr auto kMessages = std::to_array<std::string_view>({"text",
                                                              "texts",
                                                              "sms",
                                                              "message",
                                                              "messages",
                                                              "e-mail",
                                                              "e-mails",
                                                              "email",
                                                              "emails",
                                                              "mail",
                                                              "mails",
                                                              "notification",
                                                              "notifications",
                                                              "nachricht",
                                                              "mensaje",
                                                              "correo"});
  constexpr auto kGets = std::to_array<std::string_view>(
      {"gets", "get", "receives", "receive", "sent", "erhält", "bekommt", "recibe"});
  const bool message = std::find(kMessages.begin(), kMessages.end(), unit) != kMessages.end();
  return message && std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
           return std::find(kGets.begin(), kGets.end(), token.text) != kGets.end();
         });
}

/// What is counted in a text, not among the calls.
bool is_text_unit(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"word",    "words",    "sentence", "sentences", "character", "characters", "line",
       "lines",   "bullet",   "bullets",  "item",      "items",     "paragraph",  "paragraphs",
       "hashtag", "hashtags", "section",  "sections",  "source",    "sources",    "wörter",
       "sätze",   "zeichen",  "zeilen",   "punkte",    "palabras",  "frases",     "líneas",
       "viñetas", "mots",     "phrases",  "lignes",    "question",  "questions",  "row",
       "rows",    "decimal",  "decimals", "digits",    "option",    "options",    "second",
       "seconds", "minute",   "minutes",  "hour",      "hours",     "day",        "days",
       "ms",      "tokens",   "token",    "percent",   "%",         "sekunden",   "minuten",
       "stunden", "tage",     "segundos", "minutos",   "horas",     "días",       "step",
       "steps",   "schritte", "pasos"});
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         unit_of_word(word) != Unit::none;
}

}  // namespace

std::optional<ProcessRule> read_call_limit(std::string_view sentence, Tokens tokens) {
  constexpr auto kPerThing = std::to_array<std::string_view>(
      {"each", "every", "per", "jede", "jeder", "jedes", "pro", "cada", "por", "chaque"});
  const bool per_thing = std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return std::find(kPerThing.begin(), kPerThing.end(), token.text) != kPerThing.end();
  });
  const auto counted = per_thing ? std::nullopt : find_count(tokens);
  if (!counted || counted->rest.empty() || is_text_unit(counted->unit) ||
      (counted->rest.size() > 1 && is_text_unit(counted->rest.back().text))) {
    return std::nullopt;
  }
  const bool calls = std::any_of(counted->rest.begin(),
                                 counted->rest.end(),
                                 [](const RuleToken& token) { return is_call_word(token.text); });
  const bool nothing_more =
      std::all_of(counted->rest.begin(), counted->rest.end(), [](const RuleToken& token) {
        return is_call_word(token.text) || says_nothing_more(token.text);
      });
  CountRule rule;
  rule.bound = counted->bound;
  if (calls && nothing_more) {
    rule.all_calls = true;
    return rule;
  }
  const std::string words = joined_words(sentence, counted->rest);
  if (is_received_message(tokens, counted->unit)) {
    rule.action = read_phrase("send " + counted->unit);
    rule.attempts = false;
    return rule;
  }
  rule.action = read_phrase(words);
  if (is_lookup_noun(counted->unit) || is_lookup_noun(counted->rest.back().text)) {
    rule.action = read_phrase(without_opening_verb(words));
    return rule;
  }
  if (calls) {
    return rule.action.things().empty() ? std::nullopt : std::optional<ProcessRule>(rule);
  }
  rule.attempts = false;
  // An order: the verb stands first, or "must be sent".
  const bool imperative = !rule.action.words.empty() &&
                          rule.action.is_verb(rule.action.words.front()) &&
                          (tokens.front().start == 0 &&
                           (has_negation(tokens.first(std::min<std::size_t>(tokens.size(), 2))) ||
                            rule.action.words.front().start == 0));
  const bool passive = std::any_of(tokens.begin(), tokens.end(), [](const RuleToken& token) {
    return token.text == "be" || token.text == "werden" || token.text == "darf";
  });
  const bool verb_last =
      !rule.action.words.empty() && rule.action.is_verb(rule.action.words.back());
  const bool deed = rule.action.changes && (imperative || passive || verb_last) &&
                    !rule.action.speaks && !rule.action.result;
  return deed ? std::optional<ProcessRule>(rule) : std::nullopt;
}

namespace {

/// "Up to £100 at the handler's discretion, above that …": more than a bound.
bool is_qualified(Tokens tokens) {
  constexpr auto kMore = std::to_array<std::string_view>({"above",
                                                          "beyond",
                                                          "discretion",
                                                          "unless",
                                                          "except",
                                                          "otherwise",
                                                          "over",
                                                          "if",
                                                          "darüber",
                                                          "sonst",
                                                          "außer",
                                                          "ermessen",
                                                          "encima",
                                                          "salvo",
                                                          "sauf",
                                                          "sino"});
  return std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return std::find(kMore.begin(), kMore.end(), token.text) != kMore.end();
  });
}

}  // namespace

std::optional<ProcessRule> read_amount(std::string_view sentence, Tokens tokens) {
  constexpr auto kRates =
      std::to_array<std::string_view>({"per", "pro", "je", "por", "par", "each"});
  const bool rate = std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
    return std::find(kRates.begin(), kRates.end(), token.text) != kRates.end();
  });
  if (rate) {
    return std::nullopt;  // a price per night is not what a call acts on
  }
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const BoundWords& words : kLeading) {
      const std::size_t taken = taken_at(tokens, at, words.words);
      const bool open = words.side == Side::above && !has_negation(tokens.first(at));
      if (taken == 0 || open || at + taken >= tokens.size()) {
        continue;
      }
      if (is_qualified(tokens.subspan(at + taken))) {
        return std::nullopt;
      }
      const std::size_t from = tokens[at + taken].start;
      const std::size_t to = tokens[std::min(at + taken + 1, tokens.size() - 1)].end;
      const std::string_view piece = sentence.substr(from, to - from);
      for (const ValueToken& value : find_values(piece)) {
        const bool money = value.kind == ValueKind::number && value.unit == Unit::money;
        const bool percent = value.kind == ValueKind::number && value.unit == Unit::percent;
        if (!money && !percent) {
          continue;
        }
        AmountRule rule;
        rule.money = {bound_of_side(words.side, value.number), value.currency};
        rule.percent = percent;
        std::vector<RuleToken> rest(tokens.begin(),
                                    tokens.begin() + static_cast<std::ptrdiff_t>(at));
        rule.in_total = find_folded(sentence, "total") || find_folded(sentence, "insgesamt") ||
                        find_folded(sentence, "altogether") || find_folded(sentence, "overall");
        rule.action = read_phrase(joined_words(sentence, rest));
        return rule;
      }
    }
  }
  return std::nullopt;
}

std::optional<ProcessRule> read_carry(std::string_view sentence, Tokens tokens) {
  constexpr auto kEvery = std::to_array<std::string_view>({"every",
                                                           "each",
                                                           "all",
                                                           "jede",
                                                           "jeder",
                                                           "jedes",
                                                           "alle",
                                                           "cada",
                                                           "todo",
                                                           "todos",
                                                           "toda",
                                                           "todas",
                                                           "chaque"});
  constexpr auto kCarries = std::to_array<std::string_view>(
      {"carries",    "carry",  "includes", "include",  "has",   "have",   "bears",   "bear",
       "references", "uses",   "use",      "contains", "trägt", "tragen", "enthält", "enthalten",
       "lleva",      "llevan", "incluye",  "incluyen", "porte", "with",   "mit",     "con"});
  if (tokens.size() < 4 ||
      std::find(kEvery.begin(), kEvery.end(), tokens.front().text) == kEvery.end()) {
    return std::nullopt;
  }
  for (std::size_t at = 2; at < tokens.size(); ++at) {
    if (std::find(kCarries.begin(), kCarries.end(), tokens[at].text) == kCarries.end()) {
      continue;
    }
    CarryRule rule;
    rule.action = read_phrase(joined_words(sentence, tokens.subspan(1, at - 1)));
    const ActionPhrase rest = read_phrase(joined_words(sentence, tokens.subspan(at)));
    if (rest.names.size() != 1 || !rule.action.changes || rule.action.result) {
      return std::nullopt;
    }
    rule.name = rest.names.front();
    return rule;
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
