#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "codec/field_check.h"
#include "infinium/types.h"

namespace infinium::codec {

/// Makes valid traces for tests: any field may be there or not, with hostile texts and numbers. The
/// same seed gives the same trace.
class TraceGenerator {
 public:
  explicit TraceGenerator(std::uint64_t seed) : random_(seed) {}

  TaskData trace() {
    TaskData made;
    fill(made);
    TaskData::describe_sections([&](std::string_view, auto member, const FieldRule& rule) {
      fill_field(made.*member, rule);
    });
    fill_extra(made.sections_extra);
    return made;
  }

  Json json(int depth = 0) {
    switch (below(depth < 3 ? 7 : 5)) {
      case 0:
        return nullptr;
      case 1:
        return one_in(2);
      case 2:
        return JsonNumber{number_text()};
      case 3:
      case 4:
        return text();
      case 5:
        return list(depth);
      default:
        return object(depth);
    }
  }

  std::string text() {
    static const std::vector<std::string> kPieces{"a",
                                                  "tool",
                                                  " ",
                                                  "\"",
                                                  "\\",
                                                  "\n",
                                                  std::string(1, '\0'),
                                                  "\x1F",
                                                  "\x7F",
                                                  "é",
                                                  "\u2028",
                                                  "\uFFFD",
                                                  "日本",
                                                  "😀",
                                                  "\U0010FFFF",
                                                  "{\"a\":[]}",
                                                  ":null",
                                                  "\\ud800",
                                                  "long plain run of text"};
    std::string made;
    for (auto left = below(6); left > 0; --left) {
      made += kPieces[below(kPieces.size())];
    }
    return made;
  }

  std::uint64_t below(std::uint64_t end) { return random_() % end; }

 private:
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  std::string number_text() {
    static const std::vector<std::string> kNumbers{
        "0", "-0", "1", "12.0", "1e999", "-1E-999", "3.1415", "18446744073709551616", "1e+5"};
    return kNumbers[below(kNumbers.size())];
  }

  Json::Array list(int depth) {
    Json::Array made;
    for (auto left = below(4); left > 0; --left) {
      made.push_back(json(depth + 1));
    }
    return made;
  }

  Json::Object object(int depth) {
    Json::Object made;
    for (auto left = one_in(20) ? 20 : below(4); left > 0; --left) {
      made.push_back({"k" + std::to_string(left) + text(), json(depth + 1)});
    }
    return made;
  }

  /// Unknown keys begin with "x", as no known one does.
  void fill_extra(Json::Object& extra) {
    for (auto left = one_in(3) ? below(3) : 0; left > 0; --left) {
      extra.push_back({"x" + std::to_string(left) + text(), json()});
    }
  }

  template <class T>
  void fill(T& object) {
    T::describe(FieldVisitor{[&](std::string_view, auto member, const FieldRule& rule) {
      fill_field(object.*member, rule);
    }});
    fill_extra(object.extra);
  }

  void fill_field(std::string& out, const FieldRule& rule) {
    out = rule.iso_datetime ? "2026-01-31T12:00:00+02:00" : text();
    if (out.size() < rule.chars_min) {
      out = "n";
    }
  }
  void fill_field(double& out, const FieldRule& rule) {
    const std::vector<double> kReals{0, 0.1, 1.0 / 3, 86'400, 5e-324, -2.5, 1e300, 1e22};
    out = kReals[below(rule.max < 1e6 ? 5 : kReals.size())];
  }
  void fill_field(std::int64_t& out, const FieldRule&) {
    const std::vector<std::int64_t> kIntegers{0,
                                              1,
                                              -7,
                                              200,
                                              std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
    out = kIntegers[below(kIntegers.size())];
  }
  void fill_field(bool& out, const FieldRule&) { out = one_in(2); }
  void fill_field(Json& out, const FieldRule& rule) {
    do {
      out = json();
    } while (is_empty_value(out) || !takes(rule, out));
  }
  void fill_field(Json::Array& out, const FieldRule&) { out = list(0); }
  void fill_field(std::map<std::string, std::string>& out, const FieldRule&) {
    for (auto left = below(4); left > 0; --left) {
      out[text()] = text();
    }
  }
  template <class T>
  void fill_field(std::optional<T>& out, const FieldRule& rule) {
    if (one_in(2)) {
      fill_field(out.emplace(), rule);
    }
    if (out && is_empty_value(*out)) {
      out.reset();
    }
  }
  template <class T>
  void fill_field(std::vector<T>& out, const FieldRule&) {
    for (auto left = one_in(2) ? below(4) : 0; left > 0; --left) {
      fill_field(out.emplace_back(), kOptional);
    }
  }
  template <class T>
  void fill_field(T& out, const FieldRule&) {
    fill(out);
  }

  static bool takes(const FieldRule& rule, const Json& json) {
    return (json.if_string() != nullptr && (rule.json_kinds & json_text) != 0) ||
           (json.if_array() != nullptr && (rule.json_kinds & json_list) != 0) ||
           (json.if_object() != nullptr && (rule.json_kinds & json_object) != 0);
  }

  std::mt19937_64 random_;
};

}  // namespace infinium::codec
