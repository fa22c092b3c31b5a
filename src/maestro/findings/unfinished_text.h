#pragma once

#include <cstddef>
#include <optional>

#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Where a text that was handed over stops in the middle: from the word, bracket or code block that
/// is left open to its end; nothing if it ends well. A text that its sender marks as cut is not
/// asked. See unfinished_text.cpp for what counts.
[[nodiscard]] std::optional<Span> open_end_of(const TraceView& view, FieldId field);

}  // namespace infinium::maestro
