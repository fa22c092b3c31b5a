#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "codec/field_check.h"
#include "codec/json_reader.h"
#include "codec/trace_json.h"
#include "codec/utf8.h"

namespace infinium::codec {
namespace {

/// Nesting of an object or list at this path; the payload itself is level 1.
std::size_t depth_of(const Path& path) {
  std::size_t depth = 1;
  for (const Path* link = &path; link != nullptr; link = link->parent) {
    ++depth;
  }
  return depth;
}

/// Walks a trace in memory and keeps the first fault.
class MemoryCheck {
 public:
  explicit MemoryCheck(const ReadLimits& limits) : limits_(limits) {}

  Status check(const TaskData& trace) &&;

 private:
  using Keys = std::vector<std::string_view>;

  void note(const Path& path, std::string_view fault);

  template <class T>
  void check_struct(const T& object, const Path* path);
  void check_trace(const TaskData& trace);
  void check_key(const Path& path);
  /// `keys` are the names that the members must not have.
  void check_members(const Json::Object& members, Keys keys, const Path* parent);
  void check_json(const Json& json, const Path& path);

  void check_field(const std::string& text, const FieldRule& rule, const Path& path);
  void check_field(double number, const FieldRule& rule, const Path& path);
  void check_field(std::int64_t number, const FieldRule& rule, const Path& path);
  void check_field(bool, const FieldRule&, const Path&) {}
  void check_field(const Json& json, const FieldRule& rule, const Path& path);
  void check_field(const Json::Array& items, const FieldRule& rule, const Path& path);
  void check_field(const std::map<std::string, std::string>& texts,
                   const FieldRule& rule,
                   const Path& path);
  template <class T>
  void check_field(const std::optional<T>& value, const FieldRule& rule, const Path& path) {
    if (value) {
      check_field(*value, rule, path);
    }
  }
  template <class T>
  void check_field(const std::vector<T>& items, const FieldRule& rule, const Path& path);
  template <class T>
  void check_field(const T& object, const FieldRule&, const Path& path) {
    check_struct(object, &path);
  }

  const ReadLimits& limits_;
  std::optional<Error> fault_;
};

void MemoryCheck::note(const Path& path, std::string_view fault) {
  if (!fault_ && !fault.empty()) {
    fault_ = field_error(path, fault);
  }
}

void MemoryCheck::check_field(const std::string& text, const FieldRule& rule, const Path& path) {
  note(path, is_valid_utf8(text) ? text_fault(text, rule) : "is not valid UTF-8");
}

void MemoryCheck::check_field(double number, const FieldRule& rule, const Path& path) {
  note(path, number_fault(number, rule));
}

void MemoryCheck::check_field(std::int64_t number, const FieldRule& rule, const Path& path) {
  note(path, number_fault(static_cast<double>(number), rule));
}

void MemoryCheck::check_field(const Json& json, const FieldRule& rule, const Path& path) {
  const unsigned kind = json.if_string() != nullptr   ? unsigned{json_text}
                        : json.if_array() != nullptr  ? unsigned{json_list}
                        : json.if_object() != nullptr ? unsigned{json_object}
                                                      : 0u;
  if (!json.is_null() && !takes_any_kind(rule) && (rule.json_kinds & kind) == 0) {
    note(path, "must be " + allowed_kinds(rule.json_kinds));
  }
  check_json(json, path);
}

void MemoryCheck::check_field(const Json::Array& items, const FieldRule&, const Path& path) {
  for (std::size_t i = 0; i < items.size() && !fault_; ++i) {
    check_json(items[i], Path{&path, {}, i});
  }
}

void MemoryCheck::check_field(const std::map<std::string, std::string>& texts,
                              const FieldRule&,
                              const Path& path) {
  for (const auto& [key, text] : texts) {
    const Path item{&path, key};
    check_key(item);
    check_field(text, kOptional, item);
  }
}

template <class T>
void MemoryCheck::check_field(const std::vector<T>& items, const FieldRule&, const Path& path) {
  if (items.size() > limits_.steps_max && !fault_) {
    fault_ = too_many_items(path, limits_.steps_max);
  }
  for (std::size_t i = 0; i < items.size() && !fault_; ++i) {
    check_field(items[i], kOptional, Path{&path, {}, i});
  }
}

void MemoryCheck::check_key(const Path& path) {
  if (is_valid_utf8(path.key) || fault_) {
    return;
  }
  if (path.parent != nullptr) {
    note(*path.parent, "has a key that is not valid UTF-8");
  } else {
    fault_ = Error{Code::invalid_argument, "a key of the payload is not valid UTF-8"};
  }
}

void MemoryCheck::check_json(const Json& json, const Path& path) {
  const bool nests = json.if_array() != nullptr || json.if_object() != nullptr;
  if (fault_ || (nests && depth_of(path) > limits_.depth_max)) {
    note(path, fmt::format("is nested deeper than {} levels", limits_.depth_max));
  } else if (const JsonNumber* number = json.if_number()) {
    note(path, is_json_number(number->text) ? "" : "is not a number of JSON");
  } else if (const std::string* text = json.if_string()) {
    check_field(*text, kOptional, path);
  } else if (const Json::Array* items = json.if_array()) {
    check_field(*items, kOptional, path);
  } else if (const Json::Object* members = json.if_object()) {
    check_members(*members, {}, &path);
  }
}

void MemoryCheck::check_members(const Json::Object& members, Keys keys, const Path* parent) {
  for (const JsonMember& member : members) {
    const Path path{parent, member.key};
    check_key(path);
    check_json(member.value, path);
    keys.push_back(member.key);
  }
  std::sort(keys.begin(), keys.end());
  if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
    note(Path{parent, *twice}, "is the name of more than one key of its object");
  }
}

template <class T>
void MemoryCheck::check_struct(const T& object, const Path* path) {
  Keys keys;
  T::describe(FieldVisitor{[&](std::string_view key, auto member, const FieldRule& rule) {
    check_field(object.*member, rule, Path{path, key});
    keys.push_back(key);
  }});
  check_members(object.extra, std::move(keys), path);
}

/// A section name at top level is an unknown key only beside the section itself.
void MemoryCheck::check_trace(const TaskData& trace) {
  const Path path{nullptr, "sections"};
  Keys keys{"sections"};
  Keys section_keys;
  TaskData::describe(FieldVisitor{[&](std::string_view key, auto member, const FieldRule& rule) {
    check_field(trace.*member, rule, Path{nullptr, key});
    keys.push_back(key);
  }});
  TaskData::describe_sections([&](std::string_view key, auto member, const FieldRule& rule) {
    const auto& section = trace.*member;
    check_field(section, rule, Path{&path, key});
    section_keys.push_back(key);
    if (!section || is_empty_value(*section)) {
      keys.push_back(key);
    }
  });
  check_members(trace.sections_extra, std::move(section_keys), &path);
  check_members(trace.extra, std::move(keys), nullptr);
}

Status MemoryCheck::check(const TaskData& trace) && {
  check_trace(trace);
  if (fault_) {
    return *std::move(fault_);
  }
  if (limits_.bytes_max == SIZE_MAX) {
    return {};  // no limit: the size need not be known
  }
  return check_payload_size(encode_trace(trace).size(), limits_.bytes_max);
}

}  // namespace

Status validate_trace(const TaskData& trace, const ReadLimits& limits) {
  return MemoryCheck(limits).check(trace);
}

}  // namespace infinium::codec
