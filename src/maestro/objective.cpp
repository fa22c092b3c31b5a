#include "maestro/objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "maestro/decisive.h"
#include "maestro/findings/catalogue.h"
#include "maestro/outcome/text_cues.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::string_view kSettle = "The full output of the run, and the answers of its calls.";

bool has_text(const TraceView& view, const std::optional<FieldId>& field) {
  return field && !trim(view.field(*field).text).empty();
}

/// The last call of each state-changing tool that did not fail.
std::vector<const StepView*> last_writes(const TraceView& view) {
  std::unordered_map<std::string_view, const StepView*> last;
  std::vector<const StepView*> writes;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.changes_state && !step.failed) {
      last[step.tool] = &step;
    }
  }
  for (const StepView& step : view.steps()) {
    const auto found = last.find(step.tool);
    if (found != last.end() && found->second == &step) {
      writes.push_back(&step);
    }
  }
  return writes;
}

bool any_answers(const TraceView& view) {
  return std::any_of(view.steps().begin(), view.steps().end(), [&view](const StepView& step) {
    return step.kind == StepKind::tool && has_text(view, step.output);
  });
}

/// How many of the objective's content words the output or a call that did not fail speaks of.
double covered_share(const TraceView& view, const RunCues& cues) {
  constexpr std::size_t kStepsMax = 200;
  TextCues words = cues.answers.empty() ? cues.speech : cues.answers.front();
  std::size_t read = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.failed || ++read > kStepsMax) {
      continue;
    }
    std::string given;
    for (const std::string& word : name_words(step.tool)) {
      given += word + " ";
    }
    if (step.input && step.output) {
      given += prefix_of(view.field(*step.input).text, 2000);
    }
    merge(words, read_cues(given));
    merge(words, cues.steps[step.index]);
  }
  const auto& wanted = cues.objective.stems;
  return wanted.empty() ? 0
                        : static_cast<double>(shared_stems(wanted, words.stems)) /
                              static_cast<double>(wanted.size());
}

/// What shows that the work was brought to an end: the answer of the last call that changed
/// something, and the opening of the output.
std::vector<CheckedEvidence> shown(const TraceView& view) {
  std::vector<CheckedEvidence> pieces;
  const auto add = [&](FieldId field) {
    const std::string_view text = view.field(field).text;
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    constexpr std::size_t kTellingLeast = 12;
    if (start == std::string_view::npos || text.size() - start < kTellingLeast) {
      return;
    }
    const auto length = prefix_of(text.substr(start), 400).size();
    if (auto piece = quote(view, {field, start, start + length})) {
      pieces.push_back(std::move(*piece));
    }
  };
  if (const auto writes = last_writes(view);
      !writes.empty() && has_text(view, writes.back()->output)) {
    add(*writes.back()->output);
  }
  if (view.final_output()) {
    add(*view.final_output());
  } else if (!view.delivered().empty()) {
    add(view.delivered().front());
  }
  return pieces;
}

const ProvenFinding* spoils(const TraceView& view, std::span<const ProvenFinding> findings) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&view](const auto& finding) {
    return finding->severity == Severity::critical && !find_code(finding->code).waste &&
           !is_part(view, *finding);
  });
  return found == findings.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> missing_evidence(const TraceView& view) {
  if (view.final_output() && view.field(*view.final_output()).cut) {
    return "the end of the output was not sent";
  }
  if (!any_answers(view)) {
    return std::nullopt;
  }
  for (const StepView* step : last_writes(view)) {
    if (!has_text(view, step->output)) {
      return fmt::format("the answer of step {} (`{}`) was not sent", step->number, step->tool);
    }
    if (view.field(*step->output).cut) {
      return fmt::format("the answer of step {} (`{}`) is cut", step->number, step->tool);
    }
  }
  return std::nullopt;
}

JudgedObjective judge_objective(const Facts& facts,
                                const RunCues& cues,
                                std::span<const ProvenFinding> findings) {
  const TraceView& view = facts.view();
  if (const ProvenFinding* spoiler = spoils(view, findings)) {
    return {RubricStatus::unmet,
            fmt::format("The result rests on something wrong: {}.", (*spoiler)->title),
            std::nullopt,
            proof_of(*spoiler),
            false};
  }
  const auto open = [](std::string why, std::string_view settle) {
    return JudgedObjective{
        RubricStatus::unclear, std::move(why), std::string(settle), std::nullopt, false};
  };
  if (const auto missing = missing_evidence(view)) {
    JudgedObjective judged =
        open(fmt::format("What would show it is not there: {}.", *missing), kSettle);
    judged.incomplete = true;
    return judged;
  }
  const double covered = covered_share(view, cues);
  const std::vector<CheckedEvidence> pieces = shown(view);
  constexpr double kCoveredLeast = 0.3;
  if (covered < kCoveredLeast || pieces.empty()) {
    return open("Too little of what was done speaks of the objective.",
                "Acceptance criteria that can be checked in the output, or a person's reading.");
  }
  Proof proof(pieces.front());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    proof.add(pieces[i]);
  }
  return {RubricStatus::met,
          fmt::format("The work was brought to an end that speaks of {:.0f} % of the objective's "
                      "words, and nothing that was checked speaks against it.",
                      covered * 100),
          std::nullopt,
          std::move(proof),
          false};
}

}  // namespace infinium::maestro
