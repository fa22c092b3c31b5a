#include "cli/program.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace infinium::cli {
namespace {

TEST(ExitCode, EveryFailureHasItsOwnAndTheHelpNamesIt) {
  const std::string table(exit_code_table());
  std::set<int> seen;
  for (int i = 0; i <= static_cast<int>(Code::internal); ++i) {
    const auto code = static_cast<Code>(i);
    const int number = exit_code(code);
    EXPECT_GT(number, 0);
    EXPECT_TRUE(seen.insert(number).second) << to_string(code);
    const std::string row = std::to_string(number) + "  " + std::string(to_string(code));
    EXPECT_NE(table.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace infinium::cli
