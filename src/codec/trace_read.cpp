#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/try.h"
#include "codec/field_check.h"
#include "codec/json_reader.h"
#include "codec/trace_json.h"

namespace infinium::codec {
namespace {

/// Room made for the first item of a list: few traces have fewer steps.
constexpr std::size_t kLikelyItems = 4;

std::string_view found(JsonType type) {
  switch (type) {
    case JsonType::null:
      return "null";
    case JsonType::boolean:
      return "true or false";
    case JsonType::number:
      return "a number";
    case JsonType::string:
      return "a string";
    case JsonType::array:
      return "a list";
    case JsonType::object:
      return "an object";
    case JsonType::malformed:
      break;
  }
  return "nothing";
}

/// Reads a payload into TaskData. Every read function consumes exactly one value and returns false
/// only if the text is malformed; a value that breaks a rule is consumed too, and the first such
/// fault is kept, so that what is malformed later still wins.
class PayloadReader {
 public:
  PayloadReader(std::string_view text, const ReadLimits& limits)
      : text_(text), limits_(limits), whole_(text, limits.depth_max), in_(&whole_) {}

  Result<ParsedTrace> read() &&;

 private:
  /// A section that stands at top level: what it becomes is known only at the end of the payload.
  struct TopLevelSection {
    std::string_view key;
    std::size_t offset;
    std::size_t extra_index;  ///< its place among the unknown keys
  };

  bool read_payload(TaskData& out);
  bool read_sections(TaskData& out);
  bool read_section(TaskData& out, std::string_view key, const Path* parent, bool& known);
  bool place_top_level_sections(TaskData& out);

  /// The value of the field `key` of `out`; unknown keys go to `extra`.
  template <class T>
  bool read_member(T& out, std::string_view key, const Path* parent, std::uint64_t& seen);
  template <class T>
  void check_required(const Path* parent, std::uint64_t seen);
  template <class T>
  bool read_struct(T& out, const Path& path);

  bool read_field(std::string& out, const FieldRule& rule, const Path& path);
  bool read_field(double& out, const FieldRule& rule, const Path& path);
  bool read_field(std::int64_t& out, const FieldRule& rule, const Path& path);
  bool read_field(bool& out, const FieldRule& rule, const Path& path);
  bool read_field(Json& out, const FieldRule& rule, const Path& path);
  bool read_field(Json::Array& out, const FieldRule& rule, const Path& path);
  bool read_field(std::map<std::string, std::string>& out, const FieldRule&, const Path& path);
  template <class T>
  bool read_field(std::optional<T>& out, const FieldRule& rule, const Path& path);
  template <class T>
  bool read_field(std::vector<T>& out, const FieldRule& rule, const Path& path);
  template <class T>
  bool read_field(T& out, const FieldRule&, const Path& path) {
    return read_struct(out, path);
  }

  /// Whether the next value has the type; if not, it is consumed and the fault noted.
  bool has_type(JsonType wanted, std::string_view wanted_name, const Path& path, bool& well_formed);
  void note(const Path& path, std::string_view fault);

  std::string_view text_;
  const ReadLimits& limits_;
  JsonReader whole_;
  JsonReader* in_;
  std::vector<TopLevelSection> top_level_sections_;
  std::optional<Error> invalid_;
};

void PayloadReader::note(const Path& path, std::string_view fault) {
  if (!invalid_ && !fault.empty()) {
    invalid_ = field_error(path, fault);
  }
}

bool PayloadReader::has_type(JsonType wanted,
                             std::string_view wanted_name,
                             const Path& path,
                             bool& well_formed) {
  const JsonType type = in_->peek();
  if (type == wanted) {
    return true;
  }
  if (type != JsonType::malformed) {
    note(path, fmt::format("is {}; it must be {}", found(type), wanted_name));
  }
  well_formed = in_->skip();
  return false;
}

bool PayloadReader::read_field(std::string& out, const FieldRule& rule, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::string, "a string", path, well_formed)) {
    return well_formed;
  }
  if (!in_->read_string(out)) {
    return false;
  }
  note(path, text_fault(out, rule));
  return true;
}

bool PayloadReader::read_field(double& out, const FieldRule& rule, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::number, "a number", path, well_formed)) {
    return well_formed;
  }
  std::string_view text;
  if (!in_->read_number(text)) {
    return false;
  }
  out = JsonNumber{std::string(text)}.as_double();
  note(path, number_fault(out, rule));
  return true;
}

