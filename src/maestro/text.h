#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Words and counts of UTF-8 text, the same on every machine: no locale, ASCII and Latin folding.
namespace infinium::maestro {

/// The code point at `pos`, which moves past it; a byte that is no valid UTF-8 counts as itself.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& pos);
void append_code_point(std::string& out, char32_t code);
[[nodiscard]] char32_t fold_code_point(char32_t code);
/// Letters and digits of any script; full-width digits too.
[[nodiscard]] bool is_word_code_point(char32_t code);
/// Chinese, Japanese and Korean letters, which are written without spaces.
[[nodiscard]] bool is_cjk(char32_t code);

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) { return is_upper(c) || is_lower(c); }
[[nodiscard]] constexpr bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
[[nodiscard]] constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// One word of a text: a run of letters, digits and marks inside it (`_`, `'`).
struct Word {
  std::size_t start = 0;  ///< bytes, [start, end)
  std::size_t end = 0;
};

/// Words in order. A run of Chinese or Japanese letters counts one word a letter.
[[nodiscard]] std::vector<Word> find_words(std::string_view text);

[[nodiscard]] bool has_digit(std::string_view text);
/// Whether three words of letters stand side by side with a blank between, or any letter is beyond
/// ASCII: a record of names and numbers is none.
[[nodiscard]] bool holds_prose(std::string_view text);

[[nodiscard]] std::size_t count_code_points(std::string_view text);
/// Words as people count them: what stands between blanks and has a letter or digit, so that
/// "12.50", "09:14" and "well-known" are one each. A Chinese or Japanese letter is one.
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

/// Bytes of a text, [start, end).
struct Match {
  std::size_t start = 0;
  std::size_t end = 0;
};

/// A text made ready for many searches that leave letter case aside. Copies the text.
class FoldedText {
 public:
  explicit FoldedText(std::string_view text);

  /// Where `folded_needle` (already folded) stands, as whole words where it begins or ends with a
  /// letter or digit; bytes of the text as given. Linear.
  [[nodiscard]] std::optional<Match> find(std::string_view folded_needle) const;

 private:
  std::string text_;
  std::vector<std::size_t> origin_;  ///< byte of the text by folded byte; empty if all is ASCII
};

/// FoldedText(text).find(folded_needle)
[[nodiscard]] std::optional<Match> find_folded(std::string_view text,
                                               std::string_view folded_needle);

[[nodiscard]] std::string_view trim(std::string_view text);

/// The longest prefix of at most `bytes_max` bytes that ends between code points.
[[nodiscard]] std::string_view prefix_of(std::string_view text, std::size_t bytes_max);

}  // namespace infinium::maestro
