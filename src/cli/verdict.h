#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/api.h"
#include "cli/program.h"

namespace infinium::cli {

/// `infinium verdict …`: a person says what became of a trace. Owned by main().
class VerdictCommand {
 public:
  VerdictCommand(CLI::App& app, Program& program);

 private:
  [[nodiscard]] Status run();
  [[nodiscard]] Result<ApiAnswer> call();
  /// Errors: `invalid_argument` for a `--rubric` that is not ID=MARK.
  [[nodiscard]] Result<std::string> body() const;

  Program& program_;
  ReviewerEndpoint endpoint_;
  std::string trace_id_;
  std::string verdict_;
  std::string note_;
  std::vector<std::string> rubric_;  ///< each ID=MARK
  std::optional<std::int64_t> root_step_;
  bool withdraw_ = false;
  bool json_ = false;
};

}  // namespace infinium::cli
