#include "maestro/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

namespace infinium::maestro {
namespace {

/// Length of the sequence that a lead byte announces; 1 for a byte that leads nothing.
std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xF0 && lead <= 0xF4) {
    return 4;
  }
  if (lead >= 0xE0) {
    return lead < 0xF0 ? 3 : 1;
  }
  return lead >= 0xC2 ? 2 : 1;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

bool ends_sentence(char32_t code) {
  return code == '.' || code == '!' || code == '?' || code == 0x2026 || code == 0x3002 ||
         code == 0xFF01 || code == 0xFF1F;
}

bool is_wide_sentence_end(char32_t code) {
  return code == 0x3002 || code == 0xFF01 || code == 0xFF1F;
}

bool is_space_code_point(char32_t code) {
  return code <= 0x20 || code == 0xA0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200B) ||
         code == 0x202F;
}

/// Whether the dot at `dot` belongs to a word such as "e.g" or "J": one letter before it.
bool follows_single_letter(std::string_view text, std::size_t dot) {
  if (dot == 0 || !is_letter(text[dot - 1])) {
    return false;
  }
  return dot == 1 || is_space(text[dot - 2]) || text[dot - 2] == '.' || text[dot - 2] == '(';
}

/// The byte after the run of ASCII that begins at `pos`; eight bytes at a time.
std::size_t end_of_ascii(std::string_view text, std::size_t pos) {
  for (; pos + 8 <= text.size(); pos += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + pos, 8);
    if ((eight & 0x8080808080808080ull) != 0) {
      break;
    }
  }
  while (pos < text.size() && static_cast<unsigned char>(text[pos]) < 0x80) {
    ++pos;
  }
  return pos;
}

/// Eight ASCII bytes in lower case: a capital has the bit 0x20 set, other bytes stay.
std::uint64_t lower_eight(std::uint64_t eight) {
  constexpr std::uint64_t kEach = 0x0101010101010101ull;
  const std::uint64_t from_a = eight + kEach * (0x80u - 'A');
  const std::uint64_t past_z = eight + kEach * (0x80u - 'Z' - 1);
  return eight | (((from_a & ~past_z) & (kEach * 0x80u)) >> 2u);
}

/// ASCII in lower case, in place.
void to_lower(std::span<char> ascii) {
  std::size_t at = 0;
  for (; at + 8 <= ascii.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, ascii.data() + at, 8);
    eight = lower_eight(eight);
    std::memcpy(ascii.data() + at, &eight, 8);
  }
  for (; at < ascii.size(); ++at) {
    ascii[at] = static_cast<char>(ascii[at] + (is_upper(ascii[at]) ? 32 : 0));
  }
}

bool is_word_byte(char c) { return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }

/// Whether the letter that the byte at `pos` belongs to goes on a word beside it; kanji and kana do
/// not, nor do marks of any script.
bool joins_word(std::string_view text, std::size_t pos) {
  while (pos > 0 && is_continuation(text[pos])) {
    --pos;
  }
  const char32_t code = next_code_point(text, pos);
  return is_word_code_point(code) && !is_cjk(code);
}

bool on_word_border(std::string_view text, std::size_t start, std::size_t end) {
  const bool escaped = start >= 2 && text[start - 2] == '\\';  // JSON text: \nEMEA
  const bool left = start == 0 || escaped || !is_word_byte(text[start]) ||
                    !joins_word(text, start - 1) || static_cast<unsigned char>(text[start]) >= 0x80;
  const bool right = end == text.size() || !is_word_byte(text[end - 1]) || !joins_word(text, end) ||
                     static_cast<unsigned char>(text[end - 1]) >= 0x80;
  return left && right;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& pos) {
  const auto lead = static_cast<unsigned char>(text[pos]);
  const std::size_t length = sequence_length(lead);
  if (length == 1 || pos + length > text.size()) {
    ++pos;
    return lead;
  }
  char32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[pos + i])) {
      ++pos;
      return lead;
    }
    code = (code << 6u) | (static_cast<unsigned char>(text[pos + i]) & 0x3Fu);
  }
  pos += length;
  return code;
}

void append_code_point(std::string& out, char32_t code) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0u | (code >> 6u));
    byte(0x80u | (code & 0x3Fu));
  } else if (code < 0x10000) {
    byte(0xE0u | (code >> 12u));
    byte(0x80u | ((code >> 6u) & 0x3Fu));
    byte(0x80u | (code & 0x3Fu));
  } else {
    byte(0xF0u | (code >> 18u));
    byte(0x80u | ((code >> 12u) & 0x3Fu));
    byte(0x80u | ((code >> 6u) & 0x3Fu));
    byte(0x80u | (code & 0x3Fu));
  }
}

