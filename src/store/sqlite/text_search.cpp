#include "store/sqlite/text_search.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace infinium::store::sqlite {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The four hexadecimal digits at the start of `text`.
std::optional<std::uint32_t> hex4(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 4) {
    return std::nullopt;
  }
  const auto [end, code] = std::from_chars(text.data(), text.data() + 4, value, 16);
  return end == text.data() + 4 && code == std::errc() ? std::optional(value) : std::nullopt;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

/// Undoes a `\u` escape whose digits start at `digits`; returns how many characters it took after
/// the `u` (0: no valid escape).
std::size_t append_unicode_escape(std::string_view digits, std::string& out) {
  const std::optional<std::uint32_t> first = hex4(digits);
  if (!first) {
    return 0;
  }
  const bool high = *first >= 0xd800 && *first < 0xdc00;
  if (high && digits.size() >= 10 && digits[4] == '\\' && digits[5] == 'u') {
    const std::optional<std::uint32_t> second = hex4(digits.substr(6));
    if (second && *second >= 0xdc00 && *second < 0xe000) {
      append_utf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
      return 10;
    }
  }
  append_utf8(out, *first);
  return 4;
}

char plain_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return c;  // a quote, a slash, a backslash
  }
}

}  // namespace

void unescape_json(std::string_view json, std::string& out) {
  out.clear();
  std::size_t at = 0;
  while (at < json.size()) {
    const std::size_t escape = std::min(json.find('\\', at), json.size());
    out.append(json, at, escape - at);
    if (escape + 1 >= json.size()) {
      return;
    }
    at = escape + 2;
    if (json[escape + 1] == 'u') {
      at += append_unicode_escape(json.substr(at), out);
    } else {
      out += plain_escape(json[escape + 1]);
    }
  }
}

TextFilter::TextFilter(std::string_view wanted) : wanted_(wanted) {
  std::ranges::transform(wanted_, wanted_.begin(), lower);
}

bool TextFilter::in_text(std::string_view text) const {
  const auto same = [](char in_text, char wanted) { return lower(in_text) == wanted; };
  return wanted_.empty() || !std::ranges::search(text, wanted_, same).empty();
}

bool TextFilter::in_json(std::string_view json) {
  if (json.find('\\') == std::string_view::npos) {
    return in_text(json);
  }
  unescape_json(json, unescaped_);
  return in_text(unescaped_);
}

}  // namespace infinium::store::sqlite
