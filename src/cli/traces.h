#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "cli/api.h"
#include "cli/program.h"

namespace infinium::cli {

/// `infinium get`, `wait`, `list` and `tail`: reading back from a server. Owned by main().
class TraceCommands {
 public:
  TraceCommands(CLI::App& app, Program& program);

 private:
  CLI::App& add(CLI::App& app, const char* name, const char* what, Status (TraceCommands::*run)());
  void add_filters(CLI::App& list);
  [[nodiscard]] Status get();
  [[nodiscard]] Status wait();
  [[nodiscard]] Status list();
  [[nodiscard]] Status tail();
  [[nodiscard]] Result<std::vector<Json>> unseen(Api& api, std::set<std::string>& seen) const;
  void show_row(const Json& row) const;

  Program& program_;
  Endpoint endpoint_;
  std::string trace_id_;
  bool trace_ = false;
  double timeout_s_ = 120;
  double interval_s_ = 1;
  std::int64_t limit_ = 50;
  std::string cursor_, since_, until_, verdict_, text_;
  bool json_ = false;
};

}  // namespace infinium::cli
