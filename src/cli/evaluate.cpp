#include "cli/evaluate.h"

#include <fmt/format.h>

#include <utility>

#include "base/try.h"
#include "cli/evaluation/figures.h"
#include "cli/evaluation/layout.h"
#include "cli/trace_lines.h"

namespace infinium::cli {

using evaluation::JudgedTrace;
using evaluation::LabelledLine;

namespace {

constexpr std::chrono::seconds kBetweenNotes(2);

/// What `--by` groups a trace by.
std::string group_of(const JudgedTrace& trace, const std::string& by) {
  if (by == "agent") {
    return trace.agent;
  }
  return trace.kind.empty() ? trace.label.root_kind.value_or("") : trace.kind;
}

evaluation::Rows rows_of(const std::vector<JudgedTrace>& traces) {
  evaluation::Rows rows;
  for (const JudgedTrace& trace : traces) {
    rows.push_back(&trace);
  }
  return rows;
}

}  // namespace

EvaluateCommand::EvaluateCommand(CLI::App& app, Program& program)
    : program_(program), last_note_(program.clock.steady_now()) {
  CLI::App& command =
      *app.add_subcommand("evaluate", "Measure Maestro on labelled traces; no server needed");
  command.add_option("FILE", file_, "Labelled traces, one a line; - for stdin")->required();
  command
      .add_option("--history",
                  history_,
                  "Judge each trace alone (none), in the company of the earlier lines of its agent "
                  "(before, the default) or of all its other lines (others)")
      ->check(CLI::IsMember({"none", "before", "others"}));
  command.add_option("--by", by_, "Also the main figures by agent or by kind")
      ->check(CLI::IsMember({"agent", "kind"}));
  command.add_flag(
      "--json", json_, "One JSON object a line: {\"figure\",\"value\",\"low\",\"high\",\"n\"}");
  command.footer(
      "A line is {\"trace\":{payload},\"label\":{…}} with, optionally, \"id\", \"agent\" (or "
      "\"source\"),\n"
      "\"task_key\" (or \"scenario\") and \"kind\". A label may hold success; "
      "mistake_step_number and\n"
      "mistake_agent; root_step_number, root_agent, root_category and failures; or verdict, "
      "rubric, places,\n"
      "root_step and root_kind. docs/evaluation.md says what each figure means.\n"
      "Every figure stands beside its n and a 95 % interval (bootstrap over tasks), and beside\n"
      "baselines on the same rows. Lines without a label are company for the others, no more. A "
      "line\n"
      "that cannot be read is named on stderr, the rest goes on, and the exit code is 2.\n"
      "Examples:\n"
      "  infinium evaluate labelled.jsonl\n"
      "  infinium evaluate labelled.jsonl --history others --by agent\n"
      "  infinium evaluate labelled.jsonl --json | jq 'select(.figure == \"verdict: macro-F1\")'\n"
      "  python3 tests/corpus/expand.py | infinium evaluate - --history none --by kind");
  command.callback([this] { program_.outcome = run(); });
}

void EvaluateCommand::judge(const LabelledLine& line, const maestro::Company& company) {
  if (line.label.empty()) {
    ++unlabelled_;
    return;
  }
  judged_.push_back(evaluation::judge(line, company, program_.clock));
  if (judged_.back().task.empty()) {  // a line by itself is its own task
    judged_.back().task = fmt::format("\n{:012}", lines_);
  }
  if (const auto now = program_.clock.steady_now(); now - last_note_ >= kBetweenNotes) {
    last_note_ = now;
    note(fmt::format("judged {} traces", judged_.size()));
  }
}

void EvaluateCommand::take(LabelledLine line) {
  ++lines_;
  if (history_ == "none") {
    judge(line, {});
    return;
  }
  maestro::Company& company = companies_[line.line.agent];
  if (history_ == "before") {
    judge(line, company);
  }
  const auto number = static_cast<std::int64_t>(lines_);
  company.add(line.line.trace, name_of_line(line.line, number), number);
  if (history_ == "others") {
    waiting_.push_back(std::move(line));
  }
}

void EvaluateCommand::judge_among_others() {
  lines_ = waiting_.empty() ? lines_ : 0;
  for (const LabelledLine& line : waiting_) {
    ++lines_;
    maestro::Company& company = companies_[line.line.agent];
    const auto number = static_cast<std::int64_t>(lines_);
    const std::string name = name_of_line(line.line, number);
    company.subtract(line.line.trace, name, number);
    judge(line, company);
    company.add(line.line.trace, name, number);
  }
}

void EvaluateCommand::show() const {
  const evaluation::Rows rows = rows_of(judged_);
  const std::vector<evaluation::Figure> figures = evaluation::all_figures(rows, true);
  if (json_) {
    print(evaluation::as_json_lines(figures));
  } else {
    print(evaluation::as_table(figures) + evaluation::as_square(evaluation::confusion_of(rows)));
  }
  if (!by_.empty()) {
    show_breakdown();
  }
}

void EvaluateCommand::show_breakdown() const {
  std::map<std::string, evaluation::Rows> by_name;
  for (const JudgedTrace& trace : judged_) {
    by_name[group_of(trace, by_)].push_back(&trace);
  }
  std::vector<evaluation::Breakdown> groups;
  for (auto& [name, rows] : by_name) {
    const std::size_t traces = rows.size();
    groups.push_back({name, traces, evaluation::all_figures(std::move(rows), false)});
  }
  if (!json_) {
    print(evaluation::as_breakdown(by_, groups));
    return;
  }
  for (const evaluation::Breakdown& group : groups) {
    print(evaluation::as_json_lines(group.figures, by_, group.name));
  }
}

Status EvaluateCommand::run() {
  TRY(const LinesRead count, read_lines(file_, [this](std::string_view text) -> Status {
        TRY(LabelledLine line, evaluation::parse_labelled_line(text));
        take(std::move(line));
        return {};
      }));
  judge_among_others();
  if (unlabelled_ > 0) {
    note(fmt::format("{} of {} traces have no label and are only company", unlabelled_, lines_));
  }
  note(fmt::format("judged {} labelled traces", judged_.size()));
  evaluation::pair_with_clean_twins(judged_);
  if (!judged_.empty()) {
    show();
  }
  if (count.refused > 0) {
    return Error{Code::invalid_argument,
                 fmt::format("{} of {} lines could not be read", count.refused, count.read)};
  }
  if (judged_.empty()) {
    return Error{Code::invalid_argument, "no trace has a label"};
  }
  return {};
}

}  // namespace infinium::cli
