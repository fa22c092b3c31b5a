#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "infinium/result.h"

namespace infinium::server {

enum class Encoding { identity, gzip, zstd };

/// The encoding a Content-Encoding header names; nothing if we cannot undo it.
[[nodiscard]] std::optional<Encoding> parse_encoding(std::string_view header);

/// Undoes an encoding. Stops as soon as more than `bytes_max` come out, whatever the input
/// promises. Errors: `too_large`, `malformed` (broken, cut short, or followed by other bytes).
[[nodiscard]] Result<std::string> decode_body(Encoding encoding,
                                              std::string body,
                                              std::size_t bytes_max);

}  // namespace infinium::server
