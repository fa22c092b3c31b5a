#pragma once

#include <string_view>

namespace infinium::maestro {

/// The language of a running text by its script and its commonest words: "en", "de", "es", "fr",
/// "pt", "it", "ja" or "zh"; empty if the text is too short or mixed to say. Blind spots: other
/// languages, and texts of names and figures.
[[nodiscard]] std::string_view language_of(std::string_view text);

/// Whether a short rule and a text are seen to be in one language, so that a word of the rule that
/// the text lacks says something. False where either cannot be told.
[[nodiscard]] bool may_share_language(std::string_view rule, std::string_view text);

}  // namespace infinium::maestro
