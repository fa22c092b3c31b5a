#pragma once

#include <string_view>
#include <vector>

namespace infinium::maestro {

/// The number that a word states ("two", "zwölf", "doce", "dozen"), 2–20; 0 for any other word.
/// English, German, Spanish, French, Portuguese.
[[nodiscard]] int number_word(std::string_view folded);

/// The numbers that a text states in words, in order, at most 32.
[[nodiscard]] std::vector<double> number_words(std::string_view text);

}  // namespace infinium::maestro
