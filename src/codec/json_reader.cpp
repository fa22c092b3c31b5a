#include "codec/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/plain_run.h"
#include "codec/utf8.h"

namespace infinium::codec {
namespace {

/// Objects with more keys than this are checked for duplicates once, by sorting, at their end: no
/// choice of keys makes that slow, as it would a scan or a hash table.
constexpr std::size_t kScannedKeysMax = 16;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_code_point(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0u | code >> 6u);
    put(0x80u | (code & 0x3Fu));
  } else if (code < 0x10000) {
    put(0xE0u | code >> 12u);
    put(0x80u | (code >> 6u & 0x3Fu));
    put(0x80u | (code & 0x3Fu));
  } else {
    put(0xF0u | code >> 18u);
    put(0x80u | (code >> 12u & 0x3Fu));
    put(0x80u | (code >> 6u & 0x3Fu));
    put(0x80u | (code & 0x3Fu));
  }
}

constexpr bool is_high_surrogate(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

JsonReader::JsonReader(std::string_view text,
                       std::size_t depth_max,
                       std::size_t offset,
                       std::size_t depth)
    : begin_(text.data()),
      end_(text.data() + text.size()),
      at_(text.data() + offset),
      depth_max_(std::min(depth_max, kDepthCeiling)),
      depth_(depth) {}

std::size_t JsonReader::offset() {
  skip_space();
  return static_cast<std::size_t>(at_ - begin_);
}

bool JsonReader::fail(std::string_view what, const char* at) {
  if (fault_.empty()) {
    fault_ = what;
    fault_offset_ = static_cast<std::size_t>(at - begin_);
  }
  return false;
}

Error JsonReader::error() const {
  return Error{Code::malformed,
               fmt::format("not valid JSON: {} at byte {}", fault_, fault_offset_)};
}

JsonType JsonReader::peek() {
  skip_space();
  if (at_ == end_) {
    fail(begin_ == end_ ? "the text is empty" : "the text ends where a value was expected", at_);
    return JsonType::malformed;
  }
  switch (*at_) {
    case '{':
      return JsonType::object;
    case '[':
      return JsonType::array;
    case '"':
      return JsonType::string;
    case 't':
    case 'f':
      return JsonType::boolean;
    case 'n':
      return JsonType::null;
    default:
      break;
  }
  if (*at_ == '-' || is_digit(*at_)) {
    return JsonType::number;
  }
  const bool mark = at_ == begin_ && std::string_view(at_, end_).starts_with("\xEF\xBB\xBF");
  fail(mark ? "a byte order mark is not allowed" : "a value was expected", at_);
  return JsonType::malformed;
}

bool JsonReader::expect(char c, const char* otherwise) {
  return consume(c) || fail(otherwise, at_);
}

bool JsonReader::open() {
  if (depth_ >= depth_max_) {
    return fail(fmt::format("values are nested deeper than {} levels", depth_max_), at_);
  }
  ++depth_;
  ++at_;
  return true;
}

bool JsonReader::read_key(std::size_t first_key, std::string_view& key) {
  skip_space();
  const char* const start = at_;
  if (at_ == end_ || *at_ != '"') {
    return fail("a key in double quotes was expected", at_);
  }
  std::string unescaped;
  if (!read_string_view(key, unescaped)) {
    return false;
  }
  if (!unescaped.empty()) {
    key = unescaped_keys_.emplace_back(std::move(unescaped));
  }
  if (keys_.size() - first_key < kScannedKeysMax) {
    for (std::size_t i = first_key; i < keys_.size(); ++i) {
      if (keys_[i].text == key) {
        return fail("a key stands twice in one object", start);
      }
    }
  }
  keys_.push_back({key, static_cast<std::size_t>(start - begin_)});
  return expect(':', "a colon was expected after the key");
}

bool JsonReader::close_object(std::size_t first_key) {
  --depth_;
  const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
  if (keys_.size() - first_key > kScannedKeysMax) {
    std::sort(first, keys_.end(), [](const Key& a, const Key& b) {
      return a.text != b.text ? a.text < b.text : a.offset < b.offset;
    });
    const auto twice = std::adjacent_find(
        first, keys_.end(), [](const Key& a, const Key& b) { return a.text == b.text; });
    if (twice != keys_.end()) {
      return fail("a key stands twice in one object", begin_ + std::next(twice)->offset);
    }
  }
  keys_.erase(first, keys_.end());
  return true;
}

bool JsonReader::expect_word(std::string_view word) {
  if (!std::string_view(at_, end_).starts_with(word)) {
    return fail("a value was expected", at_);
  }
  at_ += word.size();
  return true;
}

bool JsonReader::read_null() { return expect_word("null"); }

bool JsonReader::read_bool(bool& out) {
  out = *at_ == 't';
  return expect_word(out ? "true" : "false");
}

bool JsonReader::scan_digits() {
  if (at_ == end_ || !is_digit(*at_)) {
    return fail("a digit was expected in a number", at_);
  }
  while (at_ != end_ && is_digit(*at_)) {
    ++at_;
  }
  return true;
}

bool JsonReader::read_number(std::string_view& out) {
  const char* const start = at_;
  if (*at_ == '-') {
    ++at_;
  }
  const char* const digits = at_;
  if (!scan_digits()) {
    return false;
  }
  if (*digits == '0' && at_ - digits > 1) {
    return fail("a number has a leading zero", digits);
  }
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!scan_digits()) {
      return false;
    }
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) {
      ++at_;
    }
    if (!scan_digits()) {
      return false;
    }
  }
  out = std::string_view(start, at_);
  return true;
}

