#include "maestro/root_cause.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "maestro/findings/catalogue.h"
#include "maestro/outcome/text_cues.h"
#include "maestro/provenance.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// A failed call whose error blames its arguments is an invalid call, not a broken system.
bool blames_the_call(std::string_view error) {
  const std::string folded = fold_case(error);
  constexpr std::array<std::string_view, 16> kWords = {"invalid",
                                                       "missing",
                                                       "required",
                                                       "unknown",
                                                       "unexpected",
                                                       "not found",
                                                       "no such",
                                                       "typeerror",
                                                       "keyerror",
                                                       "valueerror",
                                                       "schema",
                                                       "argument",
                                                       "parameter",
                                                       "malformed",
                                                       "syntax",
                                                       "does not exist"};
  return std::any_of(kWords.begin(), kWords.end(), [&folded](std::string_view word) {
    return folded.find(word) != std::string::npos;
  });
}

FailureKind kind_of_finding(const TraceView& view, const Finding& finding) {
  const FailureKind kind = find_code(finding.code).failure;
  if (finding.step_indices.empty()) {
    return kind;
  }
  const StepView& step = view.steps()[static_cast<std::size_t>(finding.step_indices.front())];
  const bool failed = step.error && (finding.code == "error.unrecovered" ||
                                     finding.code == "error.contradicted_by_success");
  return failed && blames_the_call(view.text(*step.error)) ? FailureKind::invalid_invocation : kind;
}

std::int64_t place_of(const Finding& finding) {
  return finding.step_indices.empty() ? INT64_MAX : finding.step_indices.front();
}

/// Whether `a` is the better cause: surer first, then a fault of a step before one of the output,
/// then the earlier, then the one that explains more.
bool is_better(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) {
    return a.severity > b.severity;
  }
  const int a_weight = find_code(a.code).weight;
  const int b_weight = find_code(b.code).weight;
  if (find_code(a.code).waste != find_code(b.code).waste) {
    return find_code(b.code).waste;
  }
  if (place_of(a) != place_of(b)) {
    return place_of(a) < place_of(b);
  }
  return a_weight > b_weight;
}

bool is_telling(const ValueToken& token) {
  return token.kind != ValueKind::number || std::abs(token.number) >= 100 || token.precision < 1;
}

/// Steps after `root` that work with values it brought in, or with values made of those.
std::vector<std::size_t> spread_of(const TraceView& view, std::size_t root) {
  const Sources sources(view);
  std::unordered_set<std::uint64_t> tainted;
  const auto taint = [&](const std::optional<FieldId>& field, std::size_t step) {
    if (!field) {
      return;
    }
    for (const ValueToken& token : view.values(*field)) {
      if (is_telling(token) && sources.find(token.key, step) == nullptr) {
        tainted.insert(token.key);
      }
    }
  };
  const auto touched = [&](const std::optional<FieldId>& field) {
    if (!field) {
      return false;
    }
    const auto values = view.values(*field);
    return std::any_of(values.begin(), values.end(), [&](const ValueToken& token) {
      return tainted.contains(token.key);
    });
  };
  taint(view.steps()[root].input, root);
  taint(view.steps()[root].output, root);
  std::vector<std::size_t> affected;
  for (const StepView& step : view.steps().subspan(root + 1)) {
    if (step.kind != StepKind::user && (touched(step.input) || touched(step.output))) {
      affected.push_back(step.index);
      taint(step.output, step.index);
    }
  }
  return affected;
}

/// "; steps 5–9 act on it"
std::string spread_in_words(const TraceView& view, const std::vector<std::size_t>& affected) {
  if (affected.empty()) {
    return {};
  }
  const std::int64_t first = view.steps()[affected.front()].number;
  const std::int64_t last = view.steps()[affected.back()].number;
  if (affected.size() == 1) {
    return fmt::format(" Step {} acts on it.", first);
  }
  const bool row = affected.back() - affected.front() + 1 == affected.size();
  return row ? fmt::format(" Steps {}\u2013{} act on it.", first, last)
             : fmt::format(" {} later steps, the first {}, act on it.", affected.size(), first);
}