bool PayloadReader::read_field(std::int64_t& out, const FieldRule& rule, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::number, "a whole number", path, well_formed)) {
    return well_formed;
  }
  std::string_view text;
  if (!in_->read_number(text)) {
    return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) {
    const JsonNumber number{std::string(text)};
    const double real = number.as_double();
    const auto whole = number.as_int64();
    const bool rounds = is_milliseconds(path.key) && std::abs(real) < 9e15;
    if (!whole && !rounds) {
      const bool fractional = std::abs(real) < 9e15;
      note(path,
           fractional ? "has a fraction; it must be a whole number"
                      : "is out of range; it must be a whole number of at most 64 bits");
      return true;
    }
    out = whole ? *whole : std::llround(real);
  }
  note(path, number_fault(static_cast<double>(out), rule));
  return true;
}

bool PayloadReader::read_field(bool& out, const FieldRule&, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::boolean, "true or false", path, well_formed)) {
    return well_formed;
  }
  return in_->read_bool(out);
}

bool PayloadReader::read_field(Json& out, const FieldRule& rule, const Path& path) {
  const JsonType type = in_->peek();
  const unsigned kind = type == JsonType::string   ? unsigned{json_text}
                        : type == JsonType::array  ? unsigned{json_list}
                        : type == JsonType::object ? unsigned{json_object}
                                                   : 0u;
  if (!takes_any_kind(rule) && (rule.json_kinds & kind) == 0) {
    bool well_formed = true;
    has_type(JsonType::malformed, allowed_kinds(rule.json_kinds), path, well_formed);
    return well_formed;
  }
  return in_->read_any(out);
}

bool PayloadReader::read_field(Json::Array& out, const FieldRule&, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::array, "a list", path, well_formed)) {
    return well_formed;
  }
  return in_->read_any(out);
}

bool PayloadReader::read_field(std::map<std::string, std::string>& out,
                               const FieldRule&,
                               const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::object, "an object of strings", path, well_formed)) {
    return well_formed;
  }
  return in_->read_object([&](std::string_view key) {
    if (in_->peek() == JsonType::null) {
      return in_->read_null();
    }
    return read_field(out[std::string(key)], kOptional, Path{&path, key});
  });
}

template <class T>
bool PayloadReader::read_field(std::optional<T>& out, const FieldRule& rule, const Path& path) {
  if (!read_field(out.emplace(), rule, path)) {
    return false;
  }
  if (is_empty_value(*out)) {
    out.reset();
  }
  return true;
}

template <class T>
bool PayloadReader::read_field(std::vector<T>& out, const FieldRule&, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::array, "a list", path, well_formed)) {
    return well_formed;
  }
  std::size_t index = 0;
  return in_->read_array([&] {
    const Path item{&path, {}, index++};
    if (out.size() >= limits_.steps_max && !invalid_) {
      invalid_ = too_many_items(path, limits_.steps_max);
    }
    if (out.empty()) {
      out.reserve(kLikelyItems);
    }
    // Once the payload is refused, nothing more is kept of it.
    return invalid_ ? in_->skip() : read_field(out.emplace_back(), kOptional, item);
  });
}

template <class T>
bool PayloadReader::read_member(T& out,
                                std::string_view key,
                                const Path* parent,
                                std::uint64_t& seen) {
  bool known = false;
  bool well_formed = true;
  unsigned index = 0;
  T::describe(FieldVisitor{[&](std::string_view name, auto member, const FieldRule& rule) {
    if (!known && name == key) {
      known = true;
      if (in_->peek() == JsonType::null) {
        well_formed = in_->read_null();
      } else {
        seen |= std::uint64_t{1} << index;
        well_formed = read_field(out.*member, rule, Path{parent, name});
      }
    }
    ++index;
  }});
  if (!known) {
    return in_->read_any(out.extra.emplace_back(JsonMember{std::string(key), {}}).value);
  }
  return well_formed;
}

template <class T>
void PayloadReader::check_required(const Path* parent, std::uint64_t seen) {
  unsigned index = 0;
  T::describe(FieldVisitor{[&](std::string_view name, auto, const FieldRule& rule) {
    if (rule.required && (seen >> index & 1u) == 0) {
      note(Path{parent, name}, "is required and is missing or null");
    }
    ++index;
  }});
}

