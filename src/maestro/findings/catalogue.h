#pragma once

#include <span>
#include <string_view>

#include "infinium/interpretation.h"

namespace infinium::maestro {

/// One code of a finding: what it is called, where it stands in the published taxonomy of
/// multi-agent failures (MAST, 14 modes), and what it says of the run.
struct FindingCode {
  std::string_view code;
  std::string_view category;  ///< "FM-1.3", …; empty where no mode fits
  FailureKind failure;        ///< the kind of root cause, if this is the first decisive error
  int weight = 1;      ///< among findings of one severity the heavier explains the outcome better
  bool waste = false;  ///< costs time or money, but leaves the result alone
  bool rule = false;   ///< a rule was broken, be it of the rubric: the objective may be reached
  /// Rests on the agent's other runs, which may all be wrong: no part of a verdict, of the root
  /// cause or of the score.
  bool company = false;
};

/// Every code that a detector or the rubric may raise, sorted by code; docs/maestro.md has them
/// all.
[[nodiscard]] std::span<const FindingCode> finding_codes();

/// The entry of a code; an inconclusive one of weight 2 for a code that is not in the list.
[[nodiscard]] const FindingCode& find_code(std::string_view code);

}  // namespace infinium::maestro
