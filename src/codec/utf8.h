#pragma once

#include <cstddef>
#include <string_view>

namespace infinium::codec {

/// Length in bytes of the well-formed UTF-8 sequence at `at` (which is before `end`), or 0 if there
/// is none: overlong forms, surrogates and code points over U+10FFFF are refused (Unicode 3.9,
/// D92).
[[nodiscard]] std::size_t utf8_sequence_length(const char* at, const char* end);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Unicode code points of a valid UTF-8 text.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

}  // namespace infinium::codec
