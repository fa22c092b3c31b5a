#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "maestro/facts_claims.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"

/// Behaviour: a step fails and nothing makes up for it; worse, the output says it worked. Source:
/// published taxonomies of agent failures (premature end, no or wrong verification).
/// How: a failed step counts as recovered when a later call of the same tool succeeds, when a later
/// successful call uses one of its own arguments, or when its record says that the agent recovered.
/// Blind spots: recovery by another tool with other arguments; errors told in words that no rule
/// knows; an admission that is about something else.
namespace infinium::maestro {
namespace {

constexpr FindingKind kUnrecovered = {
    "error.unrecovered",
    "Handle the error: retry, take another way, or report it and stop.",
};
constexpr FindingKind kContradicted = {
    "error.contradicted_by_success",
    "Check the result of the step before reporting success.",
};

struct Failure {
  const StepView* step = nullptr;
  std::vector<std::size_t> repeats;  ///< later failures of the same tool with the same template
};

bool says_recovered(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  return (raw.error && raw.error->recoverable) ||
         (raw.tool_call && raw.tool_call->error && raw.tool_call->error->recoverable);
}

class ErrorCheck {
 public:
  explicit ErrorCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    for (const StepView& step : view_.steps()) {
      if (!step.failed && step.kind == StepKind::tool) {
        last_success_[step.tool] = step.index;
      }
    }
    collect();
  }

  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }

 private:
  [[nodiscard]] bool recovered(const StepView& step) const {
    if (says_recovered(view_, step)) {
      return true;
    }
    const auto last = last_success_.find(step.tool);
    if (step.kind == StepKind::tool && last != last_success_.end() && last->second > step.index) {
      return true;
    }
    if (step.kind == StepKind::llm || step.kind == StepKind::message) {
      const auto rest = view_.steps().subspan(step.index + 1);
      return std::any_of(rest.begin(), rest.end(), [&step](const StepView& later) {
        return later.kind == step.kind && !later.failed;
      });
    }
    return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
      if (argument.value.size() < 4) {
        return false;
      }
      const auto uses = facts_.uses(value_key(argument.value));
      return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
        const StepView& later = view_.steps()[use.step];
        return use.step > step.index && !later.failed && later.changes_state == step.changes_state;
      });
    });
  }

  void collect() {
    std::unordered_map<std::string, std::size_t> groups;
    for (const StepView& step : view_.steps()) {
      if (!step.failed || recovered(step)) {
        continue;
      }
      const auto [entry, is_new] =
          groups.emplace(step.tool + '\n' + step.error_template, failures_.size());
      if (is_new) {
        failures_.push_back({&step, {}});
      } else {
        failures_[entry->second].repeats.push_back(step.index);
      }
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::unordered_map<std::string, std::size_t> last_success_;
  std::vector<Failure> failures_;
};

std::vector<std::size_t> steps_of(const Failure& failure) {
  std::vector<std::size_t> steps{failure.step->index};
  const std::size_t count = std::min<std::size_t>(failure.repeats.size(), 50);
  steps.insert(steps.end(),
               failure.repeats.begin(),
               failure.repeats.begin() + static_cast<std::ptrdiff_t>(count));
  return steps;
}

/// Whether no tool succeeds after the step: the work ended with it.
bool ends_the_work(const TraceView& view, const StepView& step) {
  const auto rest = view.steps().subspan(step.index + 1);
  return std::none_of(rest.begin(), rest.end(), [](const StepView& later) {
    return later.kind == StepKind::tool && !later.failed;
  });
}

/// Whether the step mattered to the outcome: it changes something, delivers, or was the last.
bool is_needed(const TraceView& view, const StepView& step) {
  return step.changes_state || ends_the_work(view, step);
}

}  // namespace

std::vector<ProvenFinding> find_unrecovered_errors(const Facts& facts) {
  std::vector<ProvenFinding> findings;
  const TraceView& view = facts.view();
  const bool admitted = admission(view).has_value();
  const ErrorCheck errors(facts);
  for (const Failure& failure : errors.failures()) {
    if (findings.size() >= kFindingsOfDetectorMax) {
      break;
    }
    const StepView& step = *failure.step;
    const bool decisive = ends_the_work(view, step) && !admitted && !view.final_output();
    const bool claimed = is_needed(view, step) && !admitted && success_claim(view).has_value();
    const Severity severity = (decisive || claimed) ? Severity::critical : Severity::warning;
    Finding finding = draft(view, kUnrecovered, severity, steps_of(failure), step.error_template);
    finding.title = fmt::format("{} failed and was not made good", name_of(step));
    finding.explanation =
        fmt::format("Step {} failed with {}; no later step succeeds at the same work{}.",
                    step.number,
                    shown(view.text(*step.error)),
                    admitted ? ", and the output says that something went wrong" : "");
    for (const std::size_t index : steps_of(failure)) {
      finding.wasted.ms += view.steps()[index].duration_ms;
      finding.wasted.tokens += view.steps()[index].tokens;
    }
    if (const auto proof = quote(view, *step.error)) {
      findings.push_back(prove(std::move(finding), *proof));
    }
  }
  return findings;
}

std::vector<ProvenFinding> find_contradicted_success(const Facts& facts) {
  std::vector<ProvenFinding> findings;
  const TraceView& view = facts.view();
  const std::optional<Span> claim = success_claim(view);
  if (!claim || admission(view)) {
    return findings;
  }
  const ErrorCheck errors(facts);
  for (const Failure& failure : errors.failures()) {
    const StepView& step = *failure.step;
    if (!is_needed(view, step) || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    Finding finding =
        draft(view, kContradicted, Severity::critical, steps_of(failure), step.error_template);
    finding.title = fmt::format("The output claims success, but {} failed", name_of(step));
    finding.explanation =
        fmt::format("The output says {}; step {} failed with {} and was not made good.",
                    shown(view.text(*claim)),
                    step.number,
                    shown(view.text(*step.error)));
    const auto here = quote(view, *claim);
    const auto there = quote(view, *step.error);
    if (here && there) {
      findings.push_back(prove(std::move(finding), Proof(*there).add(*here)));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
