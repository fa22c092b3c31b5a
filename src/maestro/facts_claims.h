#pragma once

#include <optional>
#include <string_view>

#include "maestro/trace_view.h"

/// What the final output says of itself. Words in English, German, Spanish and Japanese.
namespace infinium::maestro {

/// The first sentence that says it worked ("successfully", "done", "erfolgreich", "完了"), not
/// negated.
[[nodiscard]] std::optional<Span> success_claim(const TraceView& view);

/// Where it says that something did not work ("could not", "failed", "konnte nicht", "no se pudo").
[[nodiscard]] std::optional<Span> admission(const TraceView& view);

}  // namespace infinium::maestro
