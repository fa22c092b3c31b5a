#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "infinium/field.h"
#include "infinium/json.h"
#include "infinium/result.h"

/// The rules of a payload's fields, shared by the reader and by the check of traces in memory.
namespace infinium::codec {

/// One link of the way to a field. Links live on the stack and point up, so that a path costs
/// nothing until an error needs its text.
struct Path {
  static constexpr std::size_t kNoIndex = SIZE_MAX;

  const Path* parent = nullptr;
  std::string_view key;
  std::size_t index = kNoIndex;  ///< if set, this link is an item of a list and has no key

  /// Such as `steps[3].tool_call.tool_name`; a long key is cut.
  [[nodiscard]] std::string to_string() const;
};

/// The error of a field: `fault` is the rest of the sentence that begins with its path.
[[nodiscard]] Error field_error(const Path& path, std::string_view fault);

/// `too_large`: a list has more than `items_max` items.
[[nodiscard]] Error too_many_items(const Path& path, std::size_t items_max);

/// `too_large` for a payload of more than `bytes_max`.
[[nodiscard]] Status check_payload_size(std::size_t bytes, std::size_t bytes_max);

/// What is wrong with a valid UTF-8 text under its rule, as the end of a sentence; empty if
/// nothing.
[[nodiscard]] std::string text_fault(std::string_view text, const FieldRule& rule);

/// The same for a number.
[[nodiscard]] std::string number_fault(double number, const FieldRule& rule);

/// Whether a free-form field takes a value of any kind, numbers included.
[[nodiscard]] constexpr bool takes_any_kind(const FieldRule& rule) {
  return rule.json_kinds == FieldRule{}.json_kinds;
}

/// What a free-form field of these `json_kinds` takes, e.g. "a string or a list".
[[nodiscard]] std::string allowed_kinds(unsigned json_kinds);

/// Whether a field is a time in milliseconds, which clients measure in fractions.
[[nodiscard]] constexpr bool is_milliseconds(std::string_view key) { return key.ends_with("_ms"); }

struct IgnoreSections {
  void operator()() const {}
};

/// Makes functions into what `describe` wants: `on_field(key, member, rule)`, and `on_sections()`
/// at the place of the sections.
template <class OnField, class OnSections = IgnoreSections>
struct FieldVisitor {
  OnField on_field;
  OnSections on_sections{};
  template <class Member>
  void operator()(std::string_view key, Member member, const FieldRule& rule) const {
    on_field(key, member, rule);
  }
  void sections() const { on_sections(); }
};
template <class F>
FieldVisitor(F) -> FieldVisitor<F>;
template <class F, class S>
FieldVisitor(F, S) -> FieldVisitor<F, S>;

/// Whether an optional value is null or an empty object or list: such are never sent, so that an
/// empty one and none are the same payload.
template <class T>
bool is_empty_value(const T& value) {
  if constexpr (std::is_same_v<T, Json>) {
    return value.is_null() || (value.if_array() != nullptr && value.if_array()->empty()) ||
           (value.if_object() != nullptr && value.if_object()->empty());
  } else if constexpr (std::is_same_v<T, Json::Array>) {
    return value.empty();
  } else if constexpr (requires { value.extra; }) {
    bool always_written = false;
    T::describe(FieldVisitor{[&](std::string_view, auto, const FieldRule& rule) {
      always_written = always_written || rule.required;
    }});
    return !always_written && value == T{};
  } else {
    return false;
  }
}

}  // namespace infinium::codec
