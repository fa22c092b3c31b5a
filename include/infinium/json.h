#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace infinium {

struct JsonMember;

/// A number as it was written. The text is kept, so that a number of any size is given back
/// unchanged; it is always a valid JSON number.
struct JsonNumber {
  std::string text = "0";

  /// The nearest double, or infinity where it is out of range.
  [[nodiscard]] double as_double() const;
  /// The exact integer value (12.0 and 12 both give 12), or nothing if fractional or out of range.
  [[nodiscard]] std::optional<std::int64_t> as_int64() const;
  bool operator==(const JsonNumber&) const = default;
};

/// A JSON value for the free-form parts of a trace. Objects keep the order of their keys.
/// A plain value: copied deeply, no thread may write while another reads.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  Json() = default;
  Json(std::nullptr_t) {}                               // NOLINT: implicit, as in JSON itself
  Json(bool value) : value_(value) {}                   // NOLINT: implicit
  Json(double value);                                   // NOLINT: implicit; not finite becomes null
  Json(std::int64_t value);                             // NOLINT: implicit
  Json(int value) : Json(std::int64_t{value}) {}        // NOLINT: implicit
  Json(JsonNumber value) : value_(std::move(value)) {}  // NOLINT: implicit
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT: implicit
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT: implicit
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT: implicit
  Json(Array value);                                            // NOLINT: implicit
  Json(Object value);                                           // NOLINT: implicit

  [[nodiscard]] bool is_null() const noexcept { return value_.index() == 0; }
  /// The value if it is of that kind, else null; borrowed until this Json changes.
  [[nodiscard]] const bool* if_bool() const noexcept { return std::get_if<1>(&value_); }
  [[nodiscard]] const JsonNumber* if_number() const noexcept { return std::get_if<2>(&value_); }
  [[nodiscard]] const std::string* if_string() const noexcept { return std::get_if<3>(&value_); }
  [[nodiscard]] const Array* if_array() const noexcept { return std::get_if<4>(&value_); }
  [[nodiscard]] const Object* if_object() const noexcept { return std::get_if<5>(&value_); }
  [[nodiscard]] Array* if_array() noexcept { return std::get_if<4>(&value_); }
  [[nodiscard]] Object* if_object() noexcept { return std::get_if<5>(&value_); }

  /// The member of that name, or null if this is no object or has none.
  [[nodiscard]] const Json* find(std::string_view key) const noexcept;

  bool operator==(const Json&) const;

 private:
  std::variant<std::nullptr_t, bool, JsonNumber, std::string, Array, Object> value_;
};

struct JsonMember {
  std::string key;
  Json value;
  bool operator==(const JsonMember&) const = default;
};

}  // namespace infinium
