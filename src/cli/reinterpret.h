#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "cli/program.h"
#include "infinium/json.h"

namespace infinium::cli {

/// `infinium reinterpret`: stored traces under the present engine. Owned by main().
class ReinterpretCommand {
 public:
  ReinterpretCommand(CLI::App& app, Program& program);

 private:
  /// Carries out one operation of server/admin.h, here or in the server.
  using Ask = std::function<Result<Json>(Json::Object request)>;

  [[nodiscard]] Status run();
  /// Through the server that holds the folder. `not_found`: there is none.
  [[nodiscard]] Status run_in_server(const std::filesystem::path& folder);
  /// On the store itself. `conflict`: somebody else holds it.
  [[nodiscard]] Status run_here(const std::filesystem::path& folder);
  /// From the start of a run to its report.
  [[nodiscard]] Status follow(const Ask& ask);
  [[nodiscard]] Json::Object request() const;
  [[nodiscard]] Status report_on(const Json& told) const;

  Program& program_;
  std::string data_;
  std::string agent_;
  bool all_ = false;
  bool stale_ = false;
  bool dry_run_ = false;
  bool json_ = false;
};

/// What a run did, for a person: how many results went from which verdict to which.
[[nodiscard]] std::string reread_report(const Json& told);
/// One line about a run under way.
[[nodiscard]] std::string reread_progress(const Json& told);

}  // namespace infinium::cli
