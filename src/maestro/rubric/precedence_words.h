#pragma once

#include <string_view>

#include "maestro/rubric/actions.h"

/// What the words of "B before A" want of B.
namespace infinium::maestro {

/// Whether the needed clause wants a good outcome: "passed", "without failures", "green".
[[nodiscard]] bool wants_success(std::string_view text);
/// "The entire test suite", "all tests".
[[nodiscard]] bool wants_everything(std::string_view text);
/// "Unless the system grants one": a condition on its answer, no deed of the agent.
[[nodiscard]] bool wants_grant(std::string_view text);
/// "The facts", "all details": what any look-up may be a look at.
[[nodiscard]] bool is_vague(const ActionPhrase& phrase);
/// "Check", "verify", "make sure": what an agent may do by thinking, unlike "read" and "run".
[[nodiscard]] bool is_mere_check(const ActionPhrase& phrase);
/// "The balance", "a slot": what nobody can know who has not looked it up.
[[nodiscard]] bool is_kept_by_a_system(const ActionPhrase& part);

}  // namespace infinium::maestro
