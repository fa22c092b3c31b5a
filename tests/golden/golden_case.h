#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "infinium/interpretation.h"
#include "infinium/types.h"

/// The cases of this folder, for every test that runs over them.
namespace infinium::golden {

/// One folder: a trace, and what Maestro says of it.
struct Case {
  std::string name;
  std::filesystem::path folder;
};

/// All cases in the order of their names.
[[nodiscard]] std::vector<Case> all_cases();

/// The trace of a case; a test failure and an empty trace if it cannot be read.
[[nodiscard]] TaskData read_trace(const Case& golden);

/// The result as the suite keeps it: the wire JSON, one member or element a line.
[[nodiscard]] std::string pretty(const Interpretation& result);

}  // namespace infinium::golden
