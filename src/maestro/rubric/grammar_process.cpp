#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/process_clauses.h"
#include "maestro/rubric/process_readers.h"
#include "maestro/rubric/process_rule.h"
#include "maestro/rubric/process_text.h"
#include "maestro/rubric/reword.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Tokens = std::span<const RuleToken>;

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
      if (!negated && names_second_source(sides.left) && phrase(sides.left).observes) {
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
      // "Redriving starts after the user's go-ahead"
      if (is_consent_clause(right, actor_of(sentence, sides.right)) && !left.observes) {
        return rule_of_guard(sentence, guard(true), Link::only_after, false);
      }
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

/// "First A, then B", "A, then B".
std::optional<ProcessRule> read_sequence(std::string_view sentence, Tokens tokens) {
  constexpr auto kThen = std::to_array<std::string_view>(
      {"then", "dann", "danach", "luego", "después", "ensuite", "puis", "depois"});
  constexpr auto kFirst = std::to_array<std::string_view>(
      {"first", "zuerst", "erst", "primero", "d'abord", "primeiro"});
  for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
    const bool then = std::find(kThen.begin(), kThen.end(), tokens[at].text) != kThen.end();
    const bool purpose = tokens.front().text == "to";  // "To transfer, first …"
    if (!then || purpose || has_negation(tokens) || !holds_any(tokens.first(at), kFirst)) {
      continue;
    }
    Guard guard;
    guard.guarded = read_phrase(joined(sentence, tokens.subspan(at + 1)));
    guard.needed = read_phrase(joined(sentence, tokens.first(at)));
    guard.needed_tokens.assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(at));
    return rule_of_guard(sentence, std::move(guard), Link::before, false);
  }
  return std::nullopt;
}

/// "Refunds over $100 require supervisor approval", "the manager must approve any refund".
std::optional<ProcessRule> read_requirement(std::string_view sentence, Tokens tokens) {
  constexpr auto kNeeds = std::to_array<std::string_view>({"require",
                                                           "requires",
                                                           "need",
                                                           "needs",
                                                           "erfordert",
                                                           "erfordern",
                                                           "braucht",
                                                           "brauchen",
                                                           "requiere",
                                                           "requieren",
                                                           "necesita",
                                                           "nécessite",
                                                           "exige"});
  constexpr auto kMust = std::to_array<std::string_view>({"must", "has", "muss", "debe", "doit"});
  for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
    const bool needs = std::find(kNeeds.begin(), kNeeds.end(), tokens[at].text) != kNeeds.end();
    const bool duty = tokens[at].text != "has" || tokens[at + 1].text == "to";  // "has confirmed"
    const bool must = duty && std::find(kMust.begin(), kMust.end(), tokens[at].text) != kMust.end();
    if ((!needs && !must) || has_negation(tokens)) {
      continue;
    }
    std::vector<RuleToken> left(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(at));
    std::vector<RuleToken> right(tokens.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                 tokens.end());
    std::vector<RuleToken>& thing = needs ? left : right;
    const auto money = take_threshold(sentence, thing);
    ActionPhrase guarded = read_phrase(joined(sentence, thing));
    ActionPhrase agreeing = read_phrase(joined(sentence, needs ? right : tokens));
    const bool approves = must && read_phrase(joined(sentence, left)).person && right.size() > 1 &&
                          read_phrase(right.front().text).consents;
    const bool percent = sentence.find('%') != std::string_view::npos;
    if (percent || (!approves && !(needs && agreeing.consents)) || guarded.things().empty()) {
      return std::nullopt;
    }
    return ConsentRule{std::move(guarded), std::move(agreeing), {}, false, money};
  }
  return std::nullopt;
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
  if (auto rule = read_sequence(sentence, tokens)) {
    return rule;
  }
  if (auto rule = read_requirement(sentence, tokens)) {
    return rule;
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
      rule = read_sentence(reword_process(sentence));
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
