#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "infinium/json.h"

/// A trace as plain values: what an agent did, in the words of the agent.
///
/// Members stand in the order and under the names of the Python dataclasses. An absent value is an
/// empty optional, an empty string list or an empty map. Each struct describes itself once, with
/// `describe(visitor)`, which calls `visitor(json_key, &Struct::member, FieldRule)` for every field
/// in wire order: the JSON reader, the JSON writer, validation and the Python binding all follow
/// that one list. `extra` keeps the keys that match no field, so that nothing sent is lost.
namespace infinium {

/// The kinds of value a free-form field may take; combined with `|` in FieldRule::json_kinds.
enum JsonKind : unsigned { json_text = 1, json_list = 2, json_object = 4 };

/// What a field's value must satisfy. Lengths count Unicode code points.
struct FieldRule {
  bool required = false;
  std::size_t chars_min = 0;
  std::size_t chars_max = SIZE_MAX;
  double min = -1e308;
  double max = 1e308;
  bool iso_datetime = false;   ///< ISO 8601 in the years 1900–2100
  unsigned json_kinds = 0xff;  ///< for a free-form field: which of JsonKind it takes
};

inline constexpr FieldRule kOptional{};
inline constexpr FieldRule kRequired{.required = true};
inline constexpr FieldRule kTextOrList{.json_kinds = json_text | json_list};
inline constexpr FieldRule kTextOrObject{.json_kinds = json_text | json_object};
inline constexpr FieldRule kObject{.json_kinds = json_object};

using Strings = std::vector<std::string>;
using Text = std::optional<std::string>;
using Int = std::optional<std::int64_t>;
using Real = std::optional<double>;
using Bool = std::optional<bool>;
using AnyJson = std::optional<Json>;         ///< a free-form value of the kinds its rule allows
using AnyList = std::optional<Json::Array>;  ///< a list of anything

}  // namespace infinium
