#include <fmt/format.h>

#include <algorithm>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/json_shape.h"
#include "maestro/rubric/over_subjects.h"
#include "maestro/rubric/text_shape.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

std::optional<Count> count_of(TextUnit unit) {
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
    default:
      return std::nullopt;
  }
}

std::size_t hashtags_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const bool opens = at == 0 || is_space(text[at - 1]) || text[at - 1] == '(';
    const char next = text[at + 1];
    count += text[at] == '#' && opens && (is_letter(next) || (next & 0x80) != 0) ? 1 : 0;
  }
  return count;
}

std::size_t emojis_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    const bool emoji = (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x2600 && code <= 0x26FF) ||
                       code == 0x2705 || code == 0x2728 || code == 0x2764 || code == 0x274C;
    count += emoji ? 1 : 0;
  }
  return count;
}

std::size_t exclamations_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    count += code == U'!' || code == 0xFF01 ? 1 : 0;
  }
  return count;
}

/// Characters as people count them where words are not set apart: without blanks and line ends.
std::size_t letters_of(std::string_view text) {
  const auto blanks = std::count_if(text.begin(), text.end(), is_space);
  return count_code_points(text) - static_cast<std::size_t>(blanks);
}

std::size_t count_here(TextUnit unit, std::string_view text) {
  switch (unit) {
    case TextUnit::words:
      return count_words(text);
    case TextUnit::sentences:
      return count_sentences(text);
    case TextUnit::characters:
      return has_cjk(text) ? letters_of(text) : count_code_points(text);
    case TextUnit::lines:
      return count_lines(text);
    case TextUnit::bullets:
    case TextUnit::items:
      return count_list_items(text);
    case TextUnit::paragraphs:
      return paragraphs_of(text);
    case TextUnit::hashtags:
      return hashtags_of(text);
    case TextUnit::emojis:
      return emojis_of(text);
    case TextUnit::exclamation_marks:
      return exclamations_of(text);
    case TextUnit::rows:
      break;
  }
  const std::size_t table = markdown_rows(text);
  return table > 0 ? table : csv_rows(text).value_or(0);
}

std::string tell_count(const TextCountCheck& check, std::size_t counted) {
  const std::string_view unit = unit_name(check.unit);
  return fmt::format("Counted {} {}; the rule is {}.",
                     counted,
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

/// The count itself where the engine can check it again, else the words that were counted.
std::optional<CheckedEvidence> evidence_of(const TraceView& view,
                                           const SubjectText& subject,
                                           const TextCountCheck& check,
                                           std::size_t counted) {
  const auto count = count_of(check.unit);
  auto made = count && subject.whole
                  ? measure(view,
                            *count,
                            view.field(subject.at.field).path,
                            check.bound.most ? check.bound.most : check.bound.least)
                  : std::nullopt;
  const auto* value = made ? std::get_if<MeasureEvidence>(&made->get()) : nullptr;
  return value != nullptr && value->value == static_cast<double>(counted) ? made
                                                                          : quote(view, subject.at);
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
  const std::size_t counted = count_here(check.unit, text);
  const bool met = check.bound.holds(static_cast<double>(counted));
  if (check.unit == TextUnit::sentences && !met && count_list_items(text) > 0) {
    return unclear("The text mixes sentences and lists, which can be counted in two ways.",
                   "Whether list entries count as sentences.");
  }
  if (check.unit == TextUnit::items && counted == 0) {
    return judge_elements(view, subject, check);
  }
  return decided(met, tell_count(check, counted), evidence_of(view, subject, check, counted));
}

}  // namespace

Ruling evaluate_text_count(const TraceView& view, const TextCountCheck& check) {
  return over_subjects(view, check.document, [&](const SubjectText& subject) {
    return judge_count(view, subject, check);
  });
}

}  // namespace infinium::maestro
