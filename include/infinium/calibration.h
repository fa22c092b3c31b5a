#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/result.h"

namespace infinium::maestro {

/// What the people of one deployment taught: how far the shipped probabilities are to be moved
/// there. A value type; an empty one leaves everything as shipped. docs/learning.md explains it.
struct Calibration {
  static constexpr std::size_t kBytesMax = 16u << 10u;
  static constexpr std::size_t kSignals = 8;  ///< robust counts of a run; learning/signals.h
  static constexpr std::size_t kCells = 12;   ///< of a rule: 3 of coverage × 4 of probability
  static constexpr std::size_t kRulesMax = 64;

  /// logit(p) = offset + slope · logit(p shipped) + Σ weight · signal.
  struct Success {
    double offset = 0;
    double slope = 1;
    std::array<double, kSignals> weights{};
    std::int64_t runs = 0;  ///< that it was learned from
    bool operator==(const Success&) const = default;
  };

  /// How often careful reviewers give the verdict that this rule gives.
  struct Rule {
    std::string rule;  ///< "F1", "S1", … of docs/verdict-rules.md
    std::array<double, kCells> agreement{};
    bool operator==(const Rule&) const = default;
  };

  std::optional<Success> inside;   ///< of runs that the shipped model answers for
  std::optional<Success> outside;  ///< of all others, which have no probability without it
  std::vector<Rule> rules;         ///< sorted by rule
  std::string learned_with;        ///< engine_model() of the shipped weights then; no part of it

  [[nodiscard]] bool empty() const noexcept { return !inside && !outside && rules.empty(); }
  /// Versioned bytes with a checksum; equal for equal values, on any machine.
  [[nodiscard]] std::string encode() const;
  /// Errors: `corrupt` (not such bytes, damaged, or values out of bounds), `too_large`,
  /// `invalid_argument` (of a version that this program does not know).
  [[nodiscard]] static Result<Calibration> decode(std::string_view bytes);
  bool operator==(const Calibration&) const = default;
};

}  // namespace infinium::maestro
