#include "maestro/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.h"
#include "maestro/beside.h"
#include "maestro/text.h"
#include "maestro/text_shape.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kQuoteBytesMax = 400;

bool splits_character(std::string_view text, std::size_t pos) {
  return pos < text.size() && (static_cast<unsigned char>(text[pos]) & 0xC0u) == 0x80u;
}

struct CountWords {
  Count count;
  std::string_view what;  ///< `{}` stands for the subject
  std::string_view counted;
};

constexpr std::array kCounts = {
    CountWords{Count::words, "words in `{}`", "what stands between blanks"},
    CountWords{Count::characters, "characters in `{}`", "Unicode code points"},
    CountWords{Count::sentences, "sentences in `{}`", "marks that end a sentence"},
    CountWords{Count::lines, "lines in `{}`", "lines that are not blank"},
    CountWords{
        Count::list_items, "list items in `{}`", "lines that open with a bullet or a number"},
    CountWords{Count::paragraphs, "paragraphs in `{}`", "blocks between blank lines"},
    CountWords{Count::hashtags, "hashtags in `{}`", "words that open with #"},
    CountWords{Count::emojis, "emojis in `{}`", "pictographs"},
    CountWords{Count::exclamation_marks, "exclamation marks in `{}`", "the marks themselves"},
    CountWords{Count::table_rows, "table rows in `{}`", "rows under the header"},
    CountWords{Count::calls_of_tool, "calls of `{}`", "steps that call this tool"},
    CountWords{Count::identical_calls,
               "calls equal to the one at place {}",
               "steps with its tool, its arguments and its result"},
    CountWords{Count::steps, "steps", "steps of the trace"},
    CountWords{Count::tool_calls, "tool calls", "steps that call a tool"},
    CountWords{Count::llm_calls, "model calls", "steps that call a model"},
    CountWords{Count::errors, "failed steps", "steps with an error"},
    CountWords{Count::duration_seconds, "seconds", "the trace's duration"},
    CountWords{Count::total_tokens, "tokens", "llm_usage, or else the steps' model calls"},
    CountWords{Count::cost_usd, "US dollars", "llm_usage.estimated_cost_usd"},
};

const CountWords& words_of(Count count) {
  for (const CountWords& entry : kCounts) {
    if (entry.count == count) {
      return entry;
    }
  }
  return kCounts.front();
}

std::string what_of(const CountWords& words, std::string_view subject) {
  const std::size_t hole = words.what.find("{}");
  if (hole == std::string_view::npos) {
    return std::string(words.what);
  }
  return fmt::format("{}{}{}", words.what.substr(0, hole), subject, words.what.substr(hole + 2));
}

/// The subject if `what` is made of these words.
std::optional<std::string_view> subject_in(const CountWords& words, std::string_view what) {
  const std::size_t hole = words.what.find("{}");
  if (hole == std::string_view::npos) {
    return what == words.what ? std::optional<std::string_view>("") : std::nullopt;
  }
  const std::string_view head = words.what.substr(0, hole);
  const std::string_view tail = words.what.substr(hole + 2);
  if (what.size() < head.size() + tail.size() || !what.starts_with(head) || !what.ends_with(tail)) {
    return std::nullopt;
  }
  return what.substr(head.size(), what.size() - head.size() - tail.size());
}

template <class P>
double count_steps(const TraceView& view, P belongs) {
  const auto steps = view.steps();
  return static_cast<double>(std::count_if(steps.begin(), steps.end(), belongs));
}

/// The longest value of that name in a field.
std::optional<std::string> cell_text(const TraceView& view, FieldId field, std::string_view name) {
  std::optional<std::string> longest;
  for (const Cell& cell : view.records(field).cells) {
    if (cell.key == name && (!longest || cell.value.size() > longest->size())) {
      longest = cell.value;
    }
  }
  return longest;
}

