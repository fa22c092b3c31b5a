#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/process_readers.h"
#include "maestro/rubric/process_rule.h"
#include "maestro/rubric/process_text.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Tokens = std::span<const RuleToken>;

/// The words of a clause as one text; marks inside are kept.
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

/// "look it up again", "read back": a check of what was done, not of what was there before.
bool is_repeated_look(Tokens tokens) {
  constexpr auto kAgain = std::to_array<std::string_view>({"again",
                                                           "back",
                                                           "recheck",
                                                           "re-check",
                                                           "re-read",
                                                           "reread",
                                                           "recheck",
                                                           "erneut",
                                                           "nochmals",
                                                           "noch",
                                                           "otra",
                                                           "nuevo",
                                                           "nuevamente",
                                                           "nouveau",
                                                           "novamente"});
  return holds_any(tokens, kAgain);
}

/// "a second query", "an independent source".
bool is_second_look(Tokens tokens) {
  constexpr auto kOther = std::to_array<std::string_view>({"second",
                                                           "another",
                                                           "independent",
                                                           "zweite",
                                                           "zweiten",
                                                           "zweiter",
                                                           "unabhängige",
                                                           "unabhängigen",
                                                           "segunda",
                                                           "segundo",
                                                           "otra",
                                                           "otro",
                                                           "independiente",
                                                           "deuxième",
                                                           "second",
                                                           "autre",
                                                           "indépendante",
                                                           "segunda"});
  return holds_any(tokens, kOther);
}

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

/// Whether the clause is that somebody agrees: "the customer has agreed", "the owner's approval",
/// "confirmation". An order that is approved is a state.
bool is_consent_clause(const ActionPhrase& phrase, const std::string& actor) {
  if (!phrase.consents) {
    return false;
  }
  return is_plain_consent(phrase) || phrase.person || !actor.empty() || phrase.things().empty();
}

/// A capitalised name that opens the clause or stands in it: "Inez checks and approves".
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