/// A place that may be at fault: a step, or the output.
struct Candidate {
  std::optional<std::size_t> step;
  double weight = 0;
  const ProvenFinding* finding = nullptr;  ///< none: by its words and place alone
};

/// Whether a limit was passed that is counted over the run: calls, time, money.
bool is_passed_limit(const Finding& finding) {
  return finding.code == "constraint.violated" && !finding.step_indices.empty() &&
         std::any_of(finding.evidence.begin(), finding.evidence.end(), [](const Evidence& piece) {
           return std::holds_alternative<MeasureEvidence>(piece);
         });
}

/// What one finding adds to the blame of its step; a critical one outweighs any guess. Waste is the
/// cause only of a limit that it used up.
double weight_of(const Finding& finding, bool limit_passed) {
  if (finding.severity == Severity::info) {
    return 0;
  }
  if (find_code(finding.code).waste) {
    return limit_passed ? 2.5 : 0;
  }
  return finding.severity == Severity::critical ? 2.0 : 0.5;
}

std::vector<Candidate> candidates_of(const Reading& reading, std::span<const double> blamed) {
  std::vector<Candidate> candidates;
  std::vector<const ProvenFinding*> ranked;
  const bool limit_passed =
      std::any_of(reading.findings.begin(), reading.findings.end(), [](const auto& finding) {
        return is_passed_limit(*finding);
      });
  for (const ProvenFinding& finding : reading.findings) {
    if (weight_of(*finding, limit_passed) > 0) {
      ranked.push_back(&finding);
    }
  }
  std::stable_sort(
      ranked.begin(), ranked.end(), [](const ProvenFinding* a, const ProvenFinding* b) {
        return is_better(**a, **b);
      });
  for (const ProvenFinding* finding : ranked) {
    Candidate candidate;
    candidate.finding = finding;
    candidate.weight = weight_of(**finding, limit_passed);
    if (!(*finding)->step_indices.empty()) {
      candidate.step = static_cast<std::size_t>((*finding)->step_indices.front());
    }
    const bool told = std::any_of(candidates.begin(), candidates.end(), [&](const auto& other) {
      return other.step == candidate.step;
    });
    if (!told) {
      candidates.push_back(candidate);
    }
  }
  std::vector<std::size_t> order(blamed.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&blamed](std::size_t a, std::size_t b) {
    return blamed[a] > blamed[b];
  });
  constexpr std::size_t kGuessesMax = 4;
  for (std::size_t i = 0; i < std::min(order.size(), kGuessesMax); ++i) {
    const auto known = std::find_if(candidates.begin(), candidates.end(), [&](const auto& other) {
      return other.step == order[i];
    });
    if (known == candidates.end()) {
      candidates.push_back({order[i], blamed[order[i]], nullptr});
    } else {
      known->weight += blamed[order[i]];
    }
  }
  return candidates;
}

/// Whether two or more agents acted.
bool is_team(const TraceView& view) {
  const std::string* first = nullptr;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::user || step.agent.empty()) {
      continue;
    }
    if (first != nullptr && step.agent != *first) {
      return true;
    }
    first = first == nullptr ? &step.agent : first;
  }
  return false;
}

/// What the words of a step show, for a cause that no finding explains.
std::string guess_reason(const TraceView& view, const RunCues& cues, std::size_t at) {
  const StepView& step = view.steps()[at];
  const TextCues& words = cues.steps[at];
  const bool after_call = at > 0 && view.steps()[at - 1].kind == StepKind::tool;
  const bool before_failure = at + 1 < view.steps().size() && view.steps()[at + 1].failed;
  std::string_view why = "it is where runs of this course most often go wrong";
  if (step.failed) {
    why = "it failed";
  } else if (before_failure) {
    why = "the call that follows from it failed";
  } else if (words.has(Cue::assume)) {
    why = "it works with assumed or example data";
  } else if (words.has(Cue::conclude) && !after_call) {
    why = "it gives a result that no call before it shows";
  } else if (words.has(Cue::hedge)) {
    why = "it is not sure of what it says";
  }
  return fmt::format(
      "No check shows the fault; step {} is the likeliest place: {}.", step.number, why);
}

