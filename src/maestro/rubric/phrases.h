#pragma once

#include <string_view>

#include "maestro/rubric/lexicon.h"

namespace infinium::maestro {

struct Phrase {
  std::string_view words;  ///< folded, one space between
  Term term;
  std::string_view value = {};
  double number = 0;
};

inline constexpr std::size_t kPhraseWordsMax = 4;

/// The meaning of folded words with one space between, or null if they are not in the vocabulary.
[[nodiscard]] const Phrase* phrase_of(std::string_view words);

}  // namespace infinium::maestro
