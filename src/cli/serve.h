#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/program.h"
#include "cli/serve_judge.h"
#include "server/server.h"
#include "store/sqlite/open.h"

namespace infinium::cli {

/// `infinium serve`: the server over one folder, until a signal ends it. Owned by main().
class ServeCommand {
 public:
  ServeCommand(CLI::App& app, Program& program);

 private:
  void add_options(CLI::App& command);
  [[nodiscard]] Status run();
  [[nodiscard]] Status serve(store::sqlite::Opened& opened,
                             std::optional<judge::ChatOptions> judge,
                             Log& log);
  /// Until a signal ends it. `judge` may be null.
  [[nodiscard]] Status serve_until_end(store::Store& store, judge::Judge* judge, Log& log);
  [[nodiscard]] Status announce(const std::string& url) const;

  Program& program_;
  std::string listen_ = "127.0.0.1:8400";
  std::string data_;
  std::string ready_file_;
  int maestro_threads_;
  double header_timeout_s_ = 10;
  double body_timeout_s_ = 15;
  double idle_timeout_s_ = 60;
  double drain_s_ = 10;
  std::int64_t disk_reserve_mib_ = 256;
  server::Options options_;
  JudgeOptions judge_options_;
  bool json_ = false;
};

struct HostAndPort {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
};

/// Reads HOST:PORT; an IPv6 address stands in brackets. Errors: `invalid_argument`.
[[nodiscard]] Result<HostAndPort> parse_listen(const std::string& text);

}  // namespace infinium::cli
