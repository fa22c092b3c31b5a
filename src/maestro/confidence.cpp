#include "maestro/confidence.h"

#include <algorithm>
#include <iterator>

namespace infinium::maestro {
namespace {

struct Row {
  std::string_view rule;
  std::optional<double> agreement;
};

/// Nothing: on runs that the rules were not written on, no row was right often enough to promise
/// it. A deployment learns its own from people (infinium calibrate).
constexpr Row kRows[] = {
    {"F1", std::nullopt},
    {"F2", std::nullopt},
    {"F3", std::nullopt},
    {"F4", std::nullopt},
    {"F6", std::nullopt},
    {"P1", std::nullopt},
    {"P2", std::nullopt},
    {"P3", std::nullopt},
    {"S1", std::nullopt},
    {"U1", std::nullopt},
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
