#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/program.h"
#include "cli/trace_lines.h"
#include "infinium/interpretation.h"

namespace infinium::cli {

/// `infinium interpret`: Maestro on a file, without a server. Owned by main().
class InterpretCommand {
 public:
  InterpretCommand(CLI::App& app, Program& program);

 private:
  [[nodiscard]] Status run();
  void show(const TraceLine& line, Interpretation interpretation) const;

  Program& program_;
  std::string file_;
  bool json_ = false;
  bool text_ = false;
};

}  // namespace infinium::cli
