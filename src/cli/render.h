#pragma once

#include <cstddef>
#include <string>

#include "infinium/json.h"

namespace infinium::cli {

struct RenderOptions {
  std::size_t width = 80;  ///< columns of the widest line; at least 40
  bool color = false;      ///< with ANSI colours
};

/// An interpretation (the JSON of schema version 1) as text that a person understands without
/// documents: verdict and score, summary, where it went wrong, the rubric with its evidence, the
/// findings by severity, the parts of the score. Ends in a line end. Fields that are missing or of
/// another kind are left out. Everything that the trace said is made printable first.
[[nodiscard]] std::string render_interpretation(const Json& interpretation,
                                                const RenderOptions& options);

}  // namespace infinium::cli
