#include <CLI/CLI.hpp>
#include <exception>
#include <string>

#include "cli/agent.h"
#include "cli/calibrate.h"
#include "cli/evaluate.h"
#include "cli/features.h"
#include "cli/interpret.h"
#include "cli/program.h"
#include "cli/prompt.h"
#include "cli/reinterpret.h"
#include "cli/reviewer.h"
#include "cli/send.h"
#include "cli/serve.h"
#include "cli/traces.h"
#include "cli/verdict.h"
#include "infinium/maestro.h"

namespace infinium::cli {
namespace {

int run(int argc, char** argv) {
  const SystemClock clock;
  SystemRandom random;
  Program program{clock, random, inspect_terminal()};

  CLI::App app(
      "Infinium keeps what agents did and says whether it was done, how we know, and what went "
      "wrong first.",
      "infinium");
  app.require_subcommand(1);
  app.set_version_flag(
      "--version",
      std::string("infinium " INFINIUM_VERSION ", Maestro ") + maestro::engine_version());
  app.footer(
      "Start here:\n"
      "  infinium serve                             # in one terminal\n"
      "  eval \"$(infinium agent create my-agent)\"   # in another: its id and secret\n"
      "  infinium send trace.json --wait 30         # a trace, and what Maestro says of it\n"
      "`infinium COMMAND --help` shows examples of each command.\n\n" +
      std::string(exit_code_table()));

  ServeCommand serve(app, program);
  AgentCommands agent(app, program);
  ReviewerCommands reviewer(app, program);
  PromptCommands prompt(app, program);
  SendCommand send(app, program);
  TraceCommands traces(app, program);
  VerdictCommand verdict(app, program);
  CalibrateCommand calibrate(app, program);
  InterpretCommand interpret(app, program);
  EvaluateCommand evaluate(app, program);
  ReinterpretCommand reinterpret(app, program);
  FeaturesCommand features(app, program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& lack) {
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty()) {
      report({Code::invalid_argument,
              "there is no command \"" + std::string(argv[1]) + "\"; see infinium --help"});
      return exit_code(Code::invalid_argument);
    }
    app.exit(lack);
    return exit_code(Code::invalid_argument);
  } catch (const CLI::ParseError& stop) {
    return app.exit(stop) == 0 ? 0 : exit_code(Code::invalid_argument);
  }
  if (!program.outcome) {
    report(program.outcome.error());
    return exit_code(program.outcome.error().code);
  }
  return 0;
}

}  // namespace
}  // namespace infinium::cli

int main(int argc, char** argv) {
  try {
    return infinium::cli::run(argc, argv);
  } catch (const std::exception& bug) {
    infinium::cli::report({infinium::Code::internal, std::string("this is a bug: ") + bug.what()});
    return infinium::cli::exit_code(infinium::Code::internal);
  }
}
