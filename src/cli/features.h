#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "cli/program.h"
#include "cli/trace_lines.h"
#include "infinium/company.h"

namespace infinium::cli {

/// `infinium features`: what Maestro's models see of each trace, for training.
class FeaturesCommand {
 public:
  FeaturesCommand(CLI::App& app, Program& program);

 private:
  Status run();
  void show(const TraceLine& line);

  Program& program_;
  std::string file_;
  std::string history_ = "before";
  std::map<std::string, maestro::Company> companies_;
};

}  // namespace infinium::cli
