#pragma once

#include <string_view>

#include "maestro/rubric/lexicon.h"

namespace infinium::maestro {

struct Phrase {
  std::string_view words;  ///< folded, one space between
  Term term = Term::unknown;
  std::string_view value = {};
  double number = 0;
};

inline constexpr std::size_t kPhraseWordsMax = 4;

/// The first phrase, in the order of their bytes, that is not before `words` (folded, one space
/// between): the phrase itself if it is in the vocabulary, else a longer one if one begins so.
[[nodiscard]] const Phrase* first_phrase_from(std::string_view words);

}  // namespace infinium::maestro
