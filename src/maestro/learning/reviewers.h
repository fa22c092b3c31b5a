#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "infinium/interpretation.h"

namespace infinium::maestro {

inline constexpr std::size_t kVerdicts = 4;

/// What one person says of one run.
struct Vote {
  std::string reviewer;  ///< an id
  Verdict verdict = Verdict::undetermined;
  auto operator<=>(const Vote&) const = default;
};

/// The votes on one run, at most one a reviewer, and what the evidence alone says where it is
/// strong: a verdict that rests on a critical finding.
struct VotedRun {
  std::span<const Vote> votes;
  const Verdict* evidence = nullptr;
};

/// What those who looked with care say of a run.
struct Consensus {
  std::array<double, kVerdicts> share{};  ///< of each verdict; sums to 1
  double weight = 0;                      ///< 0–1: that at least one of them looked with care
};

struct ReviewerWeight {
  std::string reviewer;
  std::int64_t verdicts = 0;
  std::int64_t shared = 0;  ///< of them on runs where somebody else, or strong evidence, says too
  double weight = 0;        ///< 0–1: how often a verdict of theirs is more than a guess
};

struct Weighed {
  std::vector<Consensus> runs;            ///< in the order of the input
  std::vector<ReviewerWeight> reviewers;  ///< sorted by id
};

/// Weighs reviewers by how far they agree with each other and with strong evidence on the runs that
/// they share, and the runs' verdicts by their reviewers. A reviewer looks with care with a
/// probability that is his own, else he answers as he usually does whatever the run; ten rounds of
/// expectation and maximisation, with a prior of 4 careful verdicts in 5 that a new reviewer gets.
/// Evidence is weighed like a reviewer, so that people who agree against it outweigh it, and has no
/// part in the consensus. Without `weigh` everyone counts in full. Deterministic for a given order.
///
/// After Hovy et al., Learning Whom to Trust with MACE (NAACL 2013); Dawid and Skene (1979).
[[nodiscard]] Weighed weigh_reviewers(std::span<const VotedRun> runs, bool weigh = true);

}  // namespace infinium::maestro
