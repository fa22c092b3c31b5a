#include "cli/reinterpret.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/try.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "codec/json_text.h"
#include "pipeline/reread_job.h"
#include "server/admin.h"
#include "server/control_socket.h"
#include "store/sqlite/open.h"

namespace infinium::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};
constexpr std::chrono::seconds kBetweenNotes{2};
constexpr std::chrono::seconds kPatience{5};

std::atomic<bool> interrupted = false;  // a signal handler reaches nothing else

/// While it lives, the first Ctrl-C (or SIGTERM) is noted; a second one ends the program at once.
class InterruptNote {
 public:
  InterruptNote() {
    interrupted = false;
    for (const int signal : kSignals) {
      std::signal(signal, [](int got) {
        interrupted = true;
        std::signal(got, SIG_DFL);
      });
    }
  }
  ~InterruptNote() {
    for (const int signal : kSignals) {
      std::signal(signal, SIG_DFL);
    }
  }
  InterruptNote(const InterruptNote&) = delete;
  InterruptNote& operator=(const InterruptNote&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM};
};

double number_or_0(const Json& told, std::string_view key) {
  return number_at(told, key).value_or(0);
}

std::int64_t count_at(const Json& told, std::string_view key) {
  return static_cast<std::int64_t>(number_or_0(told, key));
}

std::string change_line(const Json& change) {
  std::string line = fmt::format("  {:20} -> {:20} {:8}",
                                 text_at(change, "from"),
                                 text_at(change, "to"),
                                 count_at(change, "count"));
  for (const Json& example : list_at(change, "examples")) {
    line += "  " + *example.if_string();
  }
  return line + "\n";
}

}  // namespace

std::string reread_progress(const Json& told) {
  const double seen = number_or_0(told, "seen");
  const double seconds = number_or_0(told, "seconds");
  const double rate = seconds > 0 ? seen / seconds : 0;
  const double left = rate > 0 ? (number_or_0(told, "total") - seen) / rate : 0;
  return fmt::format("{} of {} traces, {:.0f} a second, {:.0f} s left",
                     count_at(told, "seen"),
                     count_at(told, "total"),
                     rate,
                     left);
}

std::string reread_report(const Json& told) {
  const std::int64_t read = count_at(told, "read");
  std::string report =
      fmt::format("read again: {} of {} traces in {:.1f} s ({} by another engine, {} stale)\n",
                  read,
                  count_at(told, "total"),
                  number_or_0(told, "seconds"),
                  count_at(told, "of_other_engine"),
                  count_at(told, "stale"));
  if (read == 0) {
    return report;
  }
  std::int64_t kept = 0;
  std::string changes;
  for (const Json& change : list_at(told, "verdicts")) {
    if (text_at(change, "from") == text_at(change, "to")) {
      kept += count_at(change, "count");
    } else {
      changes += change_line(change);
    }
  }
  report += fmt::format("same verdict: {} (the whole result: {})\n", kept, count_at(told, "same"));
  report += changes.empty() ? "" : "other verdict, with examples:\n" + changes;
  const Json* score = told.find("score");
  if (score != nullptr) {
    report += fmt::format("score: {} up, {} down, {:+.2f} points on average\n",
                          count_at(*score, "up"),
                          count_at(*score, "down"),
                          number_or_0(*score, "sum") / static_cast<double>(read));
  }
  if (const std::int64_t failed = count_at(told, "failed"); failed > 0) {
    report += fmt::format("the engine failed at {} (finding engine.failed)\n", failed);
  }
  report += flag_at(told, "dry_run") ? "nothing was stored: --dry-run\n"
                                     : "what was replaced is kept: GET …/traces/ID/results\n";
  return report;
}

