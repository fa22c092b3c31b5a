#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "client/transport.h"
#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::cli {

/// Which server, as which agent: the options that every command to a server has.
struct Endpoint {
  std::string url = "http://127.0.0.1:8400";
  std::string agent_id;
  std::string agent_secret;

  /// Adds `--url`, `--agent-id` and `--agent-secret`, each with its environment variable.
  void add_to(CLI::App& command);
};

/// A server's answer: its status and its JSON.
struct ApiAnswer {
  int status = 0;
  Json body;
};

/// The HTTP API as one agent sees it, one blocking call at a time. Used by one thread.
class Api {
 public:
  ~Api();

  /// Errors: `invalid_argument` for a URL or an id that is none, or where a credential lacks.
  [[nodiscard]] static Result<std::unique_ptr<Api>> open(const Endpoint& endpoint);

  /// `path` follows `/agents/{id}`. Errors: what the server answered with a status of 400 and over
  /// (its sentence and field); `unavailable` where it cannot be reached, `timeout` where it does
  /// not answer in `patience`.
  [[nodiscard]] Result<ApiAnswer> get(const std::string& path,
                                      std::chrono::milliseconds patience = kPatience);
  [[nodiscard]] Result<ApiAnswer> post(const std::string& path,
                                       client::Headers headers,
                                       std::string body);

  static constexpr std::chrono::seconds kPatience{30};

 private:
  struct Impl;
  explicit Api(std::unique_ptr<Impl> impl);
  [[nodiscard]] Result<ApiAnswer> call(client::Request request);

  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::cli
