#pragma once

#include <string_view>

/// Words in answers and names of tools that say what became of a call.
namespace infinium::maestro {

/// "null", "none", "0" …: a field that says nothing went wrong, or nothing is there.
[[nodiscard]] bool is_none(std::string_view value);
/// Keys that say whether a call went well, whatever it was.
[[nodiscard]] bool is_success_key(std::string_view key);
/// Keys under which an answer says what became of the call: "status", "result".
[[nodiscard]] bool is_outcome_key(std::string_view key);
/// Keys under which an answer tells of an error.
[[nodiscard]] bool is_error_key(std::string_view key);
/// Keys that explain.
[[nodiscard]] bool is_message_key(std::string_view key);
/// States that mean it was refused or went wrong; folded.
[[nodiscard]] bool is_failing_state(std::string_view value);
/// States that mean it is not done yet; folded.
[[nodiscard]] bool is_waiting_state(std::string_view value);
[[nodiscard]] bool is_count_of_changes(std::string_view key);
[[nodiscard]] bool is_count_of_hits(std::string_view key);
/// Keys that say whether a deed was done; a new order may be `paid: false`, so they need more.
[[nodiscard]] bool is_deed(std::string_view key);
/// Keys that can only speak of the call itself.
[[nodiscard]] bool is_plain_deed(std::string_view key);
/// Codes with which a look answers that there is no such thing.
[[nodiscard]] bool says_nothing_found(std::string_view value);
/// Whether a tool keeps a text for later, or only tries something.
[[nodiscard]] bool makes_a_draft(std::string_view tool);

}  // namespace infinium::maestro