/// The first words of a step.
std::optional<CheckedEvidence> opening_of(const TraceView& view, std::size_t at) {
  const StepView& step = view.steps()[at];
  for (const std::optional<FieldId>& field : {step.output, step.input}) {
    if (!field) {
      continue;
    }
    const std::string_view text = view.field(*field).text;
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      const auto length = prefix_of(text.substr(start, end - start), 200).size();
      return quote(view, {*field, start, start + length});
    }
  }
  return std::nullopt;
}

FailureKind guess_kind(const TraceView& view, const RunCues& cues, std::size_t at) {
  const StepView& step = view.steps()[at];
  if (step.failed) {
    return blames_the_call(view.text(*step.error)) ? FailureKind::invalid_invocation
                                                   : FailureKind::system_failure;
  }
  const bool after_call = at > 0 && view.steps()[at - 1].kind == StepKind::tool;
  if (cues.steps[at].has(Cue::assume) || (cues.steps[at].has(Cue::conclude) && !after_call)) {
    return FailureKind::invention_of_information;
  }
  return after_call ? FailureKind::misinterpretation_of_tool_output
                    : FailureKind::instruction_or_plan_adherence;
}

void place_at(RootCause& cause, const TraceView& view, std::size_t index) {
  const StepView& step = view.steps()[index];
  cause.step = step.number;
  cause.step_index = static_cast<std::int64_t>(index);
  cause.agent = step.agent.empty() ? std::nullopt : std::optional(step.agent);
  const std::vector<std::size_t> affected = spread_of(view, index);
  for (const std::size_t at : affected) {
    cause.affected_steps.push_back(view.steps()[at].number);
  }
  cause.reason += spread_in_words(view, affected);
}

void add_alternatives(RootCause& cause,
                      const Reading& reading,
                      const RunCues& cues,
                      std::span<const Candidate> others) {
  constexpr std::size_t kAlternativesMax = 3;
  for (const Candidate& other : others.subspan(0, std::min(others.size(), kAlternativesMax))) {
    RootCauseAlternative alternative;
    if (other.step) {
      alternative.step = reading.view().steps()[*other.step].number;
    }
    alternative.reason = other.finding != nullptr ? (*other.finding)->explanation
                                                  : guess_reason(reading.view(), cues, *other.step);
    if (other.finding == nullptr) {
      alternative.confidence = other.weight;
    }
    cause.alternatives.push_back(std::move(alternative));
  }
}

}  // namespace

std::optional<Proven<RootCause>> find_root_cause(const Reading& reading,
                                                 const RunCues& cues,
                                                 std::span<const double> blamed,
                                                 bool unlikely) {
  const TraceView& view = reading.view();
  const bool may_guess = is_team(view) || unlikely;
  std::vector<Candidate> candidates =
      candidates_of(reading, may_guess ? blamed : std::span<const double>{});
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return a.weight > b.weight;
  });
  if (candidates.empty()) {
    return std::nullopt;
  }
  const Candidate& best = candidates.front();
  RootCause cause;
  std::optional<Proof> proof;
  if (best.finding != nullptr) {
    cause.kind = kind_of_finding(view, **best.finding);
    cause.reason = (*best.finding)->explanation;
    proof = proof_of(*best.finding);
  } else {
    cause.kind = guess_kind(view, cues, *best.step);
    cause.reason = guess_reason(view, cues, *best.step);
    cause.confidence = best.weight;
    if (const auto opening = opening_of(view, *best.step)) {
      proof = Proof(*opening);
    }
  }
  if (!proof) {
    return std::nullopt;
  }
  if (best.step) {
    place_at(cause, view, *best.step);
  }
  add_alternatives(cause, reading, cues, std::span(candidates).subspan(1));
  return prove(std::move(cause), *proof);
}

}  // namespace infinium::maestro
