#include <fmt/format.h>

#include <algorithm>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/json_shape.h"
#include "maestro/rubric/language.h"
#include "maestro/rubric/over_subjects.h"
#include "maestro/text.h"
#include "maestro/text_shape.h"

namespace infinium::maestro {
Ruling nothing_delivered() {
  return unclear("Nothing was handed over that could be checked.", "The final output.");
}

Ruling is_cut(const TraceView& view, FieldId field) {
  return unclear(fmt::format("`{}` is cut.", view.field(field).path),
                 fmt::format("The full text of `{}`.", view.field(field).path));
}

std::optional<CheckedEvidence> quote_value(const TraceView& view,
                                           FieldId field,
                                           const ValueToken& value) {
  return quote(view, {field, value.start, value.end});
}

std::vector<FieldId> subject_fields(const TraceView& view, const std::string& document) {
  std::vector<FieldId> fields;
  for (const SubjectText& text : subject_texts(view, document)) {
    fields.push_back(text.at.field);
  }
  return fields;
}

std::optional<CheckedEvidence> quote_opening(const TraceView& view, FieldId field) {
  const std::string_view text = view.field(field).text;
  std::size_t start = 0;
  while (start < text.size() && is_space(text[start])) {
    ++start;
  }
  const std::size_t end = std::min(text.find('\n', start), text.size());
  const std::size_t size = prefix_of(text.substr(start, end - start), 200).size();
  return quote(view, {field, start, start + size});
}

std::optional<CheckedEvidence> quote_step(const TraceView& view, const StepView& step) {
  for (const std::optional<FieldId>& field : {step.input, step.output}) {
    if (field) {
      if (auto made = quote_opening(view, *field)) {
        return made;
      }
    }
  }
  const auto described = view.find(fmt::format("steps[{}].description", step.index));
  return described ? quote_opening(view, *described) : std::nullopt;
}

namespace {

Ruling judge_json(const TraceView& view, FieldId field, const FormatCheck& check) {
  const std::string_view text = trim(view.field(field).text);
  const auto shape = read_json_shape(text);
  if (!shape && text.starts_with("```") && !check.alone) {
    return unclear("The output is a fenced code block.", "Whether a code fence is allowed.");
  }
  if (!shape) {
    return decided(
        false, "What was handed over is not one JSON value.", quote_opening(view, field));
  }
  if ((check.format == TextFormat::json_object && shape->kind != JsonShape::Kind::object) ||
      (check.format == TextFormat::json_array && shape->kind != JsonShape::Kind::array)) {
    return decided(false, "The JSON is of another shape.", quote_opening(view, field));
  }
  for (const std::string& key : check.keys) {
    if (std::find(shape->keys.begin(), shape->keys.end(), key) == shape->keys.end()) {
      return decided(
          false, fmt::format("The key \"{}\" is missing.", key), quote_opening(view, field));
    }
  }
  return decided(true, "The text is JSON as asked for.", quote_opening(view, field));
}

Ruling judge_dates(const TraceView& view, FieldId field) {
  std::optional<CheckedEvidence> good;
  for (const ValueToken& value : find_values(view.field(field).text)) {
    if (value.kind != ValueKind::date) {
      continue;
    }
    const std::string_view written = view.text({field, value.start, value.end});
    const bool iso = written.size() >= 10 && is_digit(written[3]) && written[4] == '-' &&
                     written[7] == '-' && is_digit(written[9]);
    if (!iso) {
      return decided(false,
                     fmt::format("\"{}\" is written another way.", written),
                     quote_value(view, field, value));
    }
    good = good ? good : quote_value(view, field, value);
  }
  return good ? decided(true, "Every date is written as YYYY-MM-DD.", std::move(good))
              : unclear("The text has no date.", "Whether a date was to be given.");
}

/// A key that is no cell of the table's header; null if all are there.
const std::string* missing_column(std::string_view text, const std::vector<std::string>& keys) {
  const auto lines = lines_of(text);
  std::string header;
  for (std::size_t i = 1; i < lines.size() && header.empty(); ++i) {
    header = is_table_rule(lines[i]) ? fold_case(lines[i - 1]) : std::string();
  }
  for (const std::string& key : keys) {
    if (!find_folded(header, fold_case(key))) {
      return &key;
    }
  }
  return nullptr;
}

/// Plain text has no marks of Markdown: headings, bold, tables, fences, links.
Ruling judge_plain(const TraceView& view, FieldId field) {
  const std::string_view text = view.field(field).text;
  std::size_t at = std::string_view::npos;
  for (const std::string_view mark : {"**", "```", "| --- |", "|---|", "](http"}) {
    at = std::min(at, text.find(mark));
  }
  for (std::size_t line = 0; line < text.size();) {
    if (text.substr(line).starts_with("# ") || text.substr(line).starts_with("## ") ||
        text.substr(line).starts_with("### ")) {
      at = std::min(at, line);
    }
    const std::size_t end = text.find('\n', line);
    line = end == std::string_view::npos ? text.size() : end + 1;
  }
  if (at == std::string_view::npos) {
    return decided(true, "It has no marks of Markdown.", quote_opening(view, field));
  }
  constexpr std::size_t kShownBytes = 40;
  return decided(false,
                 "It has marks of Markdown.",
                 quote(view, {field, at, at + prefix_of(text.substr(at), kShownBytes).size()}));
}

Ruling judge_format(const TraceView& view, FieldId field, const FormatCheck& check) {
  const std::string_view text = view.field(field).text;
  const auto lines = lines_of(text);
  bool met = false;
  switch (check.format) {
    case TextFormat::json:
    case TextFormat::json_object:
    case TextFormat::json_array:
      return judge_json(view, field, check);
    case TextFormat::iso_dates:
      return judge_dates(view, field);
    case TextFormat::plain_text:
      return judge_plain(view, field);
    case TextFormat::markdown_table:
      met = has_markdown_table(text);
      if (const std::string* missing = met ? missing_column(text, check.keys) : nullptr) {
        return decided(false,
                       fmt::format("The table has no column \"{}\".", *missing),
                       quote_opening(view, field));
      }
      break;
    case TextFormat::markdown_heading:
      met = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
        const auto level = line.find_first_not_of('#');
        return level > 0 && level <= 6 && level < line.size() && line[level] == ' ';
      });
      break;
    case TextFormat::bullet_list:
      return decided(count_list_items(text) > 0,
                     count_list_items(text) > 0 ? "There is a list." : "There is no list.",
                     measure(view, Count::list_items, view.field(field).path, 1));
    case TextFormat::csv_header:
      met = csv_rows(text).has_value() && has_header(text);
      break;
  }
  return decided(met, met ? "It is there." : "It is not there.", quote_opening(view, field));
}

}  // namespace