/// "its status is 'pending'", "its export is verified": the words that the state has to be.
std::vector<std::string> state_words(std::string_view sentence, Tokens tokens) {
  constexpr auto kCopulas = std::to_array<std::string_view>(
      {"is",   "are", "was",   "were", "be",  "been", "ist", "sind", "wurde", "wurden", "es",
       "está", "son", "están", "sido", "has", "have", "est", "sont", "é",     "está"});
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

/// German verb at the end of a nominal clause: "Vor dem Anlegen des Rezepts sind die Regeln …".
std::size_t nominal_end(Tokens tokens, std::size_t from) {
  constexpr auto kFinite = std::to_array<std::string_view>({"ist",
                                                            "sind",
                                                            "muss",
                                                            "müssen",
                                                            "wird",
                                                            "werden",
                                                            "soll",
                                                            "sollen",
                                                            "hat",
                                                            "haben",
                                                            "darf",
                                                            "dürfen",
                                                            "von",
                                                            "vom",
                                                            "beim",
                                                            "bei"});
  std::size_t at = std::min(from + 1, tokens.size());
  for (; at < tokens.size(); ++at) {
    const bool verb = std::find(kFinite.begin(), kFinite.end(), tokens[at].text) != kFinite.end();
    if (verb || tokens[at - 1].comma) {
      return at;
    }
    constexpr auto kGenitive = std::to_array<std::string_view>({"des", "der", "eines", "einer"});
    const bool genitive =
        std::find(kGenitive.begin(), kGenitive.end(), tokens[at].text) != kGenitive.end() ||
        std::find(kGenitive.begin(), kGenitive.end(), tokens[at - 1].text) != kGenitive.end();
    if (!genitive) {
      return at;
    }
  }
  return at;
}

/// The clauses on both sides of a link, in the order of the text.
struct Sides {
  std::vector<RuleToken> left;
  std::vector<RuleToken> right;
};

/// "Before X, Y" is read as "Y before X".
Sides split_at(Tokens tokens, const LinkAt& link) {
  Sides sides;
  const auto append = [](std::vector<RuleToken>& out, Tokens more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  std::size_t end = tokens.size();
  const bool no_comma = std::none_of(
      tokens.begin(), tokens.end(), [](const RuleToken& token) { return token.comma; });
  // "Ohne Zustimmung des Kunden wird nichts gebucht"
  if (link.nominal || (link.first == 0 && no_comma && link.link == Link::without)) {
    end = nominal_end(tokens, link.next);
  } else {
    for (std::size_t i = link.next; i < tokens.size(); ++i) {
      if (tokens[i].comma) {
        end = i + 1;
        break;
      }
    }
  }
  append(sides.left, tokens.first(link.first));
  append(sides.right, tokens.subspan(link.next, end - link.next));
  if (link.first == 0 || link.nominal) {
    append(sides.left, tokens.subspan(end));
  }
  return sides;
}

/// An amount above which alone the rule holds ("Above GBP 250 no order without …"); its words leave
/// the tokens.
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

/// "it", "they": the clause speaks of what is guarded.
bool refers_back(Tokens tokens) {
  constexpr auto kPronouns =
      std::to_array<std::string_view>({"it", "they", "this", "er", "es", "dies", "ello", "il"});
  return !tokens.empty() &&
         std::find(kPronouns.begin(), kPronouns.end(), tokens.front().text) != kPronouns.end();
}

/// "from the last six months", "nicht älter als 30 Tage": how old it may be, in days.
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

/// What is guarded and what it needs.
struct Guard {
  ActionPhrase guarded;
  ActionPhrase needed;
  std::vector<RuleToken> needed_tokens;
  std::optional<Money> only_above;
};

bool is_end(const ActionPhrase& phrase) {
  return phrase.result && !phrase.changes && !phrase.any_change;
}

/// Whether the clause ends in a state of a thing, nothing that an agent does: "has cleared".
bool ends_in_state(Tokens tokens) {
  const auto last = tokens.empty() ? std::vector<ActionWord>{} : action_words(tokens.back().text);
  return !last.empty() && last.front().meaning.deed == Deed::none &&
         !is_consent(last.front().meaning) && tokens.back().text.ends_with("ed");
}

ProcessRule rule_of_guard(std::string_view sentence, Guard guard, Link link, bool negated) {
  const std::string actor = actor_of(sentence, guard.needed_tokens);
  const bool at_end = is_end(guard.guarded);
  const bool conditional = link == Link::only_if || link == Link::unless || link == Link::that_not;
  std::vector<std::string> states;
  // "Do not ship before the payment has cleared"
  const bool until = link == Link::before && negated && ends_in_state(guard.needed_tokens);
  if ((conditional || until) && !guard.needed.person && actor.empty()) {
    states = link == Link::that_not ? std::vector{guard.needed_tokens.back().text}
                                    : state_words(sentence, guard.needed_tokens);
  }
  if (states.empty() && is_consent_clause(guard.needed, actor)) {
    return ConsentRule{
        std::move(guard.guarded), std::move(guard.needed), actor, at_end, guard.only_above};
  }
  if (refers_back(guard.needed_tokens)) {  // "unless it was checked": what is guarded
    for (const ActionWord* thing : guard.guarded.things()) {
      guard.needed.words.push_back(*thing);
      guard.needed.text += " " + thing->text;
    }
  }
  if (!states.empty()) {
    return StateRule{std::move(guard.guarded), std::move(guard.needed), std::move(states)};
  }
  PrecedenceRule rule{
      std::move(guard.guarded), std::move(guard.needed), at_end, guard.only_above, {}};
  rule.newest_days = days_of_age(guard.needed_tokens);
  return rule;
}

/// "mention", "state": rules on what stands in the output are for other checks.
bool is_about_content(const ActionPhrase& phrase) {
  static constexpr auto kContent = std::to_array<std::string_view>(
      {"mention", "mentioned", "mentions", "say",       "says",    "state",     "stated",
       "name",    "named",     "reveal",   "disclose",  "include", "included",  "list",
       "listed",  "erwähnen",  "nennen",   "mencionar", "incluir", "mentionner"});
  return std::any_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
    return std::find(kContent.begin(), kContent.end(), word.text) != kContent.end();
  });
}

