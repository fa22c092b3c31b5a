#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::codec {

/// Reads one JSON text, strictly (see parse_trace); no `depth_max` over 1,024 counts. Error:
/// `malformed` with the byte offset.
[[nodiscard]] Result<Json> parse_json(std::string_view text,
                                      std::size_t depth_max = limits::kDepthMax);

/// Compact JSON; numbers as they were written, strings with only the escapes that JSON demands.
[[nodiscard]] std::string encode_json(const Json& json);

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace infinium::codec
