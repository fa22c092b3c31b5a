#include "server/verdict_body.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/limits.h"
#include "base/try.h"
#include "codec/json_text.h"
#include "codec/utf8.h"
#include "server/queries.h"

namespace infinium::server {
namespace {

constexpr std::size_t kFieldCharsShown = 100;

Error wrong(std::string field, std::string_view what, std::string_view rule) {
  return {Code::invalid_argument,
          std::string(what) + " must be " + std::string(rule) + '.',
          field.size() > kFieldCharsShown ? "(a long key)" : std::move(field)};
}

std::string at_most(std::size_t limit, std::string_view what) {
  return "at most " + std::to_string(limit) + ' ' + std::string(what);
}

Result<Verdict> read_verdict(const Json* value) {
  const std::string* text = value == nullptr ? nullptr : value->if_string();
  if (const auto verdict = text == nullptr ? std::nullopt : verdict_named(*text)) {
    return *verdict;
  }
  return wrong("verdict", "A verdict", "succeeded, partially_succeeded, failed or undetermined");
}

Result<std::string> read_note(const Json& value) {
  const std::string* text = value.if_string();
  if (text == nullptr || codec::count_code_points(*text) > limits::kNoteCharsMax) {
    return wrong("note", "A note", "a text of " + at_most(limits::kNoteCharsMax, "characters"));
  }
  return *text;
}

/// The rubric as it is stored: checked, and encoded again.
Result<std::string> read_rubric(const Json& value) {
  constexpr std::array<std::string_view, 3> kMarks{"met", "unmet", "unclear"};
  const Json::Object* items = value.if_object();
  if (items == nullptr || items->size() > limits::kRubricItemsMax) {
    return wrong(
        "rubric", "A rubric", "an object with " + at_most(limits::kRubricItemsMax, "items"));
  }
  for (const auto& [id, mark] : *items) {
    if (id.empty() || codec::count_code_points(id) > limits::kRubricIdCharsMax) {
      return wrong("rubric",
                   "The id of a rubric item",
                   "a text of 1 to " + std::to_string(limits::kRubricIdCharsMax) + " characters");
    }
    const std::string* text = mark.if_string();
    if (text == nullptr || std::find(kMarks.begin(), kMarks.end(), *text) == kMarks.end()) {
      return wrong("rubric." + id, "A rubric item", "met, unmet or unclear");
    }
  }
  return items->empty() ? std::string() : codec::encode_json(value);
}

Result<std::int64_t> read_root_step(const Json& value) {
  const JsonNumber* number = value.if_number();
  const auto step = number == nullptr ? std::nullopt : number->as_int64();
  if (!step || *step < 0 || *step > static_cast<std::int64_t>(limits::kStepsMax)) {
    return wrong("root_step",
                 "The root step",
                 "the number of a step, from 0 to " + std::to_string(limits::kStepsMax));
  }
  return *step;
}

}  // namespace

Result<store::NewOpinion> parse_verdict_body(std::string_view text) {
  TRY(const Json body, codec::parse_json(text));
  const Json::Object* members = body.if_object();
  if (members == nullptr) {
    return Error{Code::invalid_argument, "The body must be an object with a verdict."};
  }
  store::NewOpinion opinion;
  for (const auto& [key, value] : *members) {
    const bool known = key == "verdict" || key == "note" || key == "rubric" || key == "root_step";
    if (!known) {
      return wrong(key, "A key of a verdict", "verdict, note, rubric or root_step");
    }
    if (value.is_null()) {
      continue;
    }
    if (key == "note") {
      TRY(opinion.note, read_note(value));
    } else if (key == "rubric") {
      TRY(opinion.rubric, read_rubric(value));
    } else if (key == "root_step") {
      TRY(opinion.root_step, read_root_step(value));
    }
  }
  TRY(opinion.verdict, read_verdict(body.find("verdict")));
  return opinion;
}

}  // namespace infinium::server