/// A capitalised name in the ban ("Dock Street"), and the state that would allow it.
std::optional<MentionRule> read_mention_unless(std::string_view sentence, const Sides& sides) {
  MentionRule rule;
  if (!is_about_content(read_phrase(joined(sentence, sides.left)))) {
    return std::nullopt;
  }
  std::string name;
  for (const RuleToken& token : sides.left) {
    const std::string_view word = sentence.substr(token.start, token.end - token.start);
    const bool capital = is_upper(word.front()) && token.start > 0;
    if (capital) {
      name += (name.empty() ? "" : " ") + token.text;
    }
    if ((!capital || token.comma) && !name.empty()) {
      rule.names.push_back(std::exchange(name, {}));
    }
  }
  if (!name.empty()) {
    rule.names.push_back(name);
  }
  rule.states = state_words(sentence, sides.right);
  return rule.names.empty() || rule.states.empty() ? std::nullopt : std::optional(rule);
}

std::optional<ProcessRule> read_linked(std::string_view sentence, Tokens tokens) {
  const auto link = find_link(tokens);
  if (!link) {
    return std::nullopt;
  }
  Sides sides = split_at(tokens, *link);
  const bool negated = forbids(sides.left);
  // "Only if it cannot be done otherwise": that something is not so is not read from the steps.
  if (has_negation(sides.right) || (has_negation(sides.left) && !negated)) {
    return std::nullopt;
  }
  const auto money = take_threshold(sentence, sides.left);
  if (sides.left.empty() || sides.right.empty()) {
    return std::nullopt;
  }
  const auto phrase = [sentence](Tokens part) { return read_phrase(joined(sentence, part)); };
  const auto guard = [&](bool left_is_guarded) {
    const auto& guarded = left_is_guarded ? sides.left : sides.right;
    const auto& needed = left_is_guarded ? sides.right : sides.left;
    return Guard{phrase(guarded), phrase(needed), needed, money};
  };
  if (link->link == Link::unless && negated) {
    if (auto mention = read_mention_unless(sentence, sides)) {
      return *mention;
    }
  }
  switch (link->link) {
    case Link::before:
      if (!negated && is_second_look(sides.left) && phrase(sides.left).observes) {
        return SecondLookRule{phrase(sides.left)};
      }
      if (!negated && is_repeated_look(sides.left) && is_end(phrase(sides.right))) {
        return FollowUpRule{phrase(sides.left), phrase(sides.left)};
      }
      return rule_of_guard(sentence, guard(negated), Link::before, negated);
    case Link::unless:
    case Link::without:
      return negated ? std::optional(rule_of_guard(sentence, guard(true), link->link, true))
                     : std::nullopt;
    case Link::only_if:
    case Link::only_after:
      return rule_of_guard(sentence, guard(true), link->link, negated);
    case Link::that_not:
      return negated ? std::optional(rule_of_guard(sentence, guard(true), link->link, true))
                     : std::nullopt;
    case Link::after: {
      if (negated) {
        return std::nullopt;
      }
      ActionPhrase left = phrase(sides.left);
      ActionPhrase right = phrase(sides.right);
      if (right.observes && !right.changes && !right.any_change) {
        return rule_of_guard(sentence, guard(true), Link::after, false);  // "Reload after a look"
      }
      return FollowUpRule{std::move(right), std::move(left)};
    }
  }
  return std::nullopt;
}

/// Whether what was not understood of a text may bind: an order or a ban, no mere statement.
bool may_bind(Tokens tokens) {
  constexpr auto kBinding = std::to_array<std::string_view>(
      {"must", "should", "shall",  "may",  "only",    "always", "need",    "needs", "have",
       "has",  "muss",   "müssen", "soll", "sollen",  "darf",   "dürfen",  "nur",   "immer",
       "debe", "deben",  "puede",  "solo", "siempre", "doit",   "doivent", "deve"});
  return has_negation(tokens) || holds_any(tokens, kBinding);
}