ReinterpretCommand::ReinterpretCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command = *app.add_subcommand(
      "reinterpret", "Read stored traces again under the present engine, and show what changes");
  CLI::Option* all =
      command.add_flag("--all", all_, "Also what this engine said, and nothing has changed since");
  command
      .add_flag(
          "--stale", stale_, "Only results made without a trace of the same task that came earlier")
      ->excludes(all);
  command.add_flag("--dry-run", dry_run_, "Show what would change; store nothing");
  command.add_option("--agent", agent_, "Only this agent's traces: its id, or its name")
      ->type_name("AGENT");
  command.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
      ->type_name("DIR");
  command.add_flag("--json", json_, "Print JSON");
  command.footer(
      "Reads every trace whose result is by another engine or stale, each in the company of those "
      "that\n"
      "came before it. The results that are replaced are kept. Works while a server holds the "
      "folder,\n"
      "which goes on receiving. Ctrl-C stops it; the same command then goes on where it stopped.\n"
      "Examples:\n"
      "  infinium reinterpret --dry-run           # after an update: what would change?\n"
      "  infinium reinterpret --agent checkout\n"
      "  infinium reinterpret --stale --json");
  command.callback([this] { program_.outcome = run(); });
}

Json::Object ReinterpretCommand::request() const {
  Json::Object request{
      {"op", "reinterpret.start"}, {"all", all_}, {"stale", stale_}, {"dry_run", dry_run_}};
  if (!agent_.empty()) {
    request.push_back({"agent", agent_});
  }
  return request;
}

Status ReinterpretCommand::run() {
  TRY(const auto folder, data_folder(data_));
  Status done;
  {
    const InterruptNote note_interrupt;
    const auto deadline = program_.clock.steady_now() + kPatience;
    while (true) {
      done = run_in_server(folder);
      if (!done && done.error().code == Code::not_found && done.error().where.empty()) {
        done = run_here(folder);
      }
      const bool held = !done && done.error().code == Code::conflict && done.error().where.empty();
      if (!held || program_.clock.steady_now() >= deadline) {
        break;
      }
      std::this_thread::sleep_for(kBetweenLooks);  // another command holds the folder
    }
  }
  if (done && interrupted) {
    std::raise(SIGINT);  // so that a script sees why it ended
  }
  return done;
}

Status ReinterpretCommand::run_in_server(const std::filesystem::path& folder) {
  return follow([&](Json::Object request) -> Result<Json> {
    TRY(const std::string line,
        server::call_control_socket(folder, codec::encode_json(std::move(request))));
    TRY(server::admin::Answer answer, server::admin::read_answer(line));
    return std::move(answer.result);
  });
}

Status ReinterpretCommand::run_here(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "infinium.db")) {
    return Error{Code::not_found, "there is no store in " + folder.string(), "--data"};
  }
  Log log(program_.clock, LogLevel::warning);
  TRY(store::sqlite::Opened opened,
      store::sqlite::open({.folder = folder}, program_.clock, program_.random, log));
  pipeline::CurrentCalibration calibration;
  calibration.load(*opened.store, log);
  pipeline::RereadJob job(
      *opened.store,
      [&calibration] { return pipeline::maestro_engine(&calibration); },
      program_.clock,
      log,
      [](store::AgentKey) {},
      std::chrono::seconds(0));
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const server::admin::Powers powers{*opened.store, program_.random, job, threads};
  return follow(
      [&](Json::Object request) { return server::admin::execute(powers, std::move(request)); });
}

Status ReinterpretCommand::follow(const Ask& ask) {
  TRY(Json told, ask(request()));
  auto noted = program_.clock.steady_now();
  bool asked_to_stop = false;
  while (text_at(told, "state") == "running") {
    if (interrupted && !asked_to_stop) {
      asked_to_stop = true;
      note("stopping after what is in hand");
      TRY(told, ask({{"op", "reinterpret.stop"}}));
      continue;
    }
    std::this_thread::sleep_for(kBetweenLooks);
    TRY(told, ask({{"op", "reinterpret.status"}}));
    if (const auto now = program_.clock.steady_now(); now - noted >= kBetweenNotes) {
      noted = now;
      note(reread_progress(told));
    }
  }
  return report_on(told);
}

Status ReinterpretCommand::report_on(const Json& told) const {
  if (const Json* error = told.find("error"); error != nullptr) {
    return Error{Code::unavailable, std::string(text_at(*error, "message")), "the store"};
  }
  print(json_ ? codec::encode_json(told) + "\n" : reread_report(told));
  if (text_at(told, "state") == "stopped") {
    note(fmt::format("stopped at {} of {} traces; the same command goes on",
                     count_at(told, "seen"),
                     count_at(told, "total")));
  }
  return {};
}

}  // namespace infinium::cli