char32_t fold_code_point(char32_t code) {
  if (code < 0x80) {
    return code >= 'A' && code <= 'Z' ? code + 32 : code;
  }
  if (code >= 0xFF01 && code <= 0xFF5E) {  // full-width forms
    return fold_code_point(code - 0xFEE0);
  }
  if (code == 0x3000 || code == 0xA0) {
    return ' ';
  }
  if (code >= 0xC0 && code <= 0xDE) {
    return code == 0xD7 ? code : code + 32;
  }
  const bool even_pairs = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
  const bool odd_pairs = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
  if (even_pairs && code % 2 == 0) {
    return code + 1;
  }
  if (odd_pairs && code % 2 == 1) {
    return code + 1;
  }
  if ((code >= 0x391 && code <= 0x3A9) || (code >= 0x410 && code <= 0x42F)) {
    return code + 32;
  }
  return code >= 0x400 && code <= 0x40F ? code + 80 : code;
}

bool is_cjk(char32_t code) {
  return (code >= 0x3040 && code <= 0x30FF) || (code >= 0x3400 && code <= 0x9FFF) ||
         (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x20000 && code <= 0x3FFFF);
}

bool is_word_code_point(char32_t code) {
  if (code < 0x80) {
    return is_alnum(static_cast<char>(code));
  }
  if (code < 0xC0) {
    return code == 0xAA || code == 0xB5 || code == 0xBA;
  }
  if (code == 0xD7 || code == 0xF7) {
    return false;
  }
  const bool punctuation =
      (code >= 0x2000 && code <= 0x2BFF) || (code >= 0x3000 && code <= 0x303F) ||
      (code >= 0xFF01 && code <= 0xFF0F) || (code >= 0xFF1A && code <= 0xFF20) || code >= 0x1F000;
  return !punctuation || code >= 0x20000;
}

std::vector<Word> find_words(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / 5 + 1);
  bool open = false;
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t begin = pos;
    if (is_alnum(text[pos])) {  // most of most texts
      while (pos < text.size() && is_alnum(text[pos])) {
        ++pos;
      }
      if (open) {
        words.back().end = pos;
      } else {
        words.push_back({begin, pos});
        open = true;
      }
      continue;
    }
    const char32_t code = next_code_point(text, pos);
    if (code == '\\' && pos < text.size() && text[pos] != '\\' && is_letter(text[pos])) {
      ++pos;  // an escape of JSON text: \n is no word
      open = false;
    } else if (is_cjk(code)) {
      words.push_back({begin, pos});
      open = false;
    } else if (is_word_code_point(code)) {
      if (open) {
        words.back().end = pos;
      } else {
        words.push_back({begin, pos});
        open = true;
      }
    } else {
      const bool inside = (code == '_' || code == '\'' || code == 0x2019) && open &&
                          pos < text.size() && is_word_byte(text[pos]);
      open = inside;
    }
  }
  return words;
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

bool holds_prose(std::string_view text) {
  std::size_t words = 0;  // side by side
  bool inside = false;
  for (const char c : text) {
    if (is_letter(c)) {
      words += inside ? 0 : 1;
      inside = true;
      if (words == 3) {
        return true;
      }
      continue;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      return true;
    }
    words = inside && c == ' ' ? words : 0;
    inside = false;
  }
  return false;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  bool open = false;  // a word has begun and no blank has ended it
  for (std::size_t pos = 0; pos < text.size();) {
    const char32_t code = next_code_point(text, pos);
    if (is_cjk(code)) {
      ++count;
      open = false;
    } else if (is_space_code_point(code)) {
      open = false;
    } else if (is_word_code_point(code) && !open) {
      ++count;
      open = true;
    }
  }
  return count;
}

std::size_t count_sentences(std::string_view text) {
  std::size_t count = 0;
  bool has_words = false;
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t begin = pos;
    const char32_t code = next_code_point(text, pos);
    if (is_word_code_point(code)) {
      has_words = true;
      continue;
    }
    if (!ends_sentence(code) || !has_words) {
      continue;
    }
    std::size_t after = pos;
    const char32_t next = after < text.size() ? next_code_point(text, after) : U' ';
    const bool closes = is_space_code_point(next) || next == '"' || next == '\'' || next == ')' ||
                        next == '*' || next == 0x201D || next == 0x300D;
    const bool abbreviation = code == '.' && follows_single_letter(text, begin);
    if (is_wide_sentence_end(code) || (closes && !abbreviation)) {
      ++count;
      has_words = false;
    }
  }
  return count + (has_words ? 1 : 0);
}

