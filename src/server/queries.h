#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "infinium/result.h"
#include "server/target.h"
#include "store/store.h"

namespace infinium::server {

/// The filter that a list's query parameters spell. Error: `invalid_argument` with the parameter.
[[nodiscard]] Result<store::ListQuery> parse_list_query(const Target& target);

/// `?wait=SECONDS`, 0 if absent. Error: `invalid_argument` (no number from 0 to 60).
[[nodiscard]] Result<std::chrono::milliseconds> parse_wait(const Target& target);

/// An id in a path. Error: `invalid_argument` with `field`.
[[nodiscard]] Result<Uuid> parse_path_id(std::string_view text, std::string field);

/// The verdict of that JSON name.
[[nodiscard]] std::optional<Verdict> verdict_named(std::string_view name);

/// The answer to a list call.
[[nodiscard]] std::string encode_page(const store::TracePage& page);

}  // namespace infinium::server
