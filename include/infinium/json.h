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

  Json() noexcept;
  Json(std::nullptr_t) noexcept;  // NOLINT: implicit, as in JSON itself
  Json(bool value);               // NOLINT: implicit
  Json(double value);             // NOLINT: implicit; not finite becomes null
  Json(std::int64_t value);       // NOLINT: implicit
  Json(int value);                // NOLINT: implicit
  Json(JsonNumber value);         // NOLINT: implicit
  Json(std::string value);        // NOLINT: implicit
  Json(std::string_view value);   // NOLINT: implicit
  Json(const char* value);        // NOLINT: implicit
  Json(Array value);              // NOLINT: implicit
  Json(Object value);             // NOLINT: implicit
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

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

// Only here, where JsonMember is complete, may the variant be built, copied or destroyed.
inline Json::Json() noexcept = default;
inline Json::Json(std::nullptr_t) noexcept {}
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(int value) : Json(std::int64_t{value}) {}
inline Json::Json(JsonNumber value) : value_(std::move(value)) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(std::string_view value) : value_(std::string(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
inline Json::Json(const Json&) = default;
inline Json::Json(Json&&) noexcept = default;
inline Json& Json::operator=(const Json&) = default;
inline Json& Json::operator=(Json&&) noexcept = default;
inline Json::~Json() = default;

}  // namespace infinium