namespace {

/// Calls `line(text)` for each line.
template <class F>
void for_each_line(std::string_view text, F line) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool opens_list_item(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") ||
      line.starts_with("\u2022")) {
    return true;
  }
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) {
    ++digits;
  }
  return digits > 0 && digits <= 3 && digits + 1 < line.size() &&
         (line[digits] == '.' || line[digits] == ')') && is_space(line[digits + 1]);
}

}  // namespace

std::size_t count_lines(std::string_view text) {
  std::size_t count = 0;
  for_each_line(text, [&count](std::string_view line) { count += trim(line).empty() ? 0u : 1u; });
  return count;
}

std::size_t count_list_items(std::string_view text) {
  std::size_t count = 0;
  for_each_line(
      text, [&count](std::string_view line) { count += opens_list_item(trim(line)) ? 1u : 0u; });
  return count;
}

std::string fold_case(std::string_view text) {
  std::size_t pos = end_of_ascii(text, 0);
  std::string folded(text.substr(0, pos));
  to_lower(folded);
  if (pos == text.size()) {
    return folded;
  }
  folded.reserve(text.size());
  while (pos < text.size()) {
    const std::size_t end = end_of_ascii(text, pos);
    const std::size_t before = folded.size();
    folded.append(text.substr(pos, end - pos));
    to_lower(std::span(folded).subspan(before));
    pos = end;
    while (pos < text.size() && static_cast<unsigned char>(text[pos]) >= 0x80) {
      append_code_point(folded, fold_code_point(next_code_point(text, pos)));
    }
  }
  return folded;
}

FoldedText::FoldedText(std::string_view text) {
  if (end_of_ascii(text, 0) == text.size()) {
    text_ = text;
    to_lower(text_);
    return;
  }
  text_.reserve(text.size());
  origin_.reserve(text.size() + 1);
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t begin = pos;
    append_code_point(text_, fold_code_point(next_code_point(text, pos)));
    while (origin_.size() < text_.size()) {
      origin_.push_back(begin);
    }
  }
  origin_.push_back(text.size());
}

std::optional<Match> FoldedText::find(std::string_view folded_needle) const {
  constexpr std::size_t kNeedleMax = 1024;  // keeps the search linear in the text
  folded_needle = prefix_of(folded_needle, kNeedleMax);
  if (folded_needle.empty()) {
    return std::nullopt;
  }
  for (std::size_t at = text_.find(folded_needle); at != std::string::npos;
       at = text_.find(folded_needle, at + 1)) {
    const std::size_t end = at + folded_needle.size();
    if (on_word_border(text_, at, end)) {
      return origin_.empty() ? Match{at, end} : Match{origin_[at], origin_[end]};
    }
  }
  return std::nullopt;
}

namespace {

/// FoldedText::find without a copy, for texts that are ASCII throughout.
std::optional<Match> find_ascii(std::string_view text, std::string_view folded_needle) {
  const auto lower = [](char c) { return static_cast<char>(is_upper(c) ? c + 32 : c); };
  const std::size_t size = folded_needle.size();
  const char first = folded_needle.front();
  const char capital = is_lower(first) ? static_cast<char>(first - 32) : first;
  for (std::size_t at = 0; at + size <= text.size(); ++at) {
    if (text[at] != first && text[at] != capital) {
      continue;
    }
    std::size_t same = 1;
    while (same < size && lower(text[at + same]) == folded_needle[same]) {
      ++same;
    }
    if (same == size && on_word_border(text, at, at + size)) {
      return Match{at, at + size};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Match> find_folded(std::string_view text, std::string_view folded_needle) {
  constexpr std::size_t kShort = 64;  // where a needle may be compared at each byte
  if (!folded_needle.empty() && folded_needle.size() <= kShort &&
      end_of_ascii(text, 0) == text.size()) {
    return find_ascii(text, folded_needle);
  }
  return FoldedText(text).find(folded_needle);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view prefix_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return text;
  }
  while (bytes_max > 0 && is_continuation(text[bytes_max])) {
    --bytes_max;
  }
  return text.substr(0, bytes_max);
}

}  // namespace infinium::maestro
