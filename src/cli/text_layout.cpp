#include "cli/text_layout.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "codec/utf8.h"

namespace infinium::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
  std::string_view bytes;
  char32_t code = 0;
};

/// The first character of a text that is not empty; a byte that is not UTF-8 is one by itself.
Character first_character(std::string_view text) {
  const std::size_t length = codec::utf8_sequence_length(text.data(), text.data() + text.size());
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  switch (length) {
    case 1:
      return {text.substr(0, 1), byte(0)};
    case 2:
      return {text.substr(0, 2), (byte(0) & 0x1Fu) << 6u | (byte(1) & 0x3Fu)};
    case 3:
      return {text.substr(0, 3),
              (byte(0) & 0x0Fu) << 12u | (byte(1) & 0x3Fu) << 6u | (byte(2) & 0x3Fu)};
    case 4:
      return {text.substr(0, 4),
              (byte(0) & 0x07u) << 18u | (byte(1) & 0x3Fu) << 12u | (byte(2) & 0x3Fu) << 6u |
                  (byte(3) & 0x3Fu)};
    default:
      return {text.substr(0, 1), 0xFFFD};
  }
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool any_has(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

bool steers_terminal(char32_t code) {
  constexpr std::array kSteering{Range{0x00, 0x1F},
                                 Range{0x7F, 0x9F},
                                 Range{0x200E, 0x200F},
                                 Range{0x2028, 0x202E},
                                 Range{0x2066, 0x2069}};
  return any_has(kSteering, code);
}

std::size_t width_of(char32_t code) {
  constexpr std::array kNone{
      Range{0x0300, 0x036F}, Range{0x200B, 0x200D}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}};
  constexpr std::array kWide{Range{0x1100, 0x115F},
                             Range{0x2E80, 0xA4CF},
                             Range{0xAC00, 0xD7A3},
                             Range{0xF900, 0xFAFF},
                             Range{0xFE30, 0xFE6F},
                             Range{0xFF00, 0xFF60},
                             Range{0xFFE0, 0xFFE6},
                             Range{0x1F300, 0x1FAFF},
                             Range{0x20000, 0x3FFFD}};
  return any_has(kNone, code) ? 0 : any_has(kWide, code) ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_character(text);
    if (next.code == '\n' || next.code == '\r' || next.code == '\t') {
      out += ' ';
    } else if (steers_terminal(next.code) || next.code == 0xFFFD) {
      out += kReplacement;
    } else {
      out += next.bytes;
    }
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    sum += width_of(next.code);
    text.remove_prefix(next.bytes.size());
  }
  return sum;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  const auto finish_line = [&] {
    if (!line.empty()) {
      lines.push_back(std::move(line));
    }
    line.clear();
    used = 0;
  };
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const std::size_t word_width = columns(word);
    if (used > 0 && used + 1 + word_width > width) {
      finish_line();
    }
    if (used > 0) {
      line += ' ';
      ++used;
    }
    while (!word.empty()) {
      const Character next = first_character(word);
      if (used > 0 && used + width_of(next.code) > width) {
        finish_line();
      }
      line += next.bytes;
      used += width_of(next.code);
      word.remove_prefix(next.bytes.size());
    }
  }
  finish_line();
  return lines;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (columns(text) <= width) {
    return std::string(text);
  }
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    if (used + width_of(next.code) + 1 > width) {
      break;
    }
    out += next.bytes;
    used += width_of(next.code);
    text.remove_prefix(next.bytes.size());
  }
  return out + "…";
}

}  // namespace infinium::cli
