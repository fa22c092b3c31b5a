#pragma once

#include <string>
#include <string_view>

namespace infinium::maestro {

/// Whether a tool of that name acts on the world: creates, sends, books, pays, changes, deletes, …
/// A name that reads ("get_order", "refund_policy", "予約確認") does not; of several verbs the
/// first decides: `update_list` acts, `list_updates` does not. English, German, French, Spanish,
/// Portuguese, Japanese.
[[nodiscard]] bool names_an_act(std::string_view tool);

/// The word that says so, in lower case ("refund" of `refund_order`); empty if none does.
[[nodiscard]] std::string act_of(std::string_view tool);

/// Whether a tool of that name alters what is there already ("update_…", "reschedule", "ändern"):
/// then another value than before is what the call is for.
[[nodiscard]] bool names_an_update(std::string_view tool);

/// The same, but for bare names of arithmetic and plumbing (`add`, `set`).
[[nodiscard]] bool names_a_change(std::string_view tool);

/// Whether a tool of that name only looks, counts or waits: `get_order`, `buscar_contrato`.
[[nodiscard]] bool names_a_look(std::string_view tool);

/// Whether a tool of that name hands the conversation to a person or another agent, and so changes
/// nothing by itself.
[[nodiscard]] bool names_a_handover(std::string_view tool);
/// Whether a tool of that name hands something over to a reader: writes, sends, publishes, …
[[nodiscard]] bool names_a_delivery(std::string_view tool);

/// Whether a tool of that name only lets time pass: `wait`, `sleep`.
[[nodiscard]] bool names_a_wait(std::string_view tool);

/// Whether a tool of that name runs whatever it is given (a shell, an interpreter, a browser), so
/// that its name says nothing of what a call does.
[[nodiscard]] bool runs_anything(std::string_view tool);

}  // namespace infinium::maestro
