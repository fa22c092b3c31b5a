#include "maestro/narrative.h"

#include <fmt/format.h>

#include <algorithm>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// The first sentence of a text of the trace, in quotation marks, on one line.
std::string cited(std::string_view text, std::size_t bytes_max = 160) {
  text = trim(text);
  std::size_t end = 0;
  while (end < text.size() && text[end] != '\n') {
    const bool mark = text[end] == '.' || text[end] == '!' || text[end] == '?';
    // "M. Curie", "am 12. Mai": the mark ends no sentence.
    const bool initial = end >= 2 && (!is_alnum(text[end - 2]) || is_digit(text[end - 1]));
    if (mark && !initial && end >= 20 && end + 1 < text.size() && is_space(text[end + 1])) {
      break;
    }
    ++end;
  }
  std::string_view first = prefix_of(text.substr(0, end), bytes_max);
  const bool whole = first.size() == end;
  if (whole && end < text.size() && text[end] != '\n') {
    first = text.substr(0, end + 1);  // with its mark
  }
  if (!whole) {
    const auto space = first.rfind(' ');
    first =
        space == std::string_view::npos || space < bytes_max / 2 ? first : first.substr(0, space);
  }
  std::string out = "\"" + std::string(trim(first)) + (whole ? "" : " …") + "\"";
  std::replace(out.begin() + 1, out.end() - 1, '"', '\'');
  return out;
}

/// Ends a sentence, unless the citation at its end has done so.
std::string ended(std::string sentence) {
  const bool done = sentence.ends_with(".\"") || sentence.ends_with("?\"") ||
                    sentence.ends_with("!\"") || sentence.ends_with("。\"");
  return done ? sentence : sentence + ".";
}

/// A text of ours as the end of a sentence: without its own full stop.
std::string clause(std::string_view text) {
  text = trim(text);
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string asked(const TraceView& view) {
  const TaskData& trace = view.trace();
  if (trace.expected_outcome && !trim(trace.expected_outcome->task_objective).empty()) {
    return ended("The task was " + cited(trace.expected_outcome->task_objective));
  }
  if (!view.request().empty() && !trim(view.field(view.request().front()).text).empty()) {
    return ended("The user asked " + cited(view.field(view.request().front()).text));
  }
  return ended("The task was " + cited(trace.name));
}

std::string happened(const Interpretation& result) {
  const Behavior& done = result.behavior;
  if (done.step_count == 0) {
    return "The trace reports no steps";
  }
  std::string out = "The agent took " + counted(done.step_count, "step");
  if (done.tool_calls > 0) {
    out += " with " + counted(done.tool_calls, "tool call");
  }
  if (done.errors > 0) {
    out += fmt::format(" and met {}{}",
                       counted(done.errors, "error"),
                       done.recovered_errors == done.errors ? ", all recovered"
                       : done.recovered_errors > 0
                           ? fmt::format(", {} recovered", done.recovered_errors)
                           : std::string());
  }
  return out;
}

std::string_view verdict_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::succeeded:
      return "it succeeded";
    case Verdict::partially_succeeded:
      return "it succeeded only in part";
    case Verdict::failed:
      return "it failed";
    case Verdict::undetermined:
      return "whether it succeeded is undetermined";
  }
  return "";
}

const QuoteEvidence* first_quote(const std::vector<Evidence>& evidence) {
  for (const Evidence& piece : evidence) {
    if (const auto* quote = std::get_if<QuoteEvidence>(&piece)) {
      return quote;
    }
  }
  return nullptr;
}

const Finding* worst(const Interpretation& result) {
  const Finding* found = nullptr;
  for (const Finding& finding : result.findings) {
    if (finding.severity != Severity::info &&
        (found == nullptr || finding.severity > found->severity)) {
      found = &finding;
    }
  }
  return found;
}

/// The item whose words the verdict rests on, where no finding explains it.
const RubricItem* telling_item(const Interpretation& result) {
  const RubricStatus wanted =
      result.verdict == Verdict::succeeded ? RubricStatus::met : RubricStatus::unmet;
  for (const RubricItem& item : result.rubric) {
    if (item.status == wanted && first_quote(item.evidence) != nullptr) {
      return &item;
    }
  }
  return nullptr;
}

std::string where_it_went_wrong(const Interpretation& result) {
  if (result.root_cause) {
    const RootCause& cause = *result.root_cause;
    return cause.step
               ? fmt::format("It went wrong at step {}: {}.", *cause.step, clause(cause.reason))
               : fmt::format("It went wrong in the output itself: {}.", clause(cause.reason));
  }
  if (const Finding* finding = worst(result)) {
    return clause(finding->explanation) + ".";
  }
  return {};
}

std::string evidence_sentence(const Interpretation& result) {
  const RubricItem* item = telling_item(result);
  if (item == nullptr) {
    return {};
  }
  const QuoteEvidence& quote = *first_quote(item->evidence);
  return ended(fmt::format(
      "{} {} {}",
      quote.step ? fmt::format("Step {} shows", *quote.step) : std::string("The output shows"),
      result.verdict == Verdict::succeeded ? "it:" : "what is wrong:",
      cited(quote.text)));
}

std::string what_to_do(const Interpretation& result) {
  if (const Finding* finding = worst(result); finding != nullptr) {
    if (!trim(finding->recommendation).empty()) {
      return clause(finding->recommendation) + ".";
    }
  }
  if (result.undetermined) {
    return "What would settle it: " + clause(result.undetermined->would_settle) + ".";
  }
  return {};
}

}  // namespace

std::string tell(const TraceView& view, const Interpretation& result, const Ruled& ruled) {
  std::string out = asked(view);
  const auto append = [&](const std::string& sentence) {
    out += sentence.empty() ? "" : " " + sentence;
  };
  append(fmt::format(
      "{}; {}: {}.", happened(result), verdict_words(result.verdict), clause(ruled.because)));
  const std::string wrong = where_it_went_wrong(result);
  append(wrong.empty() ? evidence_sentence(result) : wrong);
  append(what_to_do(result));
  return out;
}

}  // namespace infinium::maestro
