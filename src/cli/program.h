#pragma once

#include <cstddef>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "infinium/result.h"

namespace infinium::cli {

/// What stands at the other end of stdout.
struct Terminal {
  bool present = false;    ///< stdout is a terminal: a person reads
  bool color = false;      ///< present, and neither NO_COLOR nor TERM=dumb says otherwise
  std::size_t width = 80;  ///< columns; between 40 and 120
};

[[nodiscard]] Terminal inspect_terminal();

/// What main() gives to every command, and what the chosen command leaves for main(). Owned by
/// main(); used by one thread.
struct Program {
  const Clock& clock;
  Random& random;
  Terminal terminal;
  Status outcome{};
};

/// The exit code of a command that failed so: the error table of `infinium --help`. The only place
/// where an exit code is made of an error.
[[nodiscard]] int exit_code(Code code);

/// The table of exit codes for `infinium --help`.
[[nodiscard]] std::string_view exit_code_table();

/// Writes to stdout and sees to it that it is there when the call returns; a reader that went away
/// ends the program, as usual for a filter.
void print(std::string_view text);

/// One line for a person on stderr.
void note(std::string_view text);

/// "error: …" on stderr, with the field at fault.
void report(const Error& error);

}  // namespace infinium::cli
