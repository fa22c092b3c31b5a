#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "cli/program.h"
#include "infinium/json.h"

namespace infinium::cli {

/// `infinium calibrate …`: learning from people's verdicts. Owned by main().
class CalibrateCommand {
 public:
  CalibrateCommand(CLI::App& app, Program& program);

 private:
  [[nodiscard]] Status learn();
  [[nodiscard]] Status list();
  [[nodiscard]] Status roll_back();
  [[nodiscard]] Result<Json> administer_calibration(Json::Object request);

  Program& program_;
  std::string data_;
  std::int64_t version_ = 0;
  bool dry_run_ = false;
  bool force_ = false;
  bool json_ = false;
};

/// What was learned, for a person: the figures before and after, and who counted how much.
[[nodiscard]] std::string describe_learned(const Json& learned, bool dry_run);

}  // namespace infinium::cli
