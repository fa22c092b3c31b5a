#include "maestro/root_cause.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "maestro/findings/catalogue.h"
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

}  // namespace

std::optional<Proven<RootCause>> find_root_cause(const TraceView& view,
                                                 std::span<const ProvenFinding> findings,
                                                 std::span<const Proven<RubricItem>> rubric) {
  std::vector<const ProvenFinding*> ranked;
  for (const ProvenFinding& finding : findings) {
    if (finding->severity != Severity::info) {
      ranked.push_back(&finding);
    }
  }
  std::stable_sort(
      ranked.begin(), ranked.end(), [](const ProvenFinding* a, const ProvenFinding* b) {
        return is_better(**a, **b);
      });
  const bool unmet = std::any_of(rubric.begin(), rubric.end(), [](const Proven<RubricItem>& item) {
    return item->status == RubricStatus::unmet;
  });
  // A mere warning explains a failure; where nothing else says that there was one, it is none.
  if (ranked.empty() || (!unmet && (*ranked.front())->severity != Severity::critical)) {
    return std::nullopt;
  }
  const Finding& best = **ranked.front();
  RootCause cause;
  cause.kind = kind_of_finding(view, best);
  cause.reason = best.explanation;
  if (!best.step_indices.empty()) {
    const auto index = static_cast<std::size_t>(best.step_indices.front());
    const StepView& step = view.steps()[index];
    cause.step = step.number;
    cause.step_index = best.step_indices.front();
    cause.agent = step.agent.empty() ? std::nullopt : std::optional(step.agent);
    const std::vector<std::size_t> affected = spread_of(view, index);
    for (const std::size_t at : affected) {
      cause.affected_steps.push_back(view.steps()[at].number);
    }
    cause.reason += spread_in_words(view, affected);
  }
  for (const ProvenFinding* other : ranked) {
    constexpr std::size_t kAlternativesMax = 3;
    const std::int64_t place = place_of(**other);
    const bool told =
        place == place_of(best) ||
        std::any_of(cause.alternatives.begin(), cause.alternatives.end(), [&](const auto& a) {
          return a.step ==
                 ((*other)->steps.empty() ? std::nullopt : std::optional((*other)->steps.front()));
        });
    if (!told && cause.alternatives.size() < kAlternativesMax) {
      RootCauseAlternative alternative;
      if (!(*other)->steps.empty()) {
        alternative.step = (*other)->steps.front();
      }
      alternative.reason = (*other)->explanation;
      cause.alternatives.push_back(std::move(alternative));
    }
  }
  return prove(std::move(cause), proof_of(*ranked.front()));
}

}  // namespace infinium::maestro