template <class T>
bool PayloadReader::read_struct(T& out, const Path& path) {
  bool well_formed = true;
  if (!has_type(JsonType::object, "an object", path, well_formed)) {
    return well_formed;
  }
  std::uint64_t seen = 0;
  if (!in_->read_object([&](std::string_view key) { return read_member(out, key, &path, seen); })) {
    return false;
  }
  check_required<T>(&path, seen);
  return true;
}

bool PayloadReader::read_section(TaskData& out,
                                 std::string_view key,
                                 const Path* parent,
                                 bool& known) {
  bool well_formed = true;
  TaskData::describe_sections([&](std::string_view name, auto member, const FieldRule& rule) {
    if (known || name != key) {
      return;
    }
    known = true;
    well_formed = in_->peek() == JsonType::null ? in_->read_null()
                                                : read_field(out.*member, rule, Path{parent, name});
  });
  return well_formed;
}

bool PayloadReader::read_sections(TaskData& out) {
  const Path path{nullptr, "sections"};
  bool well_formed = true;
  if (in_->peek() == JsonType::null) {
    return in_->read_null();
  }
  if (!has_type(JsonType::object, "an object", path, well_formed)) {
    return well_formed;
  }
  return in_->read_object([&](std::string_view key) {
    bool known = false;
    if (!read_section(out, key, &path, known)) {
      return false;
    }
    return known ||
           in_->read_any(out.sections_extra.emplace_back(JsonMember{std::string(key), {}}).value);
  });
}

/// A nested section wins, and the one at top level stays an unknown key; else it is the section.
bool PayloadReader::place_top_level_sections(TaskData& out) {
  std::size_t kept = 0;
  for (const TopLevelSection& section : top_level_sections_) {
    bool nested = false;
    TaskData::describe_sections([&](std::string_view name, auto member, const FieldRule&) {
      nested = nested || (name == section.key && (out.*member).has_value());
    });
    JsonReader again(text_, limits_.depth_max, section.offset, 1);
    if (nested) {
      JsonMember member{std::string(section.key), {}};
      if (!again.read_any(member.value)) {
        return false;
      }
      const auto place = static_cast<std::ptrdiff_t>(section.extra_index + kept++);
      out.extra.insert(out.extra.begin() + place, std::move(member));
      continue;
    }
    in_ = &again;
    bool known = false;
    const bool well_formed = read_section(out, section.key, nullptr, known);
    in_ = &whole_;
    if (!well_formed) {
      return false;
    }
  }
  return true;
}

bool PayloadReader::read_payload(TaskData& out) {
  std::uint64_t seen = 0;
  const auto read_one = [&](std::string_view key) {
    if (key == "sections") {
      return read_sections(out);
    }
    bool section = false;
    TaskData::describe_sections(
        [&](std::string_view name, auto, const FieldRule&) { section = section || name == key; });
    if (section) {
      top_level_sections_.push_back({key, in_->offset(), out.extra.size()});
      return in_->skip();
    }
    return read_member(out, key, nullptr, seen);
  };
  if (!in_->read_object(read_one) || !in_->finish()) {
    return false;
  }
  check_required<TaskData>(nullptr, seen);
  return place_top_level_sections(out);
}

Result<ParsedTrace> PayloadReader::read() && {
  TRY_VOID(check_payload_size(text_.size(), limits_.bytes_max));
  ParsedTrace parsed;
  if (in_->peek() == JsonType::object) {
    if (!read_payload(parsed.trace)) {
      return whole_.error();
    }
  } else if (!in_->skip() || !in_->finish()) {
    return whole_.error();
  } else {
    return Error{Code::invalid_argument, "the payload must be a JSON object"};
  }
  if (invalid_) {
    return *std::move(invalid_);
  }
  parsed.lone_surrogates = whole_.lone_surrogates();
  return parsed;
}

}  // namespace

Result<ParsedTrace> parse_trace(std::string_view json, const ReadLimits& limits) {
  return PayloadReader(json, limits).read();
}

void replace_lone_surrogates(std::string& json, const std::vector<std::size_t>& offsets) {
  for (const std::size_t offset : offsets) {
    json.replace(offset, 6, "\\uFFFD");
  }
}

}  // namespace infinium::codec
