#pragma once

#include <optional>
#include <string_view>

namespace infinium::maestro {

/// How often a careful reviewer gives the same verdict as the rows of docs/verdict-rules.md that
/// decide for it, as it
/// was measured before shipping (tools/train/confidence.py); nothing where it was not.
[[nodiscard]] std::optional<double> shipped_confidence(std::string_view rule);

}  // namespace infinium::maestro
