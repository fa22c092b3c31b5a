#include "cli/api.h"

#include <cstdlib>
#include <future>
#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "base/uuid.h"
#include "cli/json_view.h"
#include "client/io_thread.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

Code code_of(int status) {
  switch (status) {
    case 400:
      return Code::malformed;
    case 401:
      return Code::unauthenticated;
    case 403:
      return Code::forbidden;
    case 404:
      return Code::not_found;
    case 408:
      return Code::timeout;
    case 409:
      return Code::conflict;
    case 413:
      return Code::too_large;
    case 429:
      return Code::exhausted;
    default:
      return status >= 500 ? Code::unavailable : Code::invalid_argument;
  }
}

Error refusal(int status, const Json& body) {
  std::string message(text_at(body, "error"));
  if (message.empty()) {
    message = "the server answered with status " + std::to_string(status);
  }
  return Error{code_of(status), std::move(message), std::string(text_at(body, "field"))};
}

Error no_answer(const client::Failure& failure, const client::BaseUrl& url) {
  const bool late = failure.kind == client::Failure::Kind::timeout ||
                    failure.kind == client::Failure::Kind::deadline;
  return Error{late ? Code::timeout : Code::unavailable, url.to_string() + ": " + failure.message};
}

std::string or_variable(const std::string& given, const char* name) {
  const char* value = std::getenv(name);
  return given.empty() && value != nullptr ? std::string(value) : given;
}

void add_url(CLI::App& command, std::string& url) {
  command
      .add_option("--url",
                  url,
                  "The server; without a path it gets /api/v1 [$INFINIUM_BASE_URL, "
                  "http://127.0.0.1:8400]")
      ->type_name("URL");
}

Status check_id(const std::string& id, const char* what, const char* option) {
  if (!Uuid::parse(id)) {
    return Error{Code::invalid_argument, std::string(what) + " id is a UUID", option};
  }
  return {};
}

}  // namespace

// The variables are read in resolved(), not by the parser: it would read them for every command
// that shares the endpoint, over what was given to the chosen one.
void Endpoint::add_to(CLI::App& command) {
  add_url(command, url);
  command.add_option("--agent-id", agent_id, "As which agent [$INFINIUM_AGENT_ID]")
      ->type_name("UUID");
  command
      .add_option("--agent-secret",
                  agent_secret,
                  "Its secret; better given by the environment [$INFINIUM_AGENT_SECRET]")
      ->type_name("TEXT");
}

Endpoint Endpoint::resolved() const {
  return {or_variable(url, "INFINIUM_BASE_URL"),
          or_variable(agent_id, "INFINIUM_AGENT_ID"),
          or_variable(agent_secret, "INFINIUM_AGENT_SECRET")};
}

void ReviewerEndpoint::add_to(CLI::App& command) {
  add_url(command, url);
  command.add_option("--agent-id", agent_id, "Whose trace it is [$INFINIUM_AGENT_ID]")
      ->type_name("UUID");
  command.add_option("--reviewer-id", reviewer_id, "As which reviewer [$INFINIUM_REVIEWER_ID]")
      ->type_name("UUID");
  command
      .add_option("--reviewer-key",
                  reviewer_key,
                  "The key; better given by the environment [$INFINIUM_REVIEWER_KEY]")
      ->type_name("TEXT");
}

ReviewerEndpoint ReviewerEndpoint::resolved() const {
  return {or_variable(url, "INFINIUM_BASE_URL"),
          or_variable(agent_id, "INFINIUM_AGENT_ID"),
          or_variable(reviewer_id, "INFINIUM_REVIEWER_ID"),
          or_variable(reviewer_key, "INFINIUM_REVIEWER_KEY")};
}

struct Api::Impl {
  Impl(client::TransportOptions options, const std::string& agent_id, client::Headers proof)
      : transport(io, std::move(options)),
        prefix("/agents/" + agent_id),
        credentials(std::move(proof)) {}

  client::IoRuntime io{};
  client::Transport transport;
  std::string prefix;
  client::Headers credentials;
};

