#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "cli/evaluation/judged_trace.h"
#include "cli/program.h"
#include "infinium/company.h"

namespace infinium::cli {

/// `infinium evaluate`: Maestro on a labelled file, and how well it did. Owned by main().
class EvaluateCommand {
 public:
  EvaluateCommand(CLI::App& app, Program& program);

 private:
  [[nodiscard]] Status run();
  /// Takes one line as it comes; with `--history others` it is judged later.
  void take(evaluation::LabelledLine line);
  /// Judges a labelled line in its company and keeps what was said.
  void judge(const evaluation::LabelledLine& line, const maestro::Company& company);
  void judge_among_others();
  void show() const;
  void show_breakdown() const;

  Program& program_;
  std::string file_;
  std::string history_ = "before";  ///< "none", "before" or "others"
  std::string by_;                  ///< empty, "agent" or "kind"
  bool json_ = false;
  std::map<std::string, maestro::Company> companies_;  ///< by agent
  std::vector<evaluation::LabelledLine> waiting_;      ///< with "others": all lines
  std::vector<evaluation::JudgedTrace> judged_;
  std::size_t lines_ = 0;
  std::size_t unlabelled_ = 0;
  std::chrono::steady_clock::time_point last_note_;
};

}  // namespace infinium::cli
