#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/api.h"
#include "cli/program.h"

namespace infinium::cli {

/// `infinium send`: traces of a file to a server. Owned by main().
class SendCommand {
 public:
  SendCommand(CLI::App& app, Program& program);

 private:
  /// What became of one trace of the file.
  struct Sent {
    std::string trace_id;  ///< empty if it was refused
    Error refusal{};
  };

  [[nodiscard]] Status run();
  [[nodiscard]] Result<Sent> send_one(Api& api, std::string payload);
  [[nodiscard]] Result<std::vector<Sent>> send_batch(Api& api,
                                                     const std::vector<std::string>& items);
  [[nodiscard]] Result<std::vector<Sent>> send_all(Api& api, std::vector<std::string> payloads);
  [[nodiscard]] Status show(Api& api, const Sent& sent);

  Program& program_;
  Endpoint endpoint_;
  std::string file_;
  double wait_s_ = 0;
  bool json_ = false;
};

/// The payloads in a text that is one payload, a JSON array of them, or JSON lines; a payload may
/// stand in an object under `trace`. Each is one JSON text as it was written, if it stood alone.
/// Errors: `malformed` with the line at fault.
[[nodiscard]] Result<std::vector<std::string>> split_payloads(const std::string& text);

}  // namespace infinium::cli
