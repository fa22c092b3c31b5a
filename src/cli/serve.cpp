#include "cli/serve.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <thread>

#include "base/try.h"
#include "cli/files.h"
#include "cli/opinion_saver.h"
#include "codec/json_text.h"
#include "pipeline/pipeline.h"
#include "server/admin.h"
#include "server/control_socket.h"

namespace infinium::cli {
namespace {

/// A command that reads traces again through the server asks several times a second.
constexpr std::chrono::seconds kRereadPatience{30};

int core_count() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

/// Keeps the ending signals for wait_for_end(), for this thread and those it starts from now on. A
/// connection that breaks, or a file that may not grow, is an error of one call, not the end of the
/// program.
void hold_signals() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

/// Waits for SIGINT or SIGTERM; after it a SIGINT ends the program at once.
const char* wait_for_end() {
  const sigset_t set = ending_signals();
  int got = 0;
  while (sigwait(&set, &got) != 0) {
  }
  std::signal(SIGINT, [](int) { _exit(128 + SIGINT); });
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
  return got == SIGINT ? "SIGINT" : "SIGTERM";
}

void log_judge(Log& log, const judge::ChatOptions& options) {
  const bool priced = options.prices.prompt_usd > 0 || options.prices.completion_usd > 0;
  log.info("judge",
           {{"endpoint", options.url.authority()},
            {"model", options.model},
            {"decides", options.decides ? "yes" : "no"},
            {"budget_tokens_day", std::to_string(options.budget.tokens)},
            {"budget_usd_day",
             priced ? fmt::format("{}", options.budget.usd) : "not counted: no prices are given"}});
}

}  // namespace

Result<HostAndPort> parse_listen(const std::string& text) {
  const Error wrong{Code::invalid_argument,
                    "\"" + text + "\" is not HOST:PORT, such as 127.0.0.1:8400 or [::1]:0",
                    "--listen"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return wrong;
  }
  HostAndPort read{text.substr(0, colon), 0};
  if (read.host.size() > 2 && read.host.front() == '[' && read.host.back() == ']') {
    read.host = read.host.substr(1, read.host.size() - 2);
  } else if (read.host.find(':') != std::string::npos) {
    return wrong;
  }
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data() + colon + 1, end, read.port);
  if (failure != std::errc() || stopped != end) {
    return wrong;
  }
  return read;
}

ServeCommand::ServeCommand(CLI::App& app, Program& program)
    : program_(program), maestro_threads_(std::max(1, core_count() - 1)) {
  options_.threads = core_count();
  CLI::App& command = *app.add_subcommand("serve", "Receive, keep and interpret traces");
  add_options(command);
  command.footer(
      "Prints one line on stdout when it is ready, with its address; structured logs go to "
      "stderr.\n"
      "SIGTERM or Ctrl-C stop it cleanly (exit 0); a second Ctrl-C stops it at once.\n"
      "Examples:\n"
      "  infinium serve\n"
      "  infinium serve --listen 127.0.0.1:0 --data ./data --ready-file ready   # any free port\n"
      "  infinium serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem");
  command.callback([this] { program_.outcome = run(); });
}

