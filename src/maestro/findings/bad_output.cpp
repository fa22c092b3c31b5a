#include <fmt/format.h>

#include <algorithm>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/unfinished_text.h"
#include "maestro/text.h"

/// Behaviour: nothing was handed over, or it stops in the middle. Source: premature end in the
/// published failure taxonomies; token limits.
/// How: a blank output beside which no tool delivered anything; an output whose code fence,
/// bracket, sentence or word stays open (see open_end_of), or a last model call that stopped at its
/// length limit. A preview that its sender cut is none of these. Blind spots: an output that stops
/// between two sentences.
namespace infinium::maestro {
namespace {

constexpr FindingKind kEmpty = {
    "output.empty",
    "Hand over a result, or say why there is none.",
};
constexpr FindingKind kCut = {
    "output.cut",
    "Raise the length limit or ask for the rest.",
};

/// The last model call's reason to stop, if it is its length limit.
bool stopped_at_limit(const TraceView& view) {
  for (auto step = view.steps().rbegin(); step != view.steps().rend(); ++step) {
    if (step->kind != StepKind::llm) {
      continue;
    }
    const ExecutionStep& raw = view.trace().steps[step->index];
    const auto is_limit = [](const Json* value) {
      const std::string* text = value != nullptr ? value->if_string() : nullptr;
      return text != nullptr &&
             (*text == "length" || *text == "max_tokens" || *text == "MAX_TOKENS");
    };
    for (const std::string_view key : {"finish_reason", "stop_reason"}) {
      if (raw.metadata && is_limit(raw.metadata->find(key))) {
        return true;
      }
    }
    return false;
  }
  return false;
}

}  // namespace

std::vector<ProvenFinding> find_bad_output(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<ProvenFinding> findings;
  if (!view.final_output()) {
    const bool sent_blank = view.trace().output_summary.has_value();
    if (view.delivered().empty() && (sent_blank || !view.steps().empty())) {
      if (const auto proof = measure(view, Count::characters, "output_summary", 1)) {
        Finding finding =
            draft(view, kEmpty, sent_blank ? Severity::critical : Severity::warning, {}, "");
        finding.title = "The output is empty";
        finding.explanation = sent_blank
                                  ? "A blank output was handed over, and no tool delivered one."
                                  : "No output was sent, and no tool delivered one.";
        findings.push_back(prove(std::move(finding), *proof));
      }
    }
    return findings;
  }
  const TextField& output = view.field(*view.final_output());
  if (output.cut) {
    return findings;
  }
  std::optional<Span> open = open_end_of(view, *view.final_output());
  const bool limit = stopped_at_limit(view);
  if (!open && limit && !output.text.empty()) {
    const std::size_t last = prefix_of(output.text, output.text.size() - 1).size();
    open = Span{*view.final_output(), last, output.text.size()};
  }
  if (!open) {
    return findings;
  }
  Finding finding = draft(view, kCut, limit ? Severity::critical : Severity::warning, {}, "");
  finding.title = "The output stops in the middle";
  finding.explanation = limit ? "The last model call stopped at its length limit."
                              : "Its last sentence, word, bracket or code block stays open.";
  if (const auto proof = quote(view, *open)) {
    findings.push_back(prove(std::move(finding), *proof));
  }
  return findings;
}

}  // namespace infinium::maestro
