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

/// Where a word stands as a part of an argument's value: `gross` in `SELECT gross_cents FROM …`.
std::optional<Span> find_part(const Argument& argument, const std::string& word) {
  const std::string folded = fold_case(argument.value);
  for (std::size_t at = folded.find(word); at != std::string::npos;
       at = folded.find(word, at + 1)) {
    const bool starts = at == 0 || !is_letter(folded[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = end >= folded.size() || !is_letter(folded[end]);
    if (starts && ends) {
      return argument.at;
    }
  }
  return std::nullopt;
}

struct Uses {
  std::optional<Span> at;
  const StepView* step = nullptr;
};

/// The first call that does not write (a look-up) and names the word.
Uses first_use(const TraceView& view, const std::string& word) {
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.failed || step.changes_state) {
      continue;
    }
    for (const Argument& argument : step.arguments) {
      if (const auto at = find_part(argument, word)) {
        return {at, &step};
      }
    }
  }
  return {};
}

Ruling judge_choice(const TraceView& view, const Choice& choice) {
  const Uses wanted = first_use(view, choice.wanted);
  const Uses other = first_use(view, choice.other);
  if (wanted.step != nullptr && other.step == nullptr) {
    return decided(true,
                   fmt::format("Step {} asks for \"{}\"; no look-up asks for \"{}\".",
                               wanted.step->number,
                               choice.wanted,
                               choice.other),
                   quote(view, *wanted.at));
  }
  if (other.step != nullptr && wanted.step == nullptr) {
    Ruling ruling = decided(false,
                            fmt::format("Step {} asks for \"{}\"; no look-up asks for \"{}\".",
                                        other.step->number,
                                        choice.other,
                                        choice.wanted),
                            quote(view, *other.at));
    ruling.steps.push_back(other.step->index);
    return ruling;
  }
  return unclear("The calls do not show which of the two was used.", std::string(kReader));
}

/// "Only orders of region EMEA": an argument whose name and value both stand in the text.
struct Selection {
  const StepView* step = nullptr;
  const Argument* argument = nullptr;
};

bool names_key(std::string_view text, const std::string& key) {
  if (key.size() < 3) {
    return false;
  }
  const std::uint64_t stem = stem_of(key);
  if (stem == 0) {
    return false;
  }
  const auto words = find_words(text);
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return stem_of(fold_case(slice(text, word))) == stem;
  });
}

Ruling judge_selection(const TraceView& view, std::string_view text) {
  Selection right;
  Selection wrong;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.failed || step.changes_state) {
      continue;
    }
    for (const Argument& argument : step.arguments) {
      if (argument.value.empty() || argument.value.size() > 60 || !names_key(text, argument.key)) {
        continue;
      }
      const bool match = find_folded(text, fold_case(argument.value)).has_value();
      Selection& kept = match ? right : wrong;
      if (kept.step == nullptr) {
        kept = {&step, &argument};
      }
    }
  }
  if (right.step != nullptr && wrong.step == nullptr) {
    return decided(true,
                   fmt::format("Step {} selects `{}` = \"{}\".",
                               right.step->number,
                               right.argument->key,
                               right.argument->value),
                   quote(view, right.argument->at));
  }
  return unclear("The calls do not show such a selection.", std::string(kReader));
}

}  // namespace

Ruling retrieve_filter(const Passages& passages, std::string_view text) {
  const TraceView& view = passages.view();
  if (const auto choice = read_choice(text)) {
    return judge_choice(view, *choice);
  }
  if (is_conditional(text)) {
    return unclear("It is no plain rule.", std::string(kReader));
  }
  return judge_selection(view, text);
}

}  // namespace infinium::maestro
