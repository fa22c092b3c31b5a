#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "cli/program.h"
#include "client/io_thread.h"
#include "judge/chat_judge.h"

namespace infinium::cli {

/// The options of `serve` that switch the judge on. Owned by the command.
class JudgeOptions {
 public:
  void add_to(CLI::App& command);
  /// Nothing where no judge is wanted. The key is read from INFINIUM_JUDGE_KEY. Errors:
  /// `invalid_argument`.
  [[nodiscard]] Result<std::optional<judge::ChatOptions>> read() const;

 private:
  std::string url_;
  double timeout_s_ = 120;
  judge::ChatOptions chat_;
};

/// The judge's ledger in a file of the data folder. Owned by the judge that is served.
class LedgerFile final : public judge::LedgerStore {
 public:
  explicit LedgerFile(std::filesystem::path file) : file_(std::move(file)) {}
  [[nodiscard]] Result<std::string> load() override;
  [[nodiscard]] Status save(const std::string& state) override;

 private:
  std::filesystem::path file_;
};

/// A judge with all that it needs while a server runs. Built and stopped by the command's thread.
class ServedJudge {
 public:
  /// `sink`, `program` and `log` are borrowed.
  ServedJudge(judge::ChatOptions options,
              const std::filesystem::path& folder,
              judge::OpinionSink& sink,
              const Program& program,
              Log& log);

  [[nodiscard]] judge::Judge& judge() { return judge_; }
  /// Cancels what is under way and records the rest as skipped.
  void stop() { judge_.stop(); }

 private:
  client::IoRuntime io_;
  LedgerFile ledger_;
  judge::ChatJudge judge_;
};

}  // namespace infinium::cli
