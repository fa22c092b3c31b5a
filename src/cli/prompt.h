#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "cli/program.h"
#include "server/admin.h"

namespace infinium::cli {

/// `infinium prompt …`: prompts with versions, which agents fetch by key. Owned by main().
class PromptCommands {
 public:
  PromptCommands(CLI::App& app, Program& program);

 private:
  CLI::App& add(CLI::App& group,
                const char* name,
                const char* what,
                Status (PromptCommands::*run)());
  [[nodiscard]] Result<server::admin::Answer> call(Json::Object request);
  [[nodiscard]] Status create();
  [[nodiscard]] Status push();
  [[nodiscard]] Status list();
  [[nodiscard]] Status show();

  Program& program_;
  std::string prompt_;  ///< a name for `create`, else an id
  std::string content_file_;
  std::int64_t version_ = 0;  ///< 0: the latest
  std::string data_;
  bool json_ = false;
};

}  // namespace infinium::cli
