#pragma once

#include <string_view>

namespace infinium::maestro {

/// The language of a running text by its script and its commonest words: "en", "de", "es", "fr",
/// "ja" or "zh"; empty if the text is too short or mixed to say. Blind spots: other languages, and
/// texts of names and figures.
[[nodiscard]] std::string_view language_of(std::string_view text);

}  // namespace infinium::maestro
