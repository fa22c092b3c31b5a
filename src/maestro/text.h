#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Words and counts of UTF-8 text, the same on every machine: no locale, ASCII and Latin folding.
namespace infinium::maestro {

/// One word of a text: a run of letters, digits and marks inside it (`_`, `'`).
struct Word {
  std::size_t start = 0;  ///< bytes, [start, end)
  std::size_t end = 0;
};

/// Words in order. A run of Chinese or Japanese letters counts one word a letter.
[[nodiscard]] std::vector<Word> find_words(std::string_view text);

[[nodiscard]] std::size_t count_code_points(std::string_view text);
[[nodiscard]] std::size_t count_words(std::string_view text);
/// Sentences end with . ! ? … or 。！？ before a space, the end or a quotation mark; a mark inside
/// a number, an abbreviation of one letter or a URL ends none. A last sentence without a mark
/// counts.
[[nodiscard]] std::size_t count_sentences(std::string_view text);
[[nodiscard]] std::size_t count_lines(std::string_view text);  ///< not blank
/// Lines that open with -, *, •, or a number and a dot or bracket.
[[nodiscard]] std::size_t count_list_items(std::string_view text);

/// Lower case for ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic; full-width forms become
/// ASCII. Other letters stay. The length in bytes may change.
[[nodiscard]] std::string fold_case(std::string_view text);

/// Where `folded_needle` (already folded) stands in `text`, letter case aside, as whole words where
/// the needle begins or ends with a letter or digit; bytes of `text`. Linear.
struct Match {
  std::size_t start = 0;
  std::size_t end = 0;
};
[[nodiscard]] std::optional<Match> find_folded(std::string_view text,
                                               std::string_view folded_needle);

[[nodiscard]] std::string_view trim(std::string_view text);

/// The longest prefix of at most `bytes_max` bytes that ends between code points.
[[nodiscard]] std::string_view prefix_of(std::string_view text, std::size_t bytes_max);

}  // namespace infinium::maestro
