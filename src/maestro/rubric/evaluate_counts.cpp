#include <fmt/format.h>

#include <algorithm>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/json_shape.h"
#include "maestro/rubric/over_subjects.h"
#include "maestro/text.h"
#include "maestro/text_shape.h"

namespace infinium::maestro {
namespace {

Count count_of(TextUnit unit) {
  switch (unit) {
    case TextUnit::words:
      return Count::words;
    case TextUnit::sentences:
      return Count::sentences;
    case TextUnit::characters:
      return Count::characters;
    case TextUnit::lines:
      return Count::lines;
    case TextUnit::bullets:
    case TextUnit::items:
      return Count::list_items;
    case TextUnit::paragraphs:
      return Count::paragraphs;
    case TextUnit::hashtags:
      return Count::hashtags;
    case TextUnit::emojis:
      return Count::emojis;
    case TextUnit::exclamation_marks:
      return Count::exclamation_marks;
    case TextUnit::rows:
      return Count::table_rows;
  }
  return Count::words;
}

std::string tell_count(const TextCountCheck& check, double counted) {
  const std::string_view unit = unit_name(check.unit);
  return fmt::format("Counted {} {}; the rule is {}.",
                     plain_number(counted),
                     unit.substr(0, unit.size() - (counted == 1 ? 1 : 0)),
                     describe(check.bound));
}

/// A list may be JSON.
Ruling judge_elements(const TraceView& view, const SubjectText& subject, const TextCountCheck& c) {
  const auto shape = read_json_shape(subject.text);
  if (!shape || shape->kind != JsonShape::Kind::array) {
    return unclear("The text has no list that could be counted.", "What counts as an item.");
  }
  return decided(
      c.bound.holds(static_cast<double>(shape->size)),
      fmt::format(
          "The JSON array has {} elements; the rule is {}.", shape->size, describe(c.bound)),
      quote(view, subject.at));
}

Ruling judge_count(const TraceView& view, const SubjectText& subject, const TextCountCheck& check) {
  if (subject.cut) {
    return is_cut(view, subject.at.field);
  }
  const std::string_view text = subject.text;
  if (check.unit == TextUnit::words && has_cjk(text)) {
    return unclear("The text is in a script that does not set words apart.",
                   "A limit in characters.");
  }
  if (check.unit == TextUnit::rows && markdown_rows(text) == 0 && !csv_rows(text)) {
    return unclear("The text has no table whose rows could be counted.", "The table itself.");
  }
  auto measured = measure(view,
                          count_of(check.unit),
                          subject.name,
                          check.bound.most ? check.bound.most : check.bound.least);
  const auto* made = measured ? std::get_if<MeasureEvidence>(&measured->get()) : nullptr;
  if (made == nullptr) {
    return unclear("The text cannot be counted by itself.", "The text in a field of its own.");
  }
  const double counted = made->value;
  const bool met = check.bound.holds(counted);
  if (check.unit == TextUnit::sentences && !met && count_list_items(text) > 0) {
    return unclear("The text mixes sentences and lists, which can be counted in two ways.",
                   "Whether list entries count as sentences.");
  }
  if (check.unit == TextUnit::items && counted == 0) {
    return judge_elements(view, subject, check);
  }
  if (subject.loose && !met) {
    return unclear("The output sets a passage apart, which may be what the rule is about.",
                   "The text by itself.");
  }
  std::string told = tell_count(check, counted);
  return decided(met, std::move(told), std::move(measured));
}

}  // namespace

Ruling evaluate_text_count(const TraceView& view, const TextCountCheck& check) {
  return over_subjects(view, check.document, [&](const SubjectText& subject) {
    return judge_count(view, subject, check);
  });
}

}  // namespace infinium::maestro