std::optional<double> count_text(Count count, std::string_view text) {
  const auto counted = [](std::size_t value) { return std::optional(static_cast<double>(value)); };
  switch (count) {
    case Count::words:
      return counted(count_words(text));
    case Count::characters:
      return counted(characters_of(text));
    case Count::sentences:
      return counted(count_sentences(text));
    case Count::lines:
      return counted(count_lines(text));
    case Count::list_items:
      return counted(count_list_items(text));
    case Count::paragraphs:
      return counted(paragraphs_of(text));
    case Count::hashtags:
      return counted(hashtags_of(text));
    case Count::emojis:
      return counted(emojis_of(text));
    case Count::exclamation_marks:
      return counted(exclamations_of(text));
    case Count::table_rows:
      return counted(table_rows_of(text));
    default:
      return std::nullopt;
  }
}

std::optional<double> count_in_text(const TraceView& view, Count count, std::string_view subject) {
  const std::size_t joint = std::min(subject.find('#'), subject.size());
  const std::string_view path = subject.substr(0, joint);
  const std::optional<FieldId> id = view.find(path);
  if ((!id && path != "output_summary") || (id && view.field(*id).cut)) {
    return std::nullopt;
  }
  if (id && joint < subject.size()) {
    const auto text = cell_text(view, *id, subject.substr(joint + 1));
    return text ? count_text(count, *text) : std::nullopt;
  }
  return count_text(count, id ? view.field(*id).text : std::string_view{});  // none was sent
}

std::optional<double> count_identical(const TraceView& view, std::string_view place) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), index);
  if (error != std::errc{} || end != place.data() + place.size() || index >= view.steps().size()) {
    return std::nullopt;
  }
  const StepView& one = view.steps()[index];
  return count_steps(view, [&one](const StepView& step) {
    return step.kind == one.kind && step.tool == one.tool &&
           step.arguments_hash == one.arguments_hash && step.result_hash == one.result_hash;
  });
}

std::optional<double> count_tokens(const TraceView& view) {
  const std::optional<LlmUsage>& usage = view.trace().llm_usage;
  if (usage && (usage->total_tokens || usage->prompt_tokens || usage->completion_tokens)) {
    return static_cast<double>(usage->total_tokens.value_or(usage->prompt_tokens.value_or(0) +
                                                            usage->completion_tokens.value_or(0)));
  }
  std::int64_t sum = 0;
  for (const StepView& step : view.steps()) {
    sum += step.tokens;
  }
  return sum > 0 ? std::optional(static_cast<double>(sum)) : std::nullopt;
}

std::optional<double> count_in_trace(const TraceView& view, Count count, std::string_view subject) {
  switch (count) {
    case Count::calls_of_tool:
      return count_steps(view, [subject](const StepView& step) {
        return step.kind == StepKind::tool && step.tool == subject;
      });
    case Count::identical_calls:
      return count_identical(view, subject);
    case Count::steps:
      return static_cast<double>(view.steps().size());
    case Count::tool_calls:
      return count_steps(view, [](const StepView& s) { return s.kind == StepKind::tool; });
    case Count::llm_calls:
      return count_steps(view, [](const StepView& s) { return s.kind == StepKind::llm; });
    case Count::errors:
      return count_steps(view, [](const StepView& s) { return s.failed; });
    case Count::duration_seconds:
      return view.trace().duration;
    case Count::total_tokens:
      return count_tokens(view);
    case Count::cost_usd:
      return view.trace().llm_usage ? view.trace().llm_usage->estimated_cost_usd : std::nullopt;
    default:
      return count_in_text(view, count, subject);
  }
}

bool check_quote(const QuoteEvidence& quote, const TraceView& view) {
  const std::optional<FieldId> id = view.find(quote.field);
  if (!id || quote.end <= quote.start) {
    return false;
  }
  const TextField& field = view.field(*id);
  if (quote.end > field.text.size() || view.masked({*id, quote.start, quote.end}) != quote.text) {
    return false;
  }
  if (!field.step) {
    return !quote.step && !quote.step_index;
  }
  return quote.step_index == static_cast<std::int64_t>(*field.step) &&
         quote.step == view.steps()[*field.step].number;
}

