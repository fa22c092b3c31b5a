#pragma once

#include <string_view>

/// Words in answers and names of tools that say what became of a call.
namespace infinium::maestro {

/// Keys that say whether a deed was done; a new order may be `paid: false`, so they need more.
[[nodiscard]] bool is_deed(std::string_view key);
/// Keys that can only speak of the call itself.
[[nodiscard]] bool is_plain_deed(std::string_view key);
/// Codes with which a look answers that there is no such thing.
[[nodiscard]] bool says_nothing_found(std::string_view value);
/// Whether a tool keeps a text for later, or only tries something.
[[nodiscard]] bool makes_a_draft(std::string_view tool);

}  // namespace infinium::maestro
