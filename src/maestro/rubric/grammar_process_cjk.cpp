#include <array>

#include "maestro/rubric/process_readers.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// A particle that ties two clauses, and how.
struct Tie {
  std::string_view words;
  Link link;
};
// Longer ones first.
constexpr auto kTies = std::to_array<Tie>({
    {"より前に", Link::before},  {"する前に", Link::before}, {"の前に", Link::before},
    {"前に", Link::before},      {"まえに", Link::before},   {"までに", Link::before},
    {"てから", Link::after},     {"でから", Link::after},    {"た後に", Link::after},
    {"た後で", Link::after},     {"の後に", Link::after},    {"の後で", Link::after},
    {"たあとに", Link::after},   {"後に", Link::after},      {"後、", Link::after},
    {"後は", Link::after},       {"あとに", Link::after},    {"ない限り", Link::unless},
    {"なしに", Link::without},   {"なしで", Link::without},  {"ずに", Link::without},
    {"ないまま", Link::without}, {"まで", Link::unless},     {"之前", Link::before},
    {"以前", Link::before},      {"前先", Link::before},     {"前必须", Link::before},
    {"前应", Link::before},      {"前要", Link::before},     {"之后才", Link::after},
    {"それから", Link::after},   {"その後", Link::after},    {"之后", Link::after},
    {"后才", Link::after},       {"除非", Link::unless},
});

bool is_negated(std::string_view clause) {
  constexpr auto kNegations = std::to_array<std::string_view>(
      {"しない", "ない", "ません", "禁止", "いけない", "ならない", "不得", "不要", "不能", "禁止"});
  for (const std::string_view word : kNegations) {
    if (clause.find(word) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// "7回まで", "6回以内", "最多5次": a number of times.
std::optional<Bound> read_times(std::string_view sentence) {
  constexpr auto kUnits = std::to_array<std::string_view>({"回まで", "回以内", "回以下", "次以内"});
  for (const std::string_view unit : kUnits) {
    const std::size_t at = sentence.find(unit);
    if (at == std::string_view::npos) {
      continue;
    }
    std::size_t start = at;
    while (start > 0 && is_digit(sentence[start - 1])) {
      --start;
    }
    double number = 0;
    for (std::size_t i = start; i < at; ++i) {
      number = number * 10 + (sentence[i] - '0');
    }
    if (start < at && at - start <= 4) {
      return Bound{.least = {}, .most = number};
    }
  }
  return std::nullopt;
}

std::optional<ProcessRule> read_times_rule(std::string_view sentence) {
  const auto bound = read_times(sentence);
  if (!bound) {
    return std::nullopt;
  }
  CountRule rule;
  rule.bound = *bound;
  constexpr auto kCalls = std::to_array<std::string_view>(
      {"ツールの呼び出し", "ツール呼び出し", "ツールの使用", "ツール呼出", "呼び出し", "工具调用"});
  for (const std::string_view words : kCalls) {
    if (sentence.find(words) != std::string_view::npos) {
      rule.all_calls = true;
      return rule;
    }
  }
  rule.action = read_phrase(sentence);
  rule.attempts = rule.action.observes;
  return rule.action.changes || rule.action.observes ? std::optional<ProcessRule>(rule)
                                                     : std::nullopt;
}

ProcessRule guard_of(ActionPhrase guarded, ActionPhrase needed) {
  const bool at_end = guarded.result && !guarded.changes && !guarded.any_change;
  const bool agrees = needed.consents && (needed.person || needed.things().empty());
  if (agrees) {
    return ConsentRule{std::move(guarded), std::move(needed), {}, at_end, {}};
  }
  return PrecedenceRule{std::move(guarded), std::move(needed), at_end, {}, {}};
}

}  // namespace

std::optional<ProcessRule> read_cjk_rule(std::string_view sentence) {
  if (auto times = read_times_rule(sentence)) {
    return times;
  }
  for (const Tie& tie : kTies) {
    const std::size_t at = sentence.find(tie.words);
    if (at == std::string_view::npos || at == 0) {
      continue;
    }
    ActionPhrase first = read_phrase(sentence.substr(0, at));
    ActionPhrase second = read_phrase(sentence.substr(at + tie.words.size()));
    // "返金は規約を確認してから行う": the topic is what is done.
    const std::size_t topic = sentence.find("は");
    if (second.empty() && topic != std::string_view::npos && topic < at) {
      second = read_phrase(sentence.substr(0, topic));
      first = read_phrase(sentence.substr(topic, at - topic));
    }
    if (first.empty() || second.empty()) {
      return std::nullopt;
    }
    const bool negated = is_negated(sentence.substr(at + tie.words.size()));
    switch (tie.link) {
      case Link::before:
        // "Aする前にBしない": B needs A. "Aする前にBする": A needs B.
        return negated ? guard_of(std::move(second), std::move(first))
                       : guard_of(std::move(first), std::move(second));
      case Link::after:
        if (negated) {
          return std::nullopt;
        }
        if (second.observes && (first.changes || first.any_change)) {
          return FollowUpRule{std::move(first), std::move(second)};
        }
        return guard_of(std::move(second), std::move(first));
      default:
        return negated ? std::optional(guard_of(std::move(second), std::move(first)))
                       : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
