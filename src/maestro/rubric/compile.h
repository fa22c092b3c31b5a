#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/rubric/check.h"

namespace infinium::maestro {

/// The longest text that is tried; a longer one is prose.
inline constexpr std::size_t kCheckableBytesMax = 400;

/// The checks that a rubric text means, all of which have to hold; empty if it is not understood to
/// its last word. A hedge ("about", "if possible"), a condition or an unknown word leaves the whole
/// text uncompiled: a check that means less than the text would be a guess. `tools` are the folded
/// names of the tools that the trace has called, so that a plain word can be known as a tool.
[[nodiscard]] std::vector<Check> compile(std::string_view text, std::span<const std::string> tools);

}  // namespace infinium::maestro
