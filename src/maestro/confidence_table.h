#pragma once

#include <array>
#include <optional>

// Written by tools/train/confidence.py; not edited by hand.

namespace infinium::maestro {

/// In the order of Verdict.
// clang-format off
inline constexpr std::array<std::optional<double>, 4> kMeasuredConfidence = {
    std::nullopt,  // succeeded: 0 of 0
    std::nullopt,  // partially_succeeded: 0 of 0
    std::nullopt,  // failed: 0 of 0
    std::nullopt,  // undetermined: 0 of 0
};
// clang-format on

}  // namespace infinium::maestro
