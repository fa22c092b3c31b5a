#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// What a JSON text is at its top.
struct JsonShape {
  enum class Kind { object, array, scalar };
  Kind kind = Kind::scalar;
  std::vector<std::string> keys;  ///< of a top-level object, as written between the quotes
  std::size_t size = 0;           ///< members or elements at the top
};

/// The shape of a text that is one JSON value and nothing else; nothing if it is not, or is nested
/// deeper than 64. Linear.
[[nodiscard]] std::optional<JsonShape> read_json_shape(std::string_view text);

}  // namespace infinium::maestro
