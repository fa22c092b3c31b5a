#include "codec/utf8.h"

#include <algorithm>

namespace infinium::codec {
namespace {

unsigned byte_at(const char* at) { return static_cast<unsigned char>(*at); }

bool is_continuation(const char* at) { return (byte_at(at) & 0xC0u) == 0x80u; }

}  // namespace

std::size_t utf8_sequence_length(const char* at, const char* end) {
  const unsigned lead = byte_at(at);
  const auto left = static_cast<std::size_t>(end - at);
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xC2 || lead > 0xF4) {
    return 0;
  }
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (left < length ||
      !std::all_of(at + 1, at + length, [](const char& c) { return is_continuation(&c); })) {
    return 0;
  }
  const unsigned second = byte_at(at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

bool is_valid_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const std::size_t length = utf8_sequence_length(at, end);
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](const char& c) { return !is_continuation(&c); }));
}

}  // namespace infinium::codec
