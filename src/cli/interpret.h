#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>

#include "cli/program.h"
#include "cli/trace_lines.h"
#include "infinium/company.h"
#include "infinium/interpretation.h"

namespace infinium::cli {

/// `infinium interpret`: Maestro on a file, without a server. Owned by main().
class InterpretCommand {
 public:
  InterpretCommand(CLI::App& app, Program& program);

 private:
  [[nodiscard]] Status run();
  /// Every trace in the company of all others of its agent.
  [[nodiscard]] Status interpret_among_others();
  void show(const TraceLine& line, Interpretation interpretation) const;

  Program& program_;
  std::string file_;
  std::string history_;                                ///< empty: none; "before" or "others"
  std::map<std::string, maestro::Company> companies_;  ///< by agent
  bool json_ = false;
  bool text_ = false;
};

}  // namespace infinium::cli
