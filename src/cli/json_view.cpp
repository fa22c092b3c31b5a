#include "cli/json_view.h"

namespace infinium::cli {

std::string_view text_at(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value == nullptr || value->if_string() == nullptr ? std::string_view()
                                                           : std::string_view(*value->if_string());
}

std::optional<std::string> digits_at(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  if (value == nullptr || value->if_number() == nullptr) {
    return std::nullopt;
  }
  return value->if_number()->text;
}

std::optional<double> number_at(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  if (value == nullptr || value->if_number() == nullptr) {
    return std::nullopt;
  }
  return value->if_number()->as_double();
}

bool flag_at(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
}

const Json::Array& list_at(const Json& object, std::string_view key) {
  static const Json::Array kNone;
  const Json* value = object.find(key);
  return value == nullptr || value->if_array() == nullptr ? kNone : *value->if_array();
}

}  // namespace infinium::cli