void ServeCommand::add_options(CLI::App& command) {
  command.add_option("--listen", listen_, "Address; port 0 picks a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
      ->type_name("DIR");
  command.add_option("--ready-file", ready_file_, "Write the URL here once ready")
      ->type_name("FILE");
  command.add_flag("--json", json_, "Print the ready line as JSON");
  command
      .add_option("--rate-limit",
                  options_.rate_limit,
                  "Traces a second of one agent, burst twice as many; 0: no limit")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command.add_option("--maestro-threads", maestro_threads_, "Threads that interpret; 0: none")
      ->type_name("N")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command.add_option("--http-threads", options_.threads, "Threads that speak HTTP")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--tls-cert", options_.tls_cert, "Certificate chain, PEM")->type_name("FILE");
  command.add_option("--tls-key", options_.tls_key, "Its private key, PEM")->type_name("FILE");
  command.add_flag("--insecure", options_.insecure, "Allow an address beyond loopback without TLS");
  const CLI::Range seconds(0.01, 3'600.0);
  command.add_option("--header-timeout", header_timeout_s_, "Seconds for the headers of a request")
      ->type_name("S")
      ->check(seconds)
      ->capture_default_str();
  command.add_option("--body-timeout", body_timeout_s_, "Seconds without one more byte of a body")
      ->type_name("S")
      ->check(seconds)
      ->capture_default_str();
  command.add_option("--idle-timeout", idle_timeout_s_, "Seconds between two requests")
      ->type_name("S")
      ->check(seconds)
      ->capture_default_str();
  command.add_option("--drain", drain_s_, "Seconds that requests in flight get when it stops")
      ->type_name("S")
      ->check(seconds)
      ->capture_default_str();
  command
      .add_option("--disk-reserve", disk_reserve_mib_, "MiB of disk that traces must leave free")
      ->type_name("MIB")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  judge_options_.add_to(command);
}

Status ServeCommand::run() {
  TRY(const HostAndPort listen, parse_listen(listen_));
  options_.host = listen.host;
  options_.port = listen.port;
  options_.timeouts.header = milliseconds(header_timeout_s_);
  options_.timeouts.stall = milliseconds(body_timeout_s_);
  options_.timeouts.idle = milliseconds(idle_timeout_s_);
  TRY(auto judge, judge_options_.read());
  TRY(const auto folder, data_folder(data_));
  hold_signals();
  Log log(program_.clock);
  TRY(store::sqlite::Opened opened,
      store::sqlite::open({.folder = folder, .disk_reserve_bytes = disk_reserve_mib_ << 20},
                          program_.clock,
                          program_.random,
                          log));
  data_ = folder.string();
  log.info("data_folder", {{"folder", data_}, {"created", opened.created ? "yes" : "no"}});
  return serve(opened, std::move(judge), log);
}

Status ServeCommand::serve(store::sqlite::Opened& opened,
                           std::optional<judge::ChatOptions> judge,
                           Log& log) {
  if (!judge) {
    return serve_until_end(*opened.store, nullptr, log);
  }
  log_judge(log, *judge);
  OpinionSaver opinions(*opened.store, log);
  ServedJudge served(*std::move(judge), data_, opinions, program_, log);
  const Status ended = serve_until_end(*opened.store, &served.judge(), log);
  served.stop();
  return ended;
}

Status ServeCommand::serve_until_end(store::Store& store, judge::Judge* judge, Log& log) {
  pipeline::ResultHub hub;
  pipeline::CurrentCalibration calibration;
  calibration.load(store, log);
  pipeline::Pipeline pipeline(store,
                              hub,
                              program_.clock,
                              log,
                              {.threads = maestro_threads_, .judge = judge},
                              pipeline::maestro_engine(&calibration));
  server::Server server(store, hub, pipeline, program_.clock, program_.random, log, options_);
  TRY(const std::uint16_t port, server.start());
  const bool bracketed = options_.host.find(':') != std::string::npos;
  const std::string url = fmt::format("{}://{}:{}",
                                      options_.tls_cert.empty() ? "http" : "https",
                                      bracketed ? "[" + options_.host + "]" : options_.host,
                                      port);
  pipeline::RereadJob rereading(
      store,
      [&calibration] { return pipeline::maestro_engine(&calibration); },
      program_.clock,
      log,
      [&pipeline](store::AgentKey agent) { pipeline.forget_company(agent); },
      kRereadPatience);
  const server::admin::Powers powers{
      store, program_.random, rereading, std::max(1, maestro_threads_), true};
  const auto answer = [&](std::string_view line) {
    std::string said = server::admin::answer_line(powers, line, url);
    server.invalidate_credentials();
    calibration.load(store, log);
    return said;
  };
  TRY(std::unique_ptr<server::ControlSocket> control,
      server::ControlSocket::listen(data_, answer, log));
  TRY_VOID(announce(url));
  log.info("stopping", {{"signal", wait_for_end()}});
  control.reset();
  rereading.stop();
  server.stop(milliseconds(drain_s_));
  pipeline.stop();
  log.info("stopped");
  return {};
}

Status ServeCommand::announce(const std::string& url) const {
  if (!ready_file_.empty()) {
    TRY_VOID(write_atomically(ready_file_, url + "\n"));
  }
  print(json_
            ? codec::encode_json(Json::Object{
                  {"url", url}, {"data", data_}, {"pid", static_cast<std::int64_t>(::getpid())}}) +
                  "\n"
            : "infinium ready on " + url + "\n");
  return {};
}

}  // namespace infinium::cli
