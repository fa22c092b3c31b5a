#include "codec/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "codec/json_text.h"

namespace infinium::codec {

void JsonWriter::separate() {
  if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != ':') {
    out_ += ',';
  }
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
}

void JsonWriter::null() {
  separate();
  out_ += "null";
}

void JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
}

void JsonWriter::value(std::int64_t number) {
  separate();
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out_.append(digits.data(), end);
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) {
    null();
    return;
  }
  separate();
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out_.append(digits.data(), end);
}

void JsonWriter::rounded(double number, int decimals) {
  if (!std::isfinite(number)) {
    null();
    return;
  }
  separate();
  std::array<char, 400> digits{};  // the largest double has 309 digits before the point
  const auto end =
      std::to_chars(
          digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed, decimals)
          .ptr;
  std::string_view text(digits.data(), end);
  if (text.find('.') != std::string_view::npos) {
    text.remove_suffix(text.size() - 1 - text.find_last_not_of('0'));
    if (text.back() == '.') {
      text.remove_suffix(1);
    }
  }
  out_ += text == "-0" ? "0" : text;
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::value(const Json::Array& items) {
  begin_array();
  for (const Json& item : items) {
    value(item);
  }
  end_array();
}

void JsonWriter::value(const Json& json) {
  if (const bool* flag = json.if_bool()) {
    value(*flag);
  } else if (const JsonNumber* number = json.if_number()) {
    separate();
    out_ += number->text;
  } else if (const std::string* text = json.if_string()) {
    value(std::string_view(*text));
  } else if (const Json::Array* items = json.if_array()) {
    value(*items);
  } else if (const Json::Object* members = json.if_object()) {
    begin_object();
    for (const JsonMember& member : *members) {
      key(member.key);
      value(member.value);
    }
    end_object();
  } else {
    null();
  }
}

}  // namespace infinium::codec
