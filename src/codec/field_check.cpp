#include "codec/field_check.h"

#include <fmt/format.h>

#include <cmath>

#include "base/clock.h"
#include "codec/utf8.h"

namespace infinium::codec {
namespace {

constexpr std::size_t kShownKeyBytesMax = 64;

std::string shown_key(std::string_view key) {
  if (key.size() <= kShownKeyBytesMax) {
    return std::string(key);
  }
  std::size_t end = kShownKeyBytesMax;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xC0u) == 0x80u) {
    --end;
  }
  return std::string(key.substr(0, end)) + "…";
}

}  // namespace

std::string Path::to_string() const {
  const std::string before = parent == nullptr ? std::string() : parent->to_string();
  if (index != kNoIndex) {
    return fmt::format("{}[{}]", before, index);
  }
  return before.empty() ? shown_key(key) : before + "." + shown_key(key);
}

Error field_error(const Path& path, std::string_view fault) {
  std::string where = path.to_string();
  std::string message = fmt::format("{} {}", where, fault);
  return Error{Code::invalid_argument, std::move(message), std::move(where)};
}

Error too_many_items(const Path& path, std::size_t items_max) {
  Error error =
      field_error(path, fmt::format("has too many items; at most {} are allowed", items_max));
  error.code = Code::too_large;
  return error;
}

Status check_payload_size(std::size_t bytes, std::size_t bytes_max) {
  if (bytes <= bytes_max) {
    return {};
  }
  return Error{Code::too_large,
               fmt::format("the payload has {} bytes; at most {} are allowed", bytes, bytes_max)};
}

std::string text_fault(std::string_view text, const FieldRule& rule) {
  if (rule.iso_datetime && !parse_iso8601(text)) {
    return "must be an ISO 8601 time in the years 1900 to 2100, such as 2026-01-31T12:00:00Z";
  }
  if (text.size() < rule.chars_min) {
    return fmt::format("is too short; at least {} character{} must stand there",
                       rule.chars_min,
                       rule.chars_min == 1 ? "" : "s");
  }
  if (text.size() > rule.chars_max) {
    const std::size_t count = count_code_points(text);
    if (count > rule.chars_max) {
      return fmt::format("has {} characters; at most {} are allowed", count, rule.chars_max);
    }
  }
  return {};
}

std::string number_fault(double number, const FieldRule& rule) {
  if (!std::isfinite(number)) {
    return "is out of range; it must be a finite number";
  }
  if (number < rule.min || number > rule.max) {
    return fmt::format("is {}; it must be a number from {} to {}", number, rule.min, rule.max);
  }
  return {};
}

std::string allowed_kinds(unsigned json_kinds) {
  std::string allowed;
  const auto add = [&](JsonKind kind, std::string_view name) {
    if ((json_kinds & kind) != 0) {
      allowed += allowed.empty() ? "" : " or ";
      allowed += name;
    }
  };
  add(json_text, "a string");
  add(json_list, "a list");
  add(json_object, "an object");
  return allowed;
}

}  // namespace infinium::codec
