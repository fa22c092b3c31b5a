#include "cli/evaluation/label.h"

#include <array>
#include <utility>

#include "base/try.h"
#include "cli/evaluation/metrics.h"
#include "codec/interpretation_json.h"

namespace infinium::cli::evaluation {
namespace {

Error wrong(const std::string& path, const char* must) {
  return {Code::invalid_argument, "the label must hold " + std::string(must), path};
}

/// The member of that name, unless it is null.
const Json* member(const Json& label, const char* key) {
  const Json* value = label.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

/// The first of the members that is there, with its path.
std::pair<const Json*, std::string> first_of(const Json& label,
                                             std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const Json* value = member(label, key)) {
      return {value, std::string("label.") + key};
    }
  }
  return {nullptr, {}};
}

Result<Place> parse_place(const Json& value, const std::string& path) {
  if (value.if_string() != nullptr && *value.if_string() == "output") {
    return Place{};
  }
  const std::optional<std::int64_t> step =
      value.if_number() != nullptr ? value.if_number()->as_int64() : std::nullopt;
  if (!step) {
    return wrong(path, "a step's number or \"output\" here");
  }
  return Place{step};
}

Result<std::optional<std::string>> parse_text(const Json& label,
                                              std::initializer_list<const char*> keys) {
  const auto [value, path] = first_of(label, keys);
  if (value == nullptr) {
    return std::optional<std::string>();
  }
  if (value->if_string() == nullptr) {
    return wrong(path, "a text here");
  }
  return std::optional<std::string>(*value->if_string());
}

template <class E, std::size_t N>
std::optional<E> enumerator_of(const Json& value, const std::array<E, N>& all) {
  for (const E one : all) {
    if (value.if_string() != nullptr && *value.if_string() == codec::to_string(one)) {
      return one;
    }
  }
  return std::nullopt;
}

Status parse_outcome(const Json& json, Label& label) {
  if (const Json* success = member(json, "success")) {
    if (success->if_bool() == nullptr) {
      return wrong("label.success", "true or false here");
    }
    label.success = *success->if_bool();
  }
  if (const Json* verdict = member(json, "verdict")) {
    label.verdict = enumerator_of(*verdict, kVerdicts);
    if (!label.verdict) {
      return wrong("label.verdict", "a verdict here");
    }
  }
  return {};
}

Status parse_rubric(const Json& json, Label& label) {
  constexpr std::array kStatuses = {RubricStatus::met, RubricStatus::unmet, RubricStatus::unclear};
  const Json* rubric = member(json, "rubric");
  if (rubric == nullptr) {
    return {};
  }
  if (rubric->if_object() == nullptr) {
    return wrong("label.rubric", "an object here");
  }
  for (const JsonMember& item : *rubric->if_object()) {
    const auto status = enumerator_of(item.value, kStatuses);
    if (!status) {
      return wrong("label.rubric." + item.key, "met, unmet or unclear here");
    }
    label.rubric[item.key] = *status;
  }
  return {};
}

Result<const Json::Array*> parse_list(const Json& json, const char* key) {
  const Json* value = member(json, key);
  if (value == nullptr) {
    return static_cast<const Json::Array*>(nullptr);
  }
  if (value->if_array() == nullptr) {
    return wrong(std::string("label.") + key, "a list here");
  }
  return value->if_array();
}

Status parse_places(const Json& json, Label& label) {
  const auto [root, path] =
      first_of(json, {"root_step", "mistake_step_number", "root_step_number"});
  if (root != nullptr) {
    TRY(label.root, parse_place(*root, path));
  }
  TRY(const Json::Array* places, parse_list(json, "places"));
  for (std::size_t i = 0; places != nullptr && i < places->size(); ++i) {
    TRY(Place place, parse_place((*places)[i], "label.places[" + std::to_string(i) + "]"));
    label.places.push_back(place);
  }
  TRY(const Json::Array* failures, parse_list(json, "failures"));
  for (std::size_t i = 0; failures != nullptr && i < failures->size(); ++i) {
    const Json& failure = (*failures)[i];
    const std::string at = "label.failures[" + std::to_string(i) + "]";
    const Json* step = failure.find("step_number");
    TRY(Place place, parse_place(step == nullptr ? Json() : *step, at + ".step_number"));
    const Json* kind = member(failure, "category");
    label.failures.push_back(
        {place, kind != nullptr && kind->if_string() != nullptr ? *kind->if_string() : ""});
  }
  return {};
}

}  // namespace

bool Label::empty() const {
  return !success && !verdict && !root && !root_agent && !root_kind && failures.empty() &&
         places.empty() && rubric.empty();
}

Result<Label> parse_label(const Json& json) {
  Label label;
  if (json.is_null()) {
    return label;
  }
  if (json.if_object() == nullptr) {
    return Error{Code::invalid_argument, "the label must be an object", "label"};
  }
  TRY_VOID(parse_outcome(json, label));
  TRY_VOID(parse_rubric(json, label));
  TRY_VOID(parse_places(json, label));
  TRY(label.root_agent, parse_text(json, {"mistake_agent", "root_agent"}));
  TRY(label.root_kind, parse_text(json, {"root_kind", "root_category"}));
  return label;
}

std::string comparable_agent(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c != '_' && c != ' ') {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

}  // namespace infinium::cli::evaluation
