#include "cli/program.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace infinium::cli {

Terminal inspect_terminal() {
  Terminal terminal;
  terminal.present = ::isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  terminal.color = terminal.present && (no_color == nullptr || *no_color == '\0') &&
                   (kind == nullptr || std::string_view(kind) != "dumb");
  winsize size{};
  if (terminal.present && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.width = std::clamp<std::size_t>(size.ws_col, 40, 120);
  }
  return terminal;
}

int exit_code(Code code) {
  switch (code) {
    case Code::internal:
      return 1;
    case Code::invalid_argument:
      return 2;
    case Code::malformed:
      return 3;
    case Code::unauthenticated:
      return 4;
    case Code::forbidden:
      return 5;
    case Code::not_found:
      return 6;
    case Code::conflict:
      return 7;
    case Code::too_large:
      return 8;
    case Code::exhausted:
      return 9;
    case Code::unavailable:
      return 10;
    case Code::timeout:
      return 11;
    case Code::corrupt:
      return 12;
  }
  return 1;
}

std::string_view exit_code_table() {
  return "Exit codes:\n"
         "   0  done\n"
         "   1  internal          a bug of this program\n"
         "   2  invalid_argument  wrong usage, or a value that breaks a rule\n"
         "   3  malformed         input that is not in its format (not JSON, bad UTF-8)\n"
         "   4  unauthenticated   unknown or disabled agent or reviewer, wrong secret\n"
         "   5  forbidden         a valid credential without the right\n"
         "   6  not_found         no such trace, agent, prompt, version or file\n"
         "   7  conflict          contradicts what is stored, or another process holds the folder\n"
         "   8  too_large         a size limit is passed\n"
         "   9  exhausted         a rate limit is passed; try later\n"
         "  10  unavailable       server away, port in use, disk full or folder not writable\n"
         "  11  timeout           no answer in time\n"
         "  12  corrupt           stored bytes do not read back\n";
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) {
    report({Code::unavailable, "stdout cannot be written to"});
    std::_Exit(exit_code(Code::unavailable));
  }
}

void note(std::string_view text) {
  std::string line(text);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void report(const Error& error) {
  note("error: " + error.message + (error.where.empty() ? "" : " (at " + error.where + ")"));
}

}  // namespace infinium::cli
