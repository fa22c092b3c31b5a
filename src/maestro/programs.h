#pragma once

#include <optional>
#include <string_view>

#include "maestro/facts_steps.h"

/// Programs that a tool runs as it is told to: what a command is to do, and what says that it did
/// not. Their answers are prose, and a shell that ran a failing command answers OK.
namespace infinium::maestro {

/// Whether a tool of that name runs commands: a shell, an interpreter, `npm`, `git`.
[[nodiscard]] bool runs_a_program(std::string_view tool);

/// Whether a command is to change something: install, delete, build, push, restart, … A test, a
/// search or a listing that fails is an answer, not a failure.
[[nodiscard]] bool commands_a_deed(std::string_view command);

/// Whether two commands are about the same thing: they share a word of four letters and more that
/// is no option.
[[nodiscard]] bool share_a_thing(std::string_view one, std::string_view other);

/// The line of the answer that says that the command failed: "npm ERR! …", "error during build",
/// "Permission denied", "exit status 1", "resume rejected: …". Nothing for a command that only
/// looks.
[[nodiscard]] std::optional<ErrorWords> program_failure(std::string_view command,
                                                        std::string_view answer);

}  // namespace infinium::maestro
