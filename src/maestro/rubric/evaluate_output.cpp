#include <fmt/format.h>

#include <algorithm>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/json_shape.h"
#include "maestro/rubric/language.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// Asks every text the check could mean and takes the answer that they share; one text decides.
template <class Judge>
Ruling over_subjects(const TraceView& view, const std::string& document, Judge judge) {
  const auto fields = subject_fields(view, document);
  if (fields.empty()) {
    return nothing_delivered();
  }
  Ruling first = judge(fields.front());
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (judge(fields[i]).status != first.status) {
      return unclear("The texts handed over differ in this.",
                     "Which of the texts the rule is about.");
    }
  }
  return first;
}

bool has_cjk(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_cjk(next_code_point(text, at))) {
      return true;
    }
  }
  return false;
}

/// The lines of a text, without line ends.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_table_line(std::string_view line) {
  line = trim(line);
  return line.starts_with('|') && line.find('|', 1) != std::string_view::npos;
}

bool is_table_rule(std::string_view line) {
  line = trim(line);
  return line.find("--") != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: ") == std::string_view::npos;
}

std::size_t commas_outside_quotes(std::string_view line) {
  std::size_t commas = 0;
  bool quoted = false;
  for (const char c : line) {
    quoted = c == '"' ? !quoted : quoted;
    commas += c == ',' && !quoted ? 1 : 0;
  }
  return commas;
}

/// The rows under the header of a comma-separated text; nothing if it is none.
std::optional<std::size_t> csv_rows(std::string_view text) {
  std::size_t columns = 0;
  std::size_t rows = 0;
  for (const std::string_view line : lines_of(text)) {
    if (trim(line).empty()) {
      continue;
    }
    const std::size_t commas = commas_outside_quotes(line);
    if (commas == 0 || (rows > 0 && commas != columns)) {
      return std::nullopt;
    }
    columns = commas;
    ++rows;
  }
  return rows >= 2 ? std::optional(rows - 1) : std::nullopt;
}

/// A header names columns: none of its cells is a number.
bool has_header(std::string_view text) {
  const auto lines = lines_of(trim(text));
  if (lines.empty()) {
    return false;
  }
  std::string_view header = lines.front();
  while (!header.empty()) {
    const auto end = std::min(header.find(','), header.size());
    const std::string_view cell = trim(header.substr(0, end));
    if (cell.empty() || is_digit(cell.front()) || cell.front() == '-') {
      return false;
    }
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return true;
}

std::size_t markdown_rows(std::string_view text) {
  const auto lines = lines_of(text);
  std::size_t rows = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool header = i + 1 < lines.size() && is_table_rule(lines[i + 1]);
    rows += is_table_line(lines[i]) && !is_table_rule(lines[i]) && !header ? 1 : 0;
  }
  return rows;
}

std::size_t paragraphs_of(std::string_view text) {
  std::size_t paragraphs = 0;
  bool blank = true;
  for (const std::string_view line : lines_of(text)) {
    const bool empty = trim(line).empty();
    paragraphs += blank && !empty ? 1 : 0;
    blank = empty;
  }
  return paragraphs;
}

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

/// Counted by the engine's own counter, so that the evidence is the count itself.
Ruling judge_measured(const TraceView& view, FieldId field, Count count, const TextCountCheck& c) {
  const TextField& at = view.field(field);
  if (count == Count::words && has_cjk(at.text)) {
    return unclear("The text is in a script that does not set words apart.",
                   "A limit in characters.");
  }
  auto piece = measure(view, count, at.path, c.bound.most ? c.bound.most : c.bound.least);
  const auto* made = piece ? std::get_if<MeasureEvidence>(&piece->get()) : nullptr;
  if (made == nullptr) {
    return is_cut(view, field);
  }
  const bool met = c.bound.holds(made->value);
  const std::string counted = plain_number(made->value);
  if (count == Count::sentences && !met && count_list_items(at.text) > 0) {
    return unclear("The text mixes sentences and lists, which can be counted in two ways.",
                   "Whether list entries count as sentences.");
  }
  if (c.unit == TextUnit::items && made->value == 0) {
    const auto shape = read_json_shape(at.text);
    if (!shape || shape->kind != JsonShape::Kind::array) {
      return unclear("The text has no list that could be counted.", "What counts as an item.");
    }
    const bool enough = c.bound.holds(static_cast<double>(shape->size));
    return decided(
        enough,
        fmt::format(
            "The JSON array has {} elements; the rule is {}.", shape->size, describe(c.bound)),
        quote_opening(view, field));
  }
  return decided(met,
                 fmt::format("Counted {} {}; the rule is {}.",
                             counted,
                             unit_name(c.unit).substr(
                                 0, unit_name(c.unit).size() - (made->value == 1 ? 1 : 0)),
                             describe(c.bound)),
                 std::move(piece));
}