Result<std::unique_ptr<Api>> Api::open(const Endpoint& given) {
  const Endpoint endpoint = given.resolved();
  if (endpoint.agent_id.empty() || endpoint.agent_secret.empty()) {
    return Error{Code::invalid_argument,
                 "no agent is named: set INFINIUM_AGENT_ID and INFINIUM_AGENT_SECRET, which "
                 "`infinium agent create NAME` prints"};
  }
  TRY_VOID(check_id(endpoint.agent_id, "an agent's", "--agent-id"));
  return connect(endpoint.url,
                 endpoint.agent_id,
                 {{"x-agent-id", endpoint.agent_id}, {"x-agent-key", endpoint.agent_secret}});
}

Result<std::unique_ptr<Api>> Api::open(const ReviewerEndpoint& given) {
  const ReviewerEndpoint endpoint = given.resolved();
  if (endpoint.reviewer_id.empty() || endpoint.reviewer_key.empty()) {
    return Error{Code::invalid_argument,
                 "no reviewer is named: set INFINIUM_REVIEWER_ID and INFINIUM_REVIEWER_KEY, which "
                 "`infinium reviewer create NAME` prints"};
  }
  if (endpoint.agent_id.empty()) {
    return Error{Code::invalid_argument, "say whose trace it is: --agent-id, or INFINIUM_AGENT_ID"};
  }
  TRY_VOID(check_id(endpoint.reviewer_id, "a reviewer's", "--reviewer-id"));
  TRY_VOID(check_id(endpoint.agent_id, "an agent's", "--agent-id"));
  return connect(
      endpoint.url,
      endpoint.agent_id,
      {{"x-reviewer-id", endpoint.reviewer_id}, {"x-reviewer-key", endpoint.reviewer_key}});
}

Result<std::unique_ptr<Api>> Api::connect(const std::string& url,
                                          const std::string& agent_id,
                                          client::Headers credentials) {
  client::TransportOptions options;
  TRY(options.url, client::BaseUrl::parse(url.empty() ? "http://127.0.0.1:8400" : url));
  options.user_agent = "infinium-cli";
  options.retry.retries_max = 2;
  options.retry.wait_first = std::chrono::milliseconds(250);
  options.requests_per_second = std::nullopt;
  return std::unique_ptr<Api>(
      new Api(std::make_unique<Impl>(std::move(options), agent_id, std::move(credentials))));
}

Api::Api(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Api::~Api() = default;

Result<ApiAnswer> Api::call(client::Request request) {
  request.headers.insert(
      request.headers.end(), impl_->credentials.begin(), impl_->credentials.end());
  std::promise<client::Answer> promise;
  std::future<client::Answer> future = promise.get_future();
  TRY(const client::CallHandle handle,
      impl_->transport.submit(std::move(request), [&promise](client::Answer answer) {
        promise.set_value(std::move(answer));
      }));
  const client::Answer answer = future.get();
  if (const auto* failure = std::get_if<client::Failure>(&answer)) {
    return no_answer(*failure, impl_->transport.options().url);
  }
  const auto& response = std::get<client::Response>(answer);
  Result<Json> body = codec::parse_json(response.body, limits::kDepthMax + 8);
  if (response.status >= 400) {
    return refusal(response.status, body ? *body : Json());
  }
  if (!body) {
    return Error{
        Code::unavailable,
        impl_->transport.options().url.to_string() + " does not answer as an Infinium server"};
  }
  return ApiAnswer{response.status, *std::move(body)};
}

Result<ApiAnswer> Api::get(const std::string& path, std::chrono::milliseconds patience) {
  client::Request request;
  request.path = impl_->prefix + path;
  request.timeout = patience;
  return call(std::move(request));
}

Result<ApiAnswer> Api::post(const std::string& path, client::Headers headers, std::string body) {
  client::Request request;
  request.method = "POST";
  request.path = impl_->prefix + path;
  request.headers = std::move(headers);
  request.body = std::move(body);
  request.timeout = kPatience;
  return call(std::move(request));
}

Result<ApiAnswer> Api::remove(const std::string& path) {
  client::Request request;
  request.method = "DELETE";
  request.path = impl_->prefix + path;
  request.timeout = kPatience;
  return call(std::move(request));
}

}  // namespace infinium::cli
