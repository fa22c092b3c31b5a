#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/program.h"
#include "infinium/json.h"

namespace infinium::cli {

/// `infinium reviewer …`: the people who may give verdicts. Owned by main().
class ReviewerCommands {
 public:
  ReviewerCommands(CLI::App& app, Program& program);

 private:
  CLI::App& add(CLI::App& group,
                const char* name,
                const char* what,
                Status (ReviewerCommands::*run)());
  [[nodiscard]] Status create();
  [[nodiscard]] Status list();
  [[nodiscard]] Status rotate();
  [[nodiscard]] Status disable();
  [[nodiscard]] Status enable();
  [[nodiscard]] Result<Json> administer_one(const char* operation, const char* key);
  [[nodiscard]] Status hand_out_key(const char* operation, const char* key);
  [[nodiscard]] Status set_disabled(const char* operation, const char* said);

  Program& program_;
  std::string reviewer_;  ///< a name for `create`, else an id or name
  std::string data_;
  bool json_ = false;
};

}  // namespace infinium::cli
