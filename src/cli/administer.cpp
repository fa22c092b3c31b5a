#include "cli/administer.h"

#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/try.h"
#include "codec/json_text.h"
#include "server/control_socket.h"
#include "store/sqlite/open.h"

namespace infinium::cli {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kBetweenTries{20};

}  // namespace

Result<server::admin::Answer> administer(const Program& program,
                                         const std::filesystem::path& folder,
                                         const Json& request,
                                         std::chrono::seconds patience) {
  const std::string line = codec::encode_json(request);
  const auto deadline = program.clock.steady_now() + kPatience;
  Log log(program.clock, LogLevel::warning);
  while (true) {
    Result<std::string> answer = server::call_control_socket(folder, line, patience);
    if (answer) {
      note("data folder: " + folder.string() + " (held by a running server)");
      return server::admin::read_answer(*answer);
    }
    if (answer.error().code != Code::not_found) {
      return std::move(answer).error();
    }
    Result<store::sqlite::Opened> opened =
        store::sqlite::open({.folder = folder}, program.clock, program.random, log);
    if (opened) {
      note("data folder: " + folder.string() + (opened->created ? " (new store created)" : ""));
      pipeline::RereadJob idle(
          *opened->store,
          [] { return pipeline::maestro_engine(); },
          program.clock,
          log,
          [](store::AgentKey) {},
          std::chrono::seconds(0));
      return server::admin::read_answer(
          server::admin::answer_line({*opened->store, program.random, idle}, line, ""));
    }
    if (opened.error().code != Code::conflict || program.clock.steady_now() >= deadline) {
      return std::move(opened).error();
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace infinium::cli