Ruling evaluate_format(const TraceView& view, const FormatCheck& check) {
  // How dates are written, and what stands around, is asked of the answer, not of what tools got.
  const bool of_output = !check.document.empty() || check.alone ||
                         check.format == TextFormat::iso_dates ||
                         check.format == TextFormat::plain_text;
  const auto fields = of_output ? subject_fields(view, check.document)
                                : std::vector(view.delivered().begin(), view.delivered().end());
  std::optional<Ruling> kept;
  for (const FieldId field : fields) {
    Ruling ruling = view.field(field).cut ? is_cut(view, field) : judge_format(view, field, check);
    if (ruling.status == RubricStatus::met) {
      return ruling;
    }
    if (!kept || ruling.status == RubricStatus::unclear) {
      kept = std::move(ruling);
    }
  }
  return kept ? std::move(*kept) : nothing_delivered();
}

Ruling evaluate_mention(const TraceView& view, const MentionCheck& check) {
  std::vector<FieldId> fields = subject_fields(view, check.document);
  if (check.document.empty()) {
    fields.assign(view.delivered().begin(), view.delivered().end());
  }
  if (fields.empty()) {
    return nothing_delivered();
  }
  const bool any_cut = std::any_of(
      fields.begin(), fields.end(), [&](FieldId field) { return view.field(field).cut; });
  Ruling found{RubricStatus::met, {}, {}, {}, {}, false};
  std::vector<std::string> missing;
  for (const std::string& term : check.terms) {
    std::optional<CheckedEvidence> at;
    for (const FieldId field : fields) {
      const auto match = find_folded(view.field(field).text, fold_case(term));
      if (match && !at) {
        at = quote(view, {field, match->start, match->end});
      }
    }
    if (at) {
      found.add(std::move(at));
    } else {
      missing.push_back(term);
    }
  }
  if (check.mode == MentionCheck::Mode::none) {
    if (!found.evidence.empty()) {
      found.status = RubricStatus::unmet;
      found.rationale = "It stands in what was handed over, though it must not.";
      return found;
    }
    return any_cut ? is_cut(view, fields.front())
                   : decided(true,
                             "It stands nowhere in what was handed over.",
                             absence(view, check.terms.front(), fields));
  }
  const bool enough =
      check.mode == MentionCheck::Mode::any ? !found.evidence.empty() : missing.empty();
  if (enough) {
    found.rationale = "It stands in what was handed over.";
    return found;
  }
  return any_cut ? is_cut(view, fields.front())
                 : decided(false,
                           fmt::format("\"{}\" stands nowhere in what was handed over.",
                                       missing.front()),
                           absence(view, missing.front(), fields));
}

Ruling evaluate_language(const TraceView& view, const LanguageCheck& check) {
  return over_subjects(view, check.document, [&](const SubjectText& subject) {
    const std::string_view found = language_of(subject.text);
    if (found.empty()) {
      return unclear("The text is too short or mixed to tell its language.", "A person's look.");
    }
    return decided(
        found == check.code,
        fmt::format("The text is in {}{}.",
                    language_name(found),
                    found == check.code ? std::string() : ", not in " + language_name(check.code)),
        quote(view, subject.at));
  });
}

}  // namespace infinium::maestro