/// Moves over characters that stand for themselves, up to a quote or a backslash.
bool JsonReader::scan_plain() {
  while (at_ != end_) {
    at_ = plain_run_end(at_, end_);
    if (at_ == end_) {
      break;
    }
    if (*at_ == '"' || *at_ == '\\') {
      return true;
    }
    if (static_cast<unsigned char>(*at_) < 0x20) {
      return fail("a control character in a string must be escaped", at_);
    }
    const std::size_t length = utf8_sequence_length(at_, end_);
    if (length == 0) {
      return fail("a string is not valid UTF-8", at_);
    }
    at_ += length;
  }
  return fail("the text ends inside a string", at_);
}

/// Gives a view of the text if the string has no escapes, else of `unescaped`.
bool JsonReader::read_string_view(std::string_view& out, std::string& unescaped) {
  const char* run = ++at_;
  if (!scan_plain()) {
    return false;
  }
  if (*at_ == '"') {
    out = std::string_view(run, at_++);
    return true;
  }
  unescaped.clear();
  while (*at_ == '\\') {
    unescaped.append(run, at_);
    if (!read_escape(unescaped)) {
      return false;
    }
    run = at_;
    if (!scan_plain()) {
      return false;
    }
  }
  unescaped.append(run, at_++);
  out = unescaped;
  return true;
}

bool JsonReader::read_string(std::string& out) {
  std::string_view view;
  if (!read_string_view(view, out)) {
    return false;
  }
  if (view.data() != out.data()) {
    out.assign(view);
  }
  return true;
}

bool JsonReader::read_escape(std::string& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (end_ - at_ < 2) {
    return fail("the text ends inside a string", end_);
  }
  if (at_[1] == 'u') {
    return read_unicode_escape(out);
  }
  const std::size_t which = kLetters.find(at_[1]);
  if (which == std::string_view::npos) {
    return fail("an escape in a string is not one of JSON's", at_);
  }
  out.push_back(kMeanings[which]);
  at_ += 2;
  return true;
}

bool JsonReader::read_unicode_escape(std::string& out) {
  const char* const start = at_;
  unsigned unit = 0;
  if (!read_hex4(at_, unit)) {
    return fail("a \\u escape needs four hexadecimal digits", start);
  }
  at_ += 6;
  unsigned low = 0;
  if (is_high_surrogate(unit) && read_hex4(at_, low) && is_low_surrogate(low)) {
    at_ += 6;
    append_code_point(out, 0x10000u + ((unit - 0xD800u) << 10u) + (low - 0xDC00u));
  } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
    lone_surrogates_.push_back(static_cast<std::size_t>(start - begin_));
    append_code_point(out, 0xFFFD);
  } else {
    append_code_point(out, unit);
  }
  return true;
}

/// The value of a `\uXXXX` escape at `at`; false if there is none.
bool JsonReader::read_hex4(const char* at, unsigned& out) {
  if (end_ - at < 6 || at[0] != '\\' || at[1] != 'u') {
    return false;
  }
  out = 0;
  for (int i = 2; i < 6; ++i) {
    const char c = at[i];
    unsigned digit = 0;
    if (is_digit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return false;
    }
    out = out * 16 + digit;
  }
  return true;
}

bool JsonReader::skip() {
  std::string_view unused;
  bool unused_bool = false;
  switch (peek()) {
    case JsonType::null:
      return read_null();
    case JsonType::boolean:
      return read_bool(unused_bool);
    case JsonType::number:
      return read_number(unused);
    case JsonType::string:
      return read_string_view(unused, dropped_);
    case JsonType::array:
      return read_array([this] { return skip(); });
    case JsonType::object:
      return read_object([this](std::string_view) { return skip(); });
    case JsonType::malformed:
      break;
  }
  return false;
}

bool JsonReader::read_any(Json::Array& out) {
  return read_array([&] { return read_any(out.emplace_back()); });
}

bool JsonReader::read_any(Json& out) {
  const JsonType type = peek();
  if (type == JsonType::null) {
    out = nullptr;
    return read_null();
  }
  if (type == JsonType::boolean) {
    bool value = false;
    const bool read = read_bool(value);
    out = value;
    return read;
  }
  if (type == JsonType::number) {
    std::string_view text;
    const bool read = read_number(text);
    out = JsonNumber{std::string(text)};
    return read;
  }
  if (type == JsonType::string) {
    std::string text;
    const bool read = read_string(text);
    out = std::move(text);
    return read;
  }
  if (type == JsonType::array) {
    Json::Array items;
    const bool read = read_any(items);
    out = std::move(items);
    return read;
  }
  if (type == JsonType::object) {
    Json::Object members;
    const bool read = read_object([&](std::string_view key) {
      return read_any(members.emplace_back(JsonMember{std::string(key), {}}).value);
    });
    out = std::move(members);
    return read;
  }
  return false;
}

bool JsonReader::finish() {
  skip_space();
  return at_ == end_ || fail("more bytes follow the end of the value", at_);
}

bool is_json_number(std::string_view text) {
  if (text.empty() || !(text.front() == '-' || is_digit(text.front()))) {
    return false;
  }
  JsonReader reader(text, 0);
  std::string_view number;
  return reader.read_number(number) && number.size() == text.size();
}

}  // namespace infinium::codec
