#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/program.h"

namespace infinium::cli {

/// `infinium agent …`: who may send traces. Owned by main().
class AgentCommands {
 public:
  AgentCommands(CLI::App& app, Program& program);

 private:
  CLI::App& add(CLI::App& group,
                const char* name,
                const char* what,
                Status (AgentCommands::*run)());
  [[nodiscard]] Status create();
  [[nodiscard]] Status list();
  [[nodiscard]] Status rotate();
  [[nodiscard]] Status disable();
  [[nodiscard]] Status enable();
  [[nodiscard]] Status hand_out_secret(const char* operation, const char* key);
  [[nodiscard]] Status set_disabled(const char* operation, const char* said);

  Program& program_;
  std::string agent_;  ///< a name for `create`, else an id or name
  std::string data_;
  bool json_ = false;
};

}  // namespace infinium::cli