bool check_absence(const AbsenceEvidence& absence_claim, const TraceView& view) {
  std::vector<FieldId> searched;
  for (const std::string& path : absence_claim.searched) {
    const std::optional<FieldId> id = view.find(path);
    if (!id) {
      return false;
    }
    searched.push_back(*id);
  }
  return absence(view, absence_claim.looked_for, searched).has_value();
}

bool check_measure(const MeasureEvidence& claim, const TraceView& view) {
  for (const CountWords& words : kCounts) {
    const std::optional<std::string_view> subject = subject_in(words, claim.what);
    if (subject && claim.counted == words.counted &&
        count_in_trace(view, words.count, *subject) == claim.value) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<CheckedEvidence> quote(const TraceView& view, const Span& at) {
  if (at.field >= view.fields().size()) {
    return std::nullopt;
  }
  const TextField& field = view.field(at.field);
  if (at.start >= at.end || at.end > field.text.size() || splits_character(field.text, at.start) ||
      splits_character(field.text, at.end)) {
    return std::nullopt;
  }
  QuoteEvidence evidence;
  if (field.step) {
    evidence.step_index = static_cast<std::int64_t>(*field.step);
    evidence.step = view.steps()[*field.step].number;
  }
  evidence.field = field.path;
  const std::size_t length =
      prefix_of(field.text.substr(at.start, at.end - at.start), kQuoteBytesMax).size();
  evidence.start = at.start;
  evidence.end = at.start + length;
  evidence.text = view.masked({at.field, evidence.start, evidence.end});
  return CheckedEvidence(std::move(evidence));
}

std::optional<CheckedEvidence> absence(const TraceView& view,
                                       std::string looked_for,
                                       std::span<const FieldId> searched) {
  const std::string needle = fold_case(trim(looked_for));
  if (needle.empty() || searched.empty()) {
    return std::nullopt;
  }
  AbsenceEvidence evidence;
  for (const FieldId id : searched) {
    if (id >= view.fields().size() || view.field(id).cut ||
        find_folded(view.field(id).text, needle)) {
      return std::nullopt;
    }
    evidence.searched.push_back(view.field(id).path);
  }
  evidence.looked_for = std::move(looked_for);
  return CheckedEvidence(std::move(evidence));
}

std::optional<CheckedEvidence> measure(const TraceView& view,
                                       Count count,
                                       std::string_view subject,
                                       std::optional<double> limit) {
  const std::optional<double> value = count_in_trace(view, count, subject);
  if (!value) {
    return std::nullopt;
  }
  const CountWords& words = words_of(count);
  return CheckedEvidence(
      MeasureEvidence{what_of(words, subject), *value, limit, std::string(words.counted)});
}

bool check(const Evidence& evidence, const TraceView& view) {
  if (const auto* quoted = std::get_if<QuoteEvidence>(&evidence)) {
    return check_quote(*quoted, view);
  }
  if (const auto* absent = std::get_if<AbsenceEvidence>(&evidence)) {
    return check_absence(*absent, view);
  }
  if (const auto* measured = std::get_if<MeasureEvidence>(&evidence)) {
    return check_measure(*measured, view);
  }
  return false;
}

bool check(const Evidence& evidence, const TaskData& trace) {
  return check(evidence, TraceView(trace));
}

bool check(const Evidence& evidence, const Beside& beside) {
  const auto* compared = std::get_if<ComparisonEvidence>(&evidence);
  return compared != nullptr ? check_comparison(*compared, beside) : check(evidence, beside.view());
}

Proof proof_of(const ProvenFinding& finding) {
  Proof proof;
  proof.pieces_ = finding->evidence;
  return proof;
}

Proven<RubricItem> undecided(RubricItem item) {
  item.status = RubricStatus::unclear;
  item.evidence.clear();
  return Proven<RubricItem>(std::move(item));
}

std::string fingerprint(std::string_view code, std::string_view tool, std::string_view value_free) {
  std::uint64_t hash = fnv1a(code);
  hash = fnv1a(tool, fnv1a("\x1f", hash));
  hash = fnv1a(value_free, fnv1a("\x1f", hash));
  return fmt::format("{:016x}", hash);
}

}  // namespace infinium::maestro
