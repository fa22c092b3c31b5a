#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infinium/json.h"

/// Reading an answer whose shape may vary: what is missing or of another kind is simply not there.
namespace infinium::cli {

/// The text under `key`, or "".
[[nodiscard]] std::string_view text_at(const Json& object, std::string_view key);
/// The number under `key` as it was written, or nothing.
[[nodiscard]] std::optional<std::string> digits_at(const Json& object, std::string_view key);
[[nodiscard]] std::optional<double> number_at(const Json& object, std::string_view key);
[[nodiscard]] bool flag_at(const Json& object, std::string_view key);
/// The list under `key`, or an empty one.
[[nodiscard]] const Json::Array& list_at(const Json& object, std::string_view key);

}  // namespace infinium::cli