Ruling judge_rows(const TraceView& view, FieldId field, const TextCountCheck& check) {
  const std::string_view text = view.field(field).text;
  const std::size_t table = markdown_rows(text);
  const auto rows = table > 0 ? std::optional(table) : csv_rows(text);
  if (!rows) {
    return unclear("The text has no table whose rows could be counted.", "The table itself.");
  }
  return decided(
      check.bound.holds(static_cast<double>(*rows)),
      fmt::format(
          "The table has {} rows under its header; the rule is {}.", *rows, describe(check.bound)),
      quote_opening(view, field));
}

}  // namespace

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
  std::vector<FieldId> written;
  for (const FieldId field : view.delivered()) {
    const TextField& text = view.field(field);
    if (!document.empty() && text.step) {
      const StepView& step = view.steps()[*text.step];
      const bool named =
          find_folded(step.tool, document) ||
          std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
            return fold_case(argument.value).find(document) != std::string::npos &&
                   argument.value.size() < 200;
          });
      if (named) {
        written.push_back(field);
      }
    }
  }
  if (written.empty() && view.final_output()) {
    written.push_back(view.delivered().empty() ? *view.final_output() : view.delivered().front());
  }
  return written;
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

Ruling evaluate_text_count(const TraceView& view, const TextCountCheck& check) {
  return over_subjects(view, check.document, [&](FieldId field) {
    if (view.field(field).cut) {
      return is_cut(view, field);
    }
    if (const auto count = count_of(check.unit)) {
      return judge_measured(view, field, *count, check);
    }
    if (check.unit == TextUnit::rows) {
      return judge_rows(view, field, check);
    }
    const std::size_t paragraphs = paragraphs_of(view.field(field).text);
    return decided(
        check.bound.holds(static_cast<double>(paragraphs)),
        fmt::format("Counted {} paragraphs; the rule is {}.", paragraphs, describe(check.bound)),
        quote_opening(view, field));
  });
}

namespace {

Ruling judge_json(const TraceView& view, FieldId field, const FormatCheck& check) {
  const std::string_view text = trim(view.field(field).text);
  const auto shape = read_json_shape(text);
  if (!shape && text.starts_with("```")) {
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
    case TextFormat::markdown_table:
      for (std::size_t i = 1; i < lines.size(); ++i) {
        met = met || (is_table_rule(lines[i]) && lines[i - 1].find('|') != std::string_view::npos);
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
  Ruling last = nothing_delivered();
  for (const FieldId field : check.document.empty()
                                 ? std::vector(view.delivered().begin(), view.delivered().end())
                                 : subject_fields(view, check.document)) {
    Ruling ruling = view.field(field).cut ? is_cut(view, field) : judge_format(view, field, check);
    if (ruling.status == RubricStatus::met) {
      return ruling;
    }
    const bool first = last.evidence.empty() && last.status == RubricStatus::unclear;
    last = first || ruling.status == RubricStatus::unclear ? std::move(ruling) : std::move(last);
  }
  return last;
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
  Ruling found{RubricStatus::met, {}, {}, {}, {}};
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
  return over_subjects(view, check.document, [&](FieldId field) {
    const std::string_view found = language_of(view.field(field).text);
    if (found.empty()) {
      return unclear("The text is too short or mixed to tell its language.", "A person's look.");
    }
    return decided(
        found == check.code,
        fmt::format("The text is in {}{}.",
                    language_name(found),
                    found == check.code ? std::string() : ", not in " + language_name(check.code)),
        quote_opening(view, field));
  });
}

Ruling evaluate(const TraceView& view, const Check& check) {
  struct Choice {
    const TraceView& view;
    Ruling operator()(const TextCountCheck& c) const { return evaluate_text_count(view, c); }
    Ruling operator()(const FormatCheck& c) const { return evaluate_format(view, c); }
    Ruling operator()(const MentionCheck& c) const { return evaluate_mention(view, c); }
    Ruling operator()(const LanguageCheck& c) const { return evaluate_language(view, c); }
    Ruling operator()(const CallCountCheck& c) const { return evaluate_call_count(view, c); }
    Ruling operator()(const BudgetCheck& c) const { return evaluate_budget(view, c); }
    Ruling operator()(const OrderCheck& c) const { return evaluate_order(view, c); }
    Ruling operator()(const ToolRuleCheck& c) const { return evaluate_tool_rule(view, c); }
    Ruling operator()(const SourceCheck& c) const { return evaluate_source(view, c); }
    Ruling operator()(const FileCheck& c) const { return evaluate_file(view, c); }
    Ruling operator()(const ConfirmCheck& c) const { return evaluate_confirm(view, c); }
    Ruling operator()(const DecimalsCheck& c) const { return evaluate_decimals(view, c); }
    Ruling operator()(const CurrencyCheck& c) const { return evaluate_currency(view, c); }
  };
  return std::visit(Choice{view}, check);
}

}  // namespace infinium::maestro
