#pragma once

#include <optional>
#include <string_view>

#include "infinium/interpretation.h"
#include "infinium/json.h"

namespace infinium::judge {

/// The quote with its place, if the words stand in the trace (its payload as a JSON object): in
/// `field`, a path such as `steps[3].output_preview`, else in the first text that holds them, since
/// models copy words better than paths. Numbers count as they were written. Nothing if the words
/// stand nowhere, if they are under 3 bytes and not a whole text, or over 2,000 bytes. A quote
/// keeps at most 400 bytes, cut between characters.
[[nodiscard]] std::optional<QuoteEvidence> find_quote(const Json& trace,
                                                      std::string_view field,
                                                      std::string_view words);

}  // namespace infinium::judge
