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
  std::string url;
  std::string agent_id;
  std::string agent_secret;

  /// Adds `--url`, `--agent-id` and `--agent-secret`. Several commands may share one endpoint.
  void add_to(CLI::App& command);
  /// What was not given comes from INFINIUM_BASE_URL, INFINIUM_AGENT_ID, INFINIUM_AGENT_SECRET.
  [[nodiscard]] Endpoint resolved() const;
};

/// Which server, as which reviewer, and whose traces: the options of the commands for people.
struct ReviewerEndpoint {
  std::string url;
  std::string agent_id;
  std::string reviewer_id;
  std::string reviewer_key;

  /// Adds `--url`, `--agent-id`, `--reviewer-id` and `--reviewer-key`.
  void add_to(CLI::App& command);
  /// What was not given comes from INFINIUM_BASE_URL, INFINIUM_AGENT_ID, INFINIUM_REVIEWER_ID and
  /// INFINIUM_REVIEWER_KEY.
  [[nodiscard]] ReviewerEndpoint resolved() const;
};

/// A server's answer: its status and its JSON.
struct ApiAnswer {
  int status = 0;
  Json body;
};

/// The HTTP API as one agent sees it, or a reviewer of its traces, one blocking call at a time.
/// Used by one thread.
class Api {
 public:
  ~Api();

  /// No URL means a server on this machine. Errors: `invalid_argument` for a URL or an id that is
  /// none, or where a credential lacks.
  [[nodiscard]] static Result<std::unique_ptr<Api>> open(const Endpoint& given);
  [[nodiscard]] static Result<std::unique_ptr<Api>> open(const ReviewerEndpoint& given);

  /// `path` follows `/agents/{id}`. Errors: what the server answered with a status of 400 and over
  /// (its sentence and field); `unavailable` where it cannot be reached, `timeout` where it does
  /// not answer in `patience`.
  [[nodiscard]] Result<ApiAnswer> get(const std::string& path,
                                      std::chrono::milliseconds patience = kPatience);
  [[nodiscard]] Result<ApiAnswer> post(const std::string& path,
                                       client::Headers headers,
                                       std::string body);
  [[nodiscard]] Result<ApiAnswer> remove(const std::string& path);

  static constexpr std::chrono::seconds kPatience{30};

 private:
  struct Impl;
  explicit Api(std::unique_ptr<Impl> impl);
  [[nodiscard]] static Result<std::unique_ptr<Api>> connect(const std::string& url,
                                                            const std::string& agent_id,
                                                            client::Headers credentials);
  [[nodiscard]] Result<ApiAnswer> call(client::Request request);

  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::cli
