#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "maestro/text.h"

/// Words for the state of a thing, as services and people write them. English, German, French,
/// Spanish, Portuguese, Japanese.
namespace infinium::maestro {

/// How far a thing has come.
enum class Stage : std::uint8_t { unknown, refused, draft, open, received, done };

/// Whether a field of that name (lower case) holds a state.
[[nodiscard]] bool is_state_key(std::string_view key);

/// The stage that a short text of state says; "pending_approval" is still open.
[[nodiscard]] Stage stage_of(std::string_view value);

/// The word of the furthest stage beyond `open` in a sentence in lower case.
[[nodiscard]] std::optional<Match> further_stage_word(std::string_view folded);

/// Whether a text in lower case says that something is taken, sold out, occupied.
[[nodiscard]] bool says_taken(std::string_view folded);

/// Whether a sentence in lower case leaves open what it says: a negation, a condition, a future.
[[nodiscard]] bool leaves_open(std::string_view folded);

}  // namespace infinium::maestro