std::optional<ProcessRule> read_sentence(std::string_view sentence) {
  const std::vector<RuleToken> tokens = rule_tokens(sentence);
  if (states_a_fact(tokens)) {
    return std::nullopt;
  }
  if (auto rule = read_linked(sentence, tokens)) {
    return rule;
  }
  if (find_link(tokens)) {
    return std::nullopt;
  }
  for (const auto reader : {read_outcome,
                            read_carry,
                            read_call_limit,
                            read_amount,
                            read_prohibition,
                            read_second_look}) {
    if (auto rule = reader(sentence, tokens)) {
      return rule;
    }
  }
  return std::nullopt;
}

/// Nothing to be looked for among the calls; a person alone is nothing.
bool names_nothing(const ActionPhrase& phrase) {
  const auto things = phrase.things();
  return phrase.names.empty() &&
         std::all_of(things.begin(), things.end(), [](const ActionWord* thing) {
           return is_person(thing->meaning);
         });
}

bool is_act(const ActionPhrase& phrase) {
  const bool acts = phrase.changes || phrase.any_change || phrase.speaks || phrase.result;
  return (acts || !names_nothing(phrase)) && !is_about_content(phrase);
}

/// Whether it is something that an agent can do: with a verb, or no more than a thing ("without a
/// blood test"). What a person does is not among the calls.
bool can_be_done(const ActionPhrase& phrase) {
  constexpr std::size_t kThingWordsMax = 5;
  const bool verb = phrase.observes || phrase.changes || phrase.any_change || phrase.speaks;
  const bool of_person =
      !phrase.words.empty() && is_person(phrase.words.front().meaning) &&
      phrase.text.find("'s ") == std::string::npos &&
      !std::string_view(phrase.text).substr(phrase.words.front().end).starts_with("の");
  return !names_nothing(phrase) && !of_person && !is_about_content(phrase) &&
         (verb || !phrase.names.empty() || phrase.words.size() <= kThingWordsMax);
}

/// A guard of which nothing can be looked for is no rule.
bool is_usable(const ProcessRule& rule) {
  if (const auto* guard = std::get_if<PrecedenceRule>(&rule)) {
    const bool acts = guard->guarded.changes || guard->guarded.any_change ||
                      guard->guarded.speaks || guard->at_end || !guard->guarded.names.empty();
    const bool bare = guard->guarded.words.size() <= 2;  // "no discount unless …"
    return (acts || bare) && is_act(guard->guarded) && can_be_done(guard->needed);
  }
  if (const auto* follow = std::get_if<FollowUpRule>(&rule)) {
    const bool acts = follow->trigger.changes || follow->trigger.any_change;
    return acts && !is_about_content(follow->check) && !is_about_content(follow->trigger);
  }
  if (const auto* consent = std::get_if<ConsentRule>(&rule)) {
    return is_act(consent->guarded);
  }
  if (const auto* state = std::get_if<StateRule>(&rule)) {
    return is_act(state->guarded) && !names_nothing(state->guarded);
  }
  return true;
}

}  // namespace

ProcessRules read_process_rules(std::string_view text) {
  ProcessRules out;
  constexpr std::size_t kRuleBytesMax = 600;
  if (text.size() > kRuleBytesMax || is_hedged(text)) {
    return out;
  }
  for (const std::string_view sentence : rule_sentences(text)) {
    auto rule = read_cjk_rule(sentence);
    if (!rule) {
      rule = read_sentence(sentence);
    }
    if (rule && is_usable(*rule)) {
      out.rules.push_back(std::move(*rule));
    } else if (may_bind(rule_tokens(sentence))) {
      out.whole = false;
    }
  }
  return out;
}

}  // namespace infinium::maestro
