#pragma once

#include <string_view>

namespace infinium::maestro {

/// Whether a tool of that name acts on the world: creates, sends, books, pays, changes, deletes, …
/// A name that reads ("get_order", "refund_policy", "予約確認") does not. English, German, French,
/// Spanish, Portuguese, Japanese.
[[nodiscard]] bool names_an_act(std::string_view tool);

/// Whether a tool of that name alters what is there already ("update_…", "reschedule", "ändern"):
/// then another value than before is what the call is for.
[[nodiscard]] bool names_an_update(std::string_view tool);

}  // namespace infinium::maestro
