#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "infinium/interpretation.h"
#include "maestro/evidence.h"

namespace infinium::maestro {

/// What was found about one check or one rubric text. A decided ruling has evidence.
struct Ruling {
  RubricStatus status = RubricStatus::unclear;
  std::string rationale;
  std::optional<std::string> would_settle;  ///< set if unclear
  std::vector<CheckedEvidence> evidence;
  std::vector<std::size_t> steps;  ///< 0-based places of the steps at fault, if it is unmet
  bool partly = false;             ///< met, but for a part that words alone cannot show
  std::string_view code = {};      ///< of the finding, where a more telling one fits (catalogue)

  /// Adds the evidence if it could be made.
  void add(std::optional<CheckedEvidence> piece) {
    if (piece) {
      evidence.push_back(std::move(*piece));
    }
  }
};

[[nodiscard]] inline Ruling unclear(std::string rationale, std::string would_settle) {
  return {RubricStatus::unclear, std::move(rationale), std::move(would_settle), {}, {}, false};
}

/// Decided, or unclear if no evidence could be made for it.
[[nodiscard]] inline Ruling decided(bool met,
                                    std::string rationale,
                                    std::optional<CheckedEvidence> evidence) {
  if (!evidence) {
    return unclear(std::move(rationale), "A trace in which the evidence can be quoted in full.");
  }
  Ruling ruling{
      met ? RubricStatus::met : RubricStatus::unmet, std::move(rationale), {}, {}, {}, false};
  ruling.add(std::move(evidence));
  return ruling;
}

}  // namespace infinium::maestro
