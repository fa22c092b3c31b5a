#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "infinium/calibration.h"
#include "infinium/company.h"
#include "infinium/types.h"
#include "maestro/learning/comparison.h"
#include "maestro/learning/reviewers.h"
#include "maestro/learning/signals.h"

/// Learning from people's verdicts. docs/learning.md explains it.
namespace infinium::maestro {

/// A run that people judged, as far as learning looks at it.
struct Reviewed {
  std::uint64_t task = 0;  ///< equal for the same objective
  std::string id;          ///< the trace's
  RunSignals run;
  std::vector<Vote> votes;  ///< one a reviewer
  auto operator<=>(const Reviewed&) const = default;
};

[[nodiscard]] Reviewed review_of(const TaskData& trace,
                                 const Company& company,
                                 std::string id,
                                 std::vector<Vote> votes);

inline constexpr std::int64_t kReviewedLeast = 30;  ///< below it nothing is learned
inline constexpr std::int64_t kInsideLeast = 10;    ///< of runs with a shipped probability
inline constexpr std::int64_t kOutsideLeast = 50;   ///< of runs without one

struct LearnOptions {
  bool keep_all = false;        ///< keeps what did not help, too
  bool weigh_reviewers = true;  ///< off: everyone counts in full
};

/// What was learned is worth, on runs that it was not learned from: five folds, in which the runs
/// of a task stay together where there are tasks enough.
struct Report {
  std::int64_t reviewed = 0;
  std::array<std::int64_t, kVerdicts> verdicts{};  ///< runs by what people say of them
  bool too_few = false;                            ///< fewer than kReviewedLeast
  bool by_task = false;                            ///< else the folds are by trace
  Comparison inside;                               ///< P(success) of runs with a shipped one
  Comparison outside;           ///< of the others; before: the share of successes among other runs
  Comparison confidence;        ///< P(people give Maestro's verdict)
  double agreement_before = 0;  ///< share of Maestro's verdicts that people share, as shipped
  double agreement_after = 0;
  std::vector<ReviewerWeight> reviewers;
  bool recommended = false;  ///< at least one part helps
};

struct Learned {
  Calibration calibration;  ///< only what helps, unless all is to be kept
  Report report;
};

/// Pure; the same for every order of `reviewed`, on any machine.
[[nodiscard]] Learned learn(std::vector<Reviewed> reviewed, const LearnOptions& options = {});

}  // namespace infinium::maestro
