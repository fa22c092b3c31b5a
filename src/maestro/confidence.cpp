#include "maestro/confidence.h"

#include <algorithm>
#include <iterator>

namespace infinium::maestro {
namespace {

struct Row {
  std::string_view rule;
  std::optional<double> agreement;
};

/// Measured on the half `look` of the planted corpus, pulled a little to the middle. Nothing where
/// it was not measured, or where it hangs on how many runs of a deployment fail (S1).
constexpr Row kRows[] = {
    {"F1", 0.75},
    {"F2", 0.75},
    {"F3", 0.75},
    {"F4", 0.75},
    {"F6", 0.75},
    {"P1", 0.9},
    {"P2", 0.88},
    {"P3", 0.62},
    {"S1", std::nullopt},
    {"U1", 0.9},
    {"U2", std::nullopt},
    {"U3", std::nullopt},
    {"U4", std::nullopt},
    {"U6", std::nullopt},
};

}  // namespace

std::optional<double> shipped_confidence(std::string_view rule) {
  const Row* found = std::find_if(
      std::begin(kRows), std::end(kRows), [&](const Row& row) { return row.rule == rule; });
  return found == std::end(kRows) ? std::nullopt : found->agreement;
}

}  // namespace infinium::maestro
