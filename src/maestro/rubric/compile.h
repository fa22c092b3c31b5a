#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/interpretation.h"
#include "maestro/rubric/check.h"

namespace infinium::maestro {

/// The longest text that is tried; a longer one is prose.
inline constexpr std::size_t kCheckableBytesMax = 400;

/// The checks that a rubric text means, all of which have to hold; empty if it is not understood to
/// its last word. A hedge ("about", "if possible"), a condition or an unknown word leaves the whole
/// text uncompiled: a check that means less than the text would be a guess. `tools` are the folded
/// names of the tools that the trace has called, so that a plain word can be known as a tool.
[[nodiscard]] std::vector<Check> compile(std::string_view text, std::span<const std::string> tools);

/// What a text was understood to mean, in whole or in part.
struct Compiled {
  std::vector<Check> checks;
  bool whole = false;  ///< the checks say all that the text says
};

/// As compile(); where the text is not understood to its last word, the checks of those clauses
/// that are. A broken one breaks the text; kept ones do not show that the text is kept. A clause
/// counts only if its sentence is about the output, or about what a clause before it was about, and
/// has no hedge, condition or alternative.
[[nodiscard]] Compiled compile_clauses(std::string_view text,
                                       std::span<const std::string> tools,
                                       RubricKind kind = RubricKind::criterion);

}  // namespace infinium::maestro
