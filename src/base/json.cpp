#include "infinium/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace infinium {

double JsonNumber::as_double() const {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    const auto exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string::npos && text[exponent + 1] == '-';
    if (tiny) {
      return 0;
    }
    const double infinity = std::numeric_limits<double>::infinity();
    return text.front() == '-' ? -infinity : infinity;
  }
  return value;
}

std::optional<std::int64_t> JsonNumber::as_int64() const {
  std::int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error == std::errc{} && end == last) {
    return value;
  }
  if (text.find_first_of(".eE") == std::string::npos) {
    return std::nullopt;
  }
  const double real = as_double();
  // 2^53: beyond it a double no longer holds every integer.
  if (!(std::abs(real) <= 9007199254740992.0) || std::trunc(real) != real) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(real);
}

Json::Json(double value) {
  if (std::isfinite(value)) {
    value_ = JsonNumber{fmt::format("{}", value)};
  }
}

Json::Json(std::int64_t value) : value_(JsonNumber{fmt::format("{}", value)}) {}
Json::Json(Array value) : value_(std::move(value)) {}
Json::Json(Object value) : value_(std::move(value)) {}

const Json* Json::find(std::string_view key) const noexcept {
  if (const Object* object = if_object()) {
    for (const JsonMember& member : *object) {
      if (member.key == key) {
        return &member.value;
      }
    }
  }
  return nullptr;
}

bool Json::operator==(const Json&) const = default;

}  // namespace infinium
