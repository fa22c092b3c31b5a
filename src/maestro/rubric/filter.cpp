#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/retrieve.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::string_view kReader = "A reviewer's reading.";

std::string_view slice(std::string_view text, const Word& word) {
  return text.substr(word.start, word.end - word.start);
}

/// "Use net amounts, not gross amounts": the word that is wanted and the one that is not.
struct Choice {
  std::string wanted;
  std::string other;
};

std::optional<Choice> read_choice(std::string_view text) {
  const std::string folded = fold_case(text);
  constexpr auto kTurns = std::to_array<std::string_view>({", not ",
                                                           " instead of ",
                                                           " rather than ",
                                                           ", nicht ",
                                                           " statt ",
                                                           ", no ",
                                                           " en lugar de ",
                                                           " plutôt que "});
  for (const std::string_view turn : kTurns) {
    const auto at = folded.find(turn);
    if (at == std::string::npos || folded.find(turn, at + 1) != std::string::npos) {
      continue;
    }
    const std::string_view before = std::string_view(folded).substr(0, at);
    const std::string_view after = std::string_view(folded).substr(at + turn.size());
    std::vector<std::string> wanted;
    std::vector<std::string> other;
    for (const Word& word : find_words(before)) {
      wanted.emplace_back(slice(before, word));
    }
    for (const Word& word : find_words(after)) {
      other.emplace_back(slice(after, word));
    }
    const auto shared = [](const std::vector<std::string>& words, const std::string& word) {
      return stem_of(word) == 0 ||
             std::any_of(words.begin(), words.end(), [&](const std::string& each) {
               return stem_of(each) == stem_of(word);
             });
    };
    std::vector<std::string> only_wanted;
    std::vector<std::string> only_other;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(only_wanted), [&](auto& word) {
      return !shared(other, word);
    });
    std::copy_if(other.begin(), other.end(), std::back_inserter(only_other), [&](auto& word) {
      return !shared(wanted, word);
    });
    if (only_wanted.size() == 1 && only_other.size() == 1) {
      return Choice{only_wanted.front(), only_other.front()};
    }
  }
  return std::nullopt;
}

Ruling judge_choice(const Passages& passages, const Choice& choice) {
  const Passages::Use* const wanted = passages.look_up_with(choice.wanted);
  const Passages::Use* const other = passages.look_up_with(choice.other);
  if ((wanted == nullptr) == (other == nullptr)) {
    return unclear("The calls do not show which of the two was used.", std::string(kReader));
  }
  const bool met = wanted != nullptr;
  const Passages::Use& used = met ? *wanted : *other;
  Ruling ruling = decided(met,
                          fmt::format("Step {} asks for \"{}\"; no look-up asks for \"{}\".",
                                      used.step->number,
                                      met ? choice.wanted : choice.other,
                                      met ? choice.other : choice.wanted),
                          quote(passages.view(), used.argument->at));
  if (ruling.status == RubricStatus::unmet) {
    ruling.steps.push_back(used.step->index);
  }
  return ruling;
}

/// "Only orders of region EMEA": an argument whose name and value both stand in the text.
Ruling judge_selection(const Passages& passages, std::string_view text, bool only) {
  const Passages::Use* right = nullptr;
  const Passages::Use* wrong = nullptr;
  bool named = false;  // the text gives the value right after the name: "region EMEA"
  const auto words = find_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint64_t stem = stem_of(fold_case(slice(text, words[i])));
    const char next = i + 1 < words.size() ? text[words[i + 1].start] : ' ';
    for (const Passages::Use& use : passages.look_ups_by(stem)) {
      const bool match = find_folded(text, fold_case(use.argument->value)).has_value();
      right = match && right == nullptr ? &use : right;
      wrong = !match && wrong == nullptr ? &use : wrong;
      named = named || is_upper(next) || is_digit(next);
    }
  }
  // "Leave order 7 alone" names a value too, and the look-ups rightly have another one.
  if (right == nullptr && wrong != nullptr && named && only) {
    Ruling ruling = decided(false,
                            fmt::format("Step {} selects `{}` = \"{}\", and no step selects what "
                                        "was asked for.",
                                        wrong->step->number,
                                        wrong->argument->key,
                                        wrong->argument->value),
                            quote(passages.view(), wrong->argument->at));
    ruling.steps.push_back(wrong->step->index);
    return ruling;
  }
  if (right == nullptr || wrong != nullptr) {
    return unclear("The calls do not show such a selection.", std::string(kReader));
  }
  return decided(true,
                 fmt::format("Step {} selects `{}` = \"{}\".",
                             right->step->number,
                             right->argument->key,
                             right->argument->value),
                 quote(passages.view(), right->argument->at));
}

}  // namespace

Ruling retrieve_filter(const Passages& passages, std::string_view text, bool plain, bool only) {
  if (const auto choice = read_choice(text)) {
    return judge_choice(passages, *choice);
  }
  if (!plain) {
    return unclear("It is no plain rule.", std::string(kReader));
  }
  return judge_selection(passages, text, only);
}

}  // namespace infinium::maestro
