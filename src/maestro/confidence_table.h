#pragma once

#include <array>
#include <optional>

// Written by tools/train/confidence.py; not edited by hand.

namespace infinium::maestro {

/// In the order of Verdict.
// clang-format off
inline constexpr std::array<std::optional<double>, 4> kMeasuredConfidence = {
    0.19,  // succeeded: 16 of 89
    0.72,  // partially_succeeded: 25 of 34
    0.42,  // failed: 10 of 24
    std::nullopt,  // undetermined: 6 of 9
};
// clang-format on

}  // namespace infinium::maestro
