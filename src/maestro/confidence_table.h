#pragma once

#include <array>
#include <optional>

// Written by tools/train/confidence.py; not edited by hand.

namespace infinium::maestro {

/// In the order of Verdict.
// clang-format off
inline constexpr std::array<std::optional<double>, 4> kMeasuredConfidence = {
    0.61,  // succeeded: 0.61 of 89
    0.45,  // partially_succeeded: 0.45 of 34
    std::nullopt,  // failed: 0.29 of 24
    std::nullopt,  // undetermined: 0.67 of 9
};
// clang-format on

}  // namespace infinium::maestro
