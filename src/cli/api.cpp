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

}  // namespace

// The variables are read in resolved(), not by the parser: it would read them for every command
// that shares the endpoint, over what was given to the chosen one.
void Endpoint::add_to(CLI::App& command) {
  command
      .add_option("--url",
                  url,
                  "The server; without a path it gets /api/v1 [$INFINIUM_BASE_URL, "
                  "http://127.0.0.1:8400]")
      ->type_name("URL");
  command.add_option("--agent-id", agent_id, "As which agent [$INFINIUM_AGENT_ID]")
      ->type_name("UUID");
  command
      .add_option("--agent-secret",
                  agent_secret,
                  "Its secret; better given by the environment [$INFINIUM_AGENT_SECRET]")
      ->type_name("TEXT");
}

Endpoint Endpoint::resolved() const {
  const auto or_variable = [](const std::string& given, const char* name) {
    const char* value = std::getenv(name);
    return given.empty() && value != nullptr ? std::string(value) : given;
  };
  Endpoint endpoint{or_variable(url, "INFINIUM_BASE_URL"),
                    or_variable(agent_id, "INFINIUM_AGENT_ID"),
                    or_variable(agent_secret, "INFINIUM_AGENT_SECRET")};
  if (endpoint.url.empty()) {
    endpoint.url = "http://127.0.0.1:8400";
  }
  return endpoint;
}

struct Api::Impl {
  Impl(client::TransportOptions options, const Endpoint& endpoint)
      : transport(io, std::move(options)),
        prefix("/agents/" + endpoint.agent_id),
        credentials{{"x-agent-id", endpoint.agent_id}, {"x-agent-key", endpoint.agent_secret}} {}

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
  if (!Uuid::parse(endpoint.agent_id)) {
    return Error{Code::invalid_argument, "an agent's id is a UUID", "--agent-id"};
  }
  client::TransportOptions options;
  TRY(options.url, client::BaseUrl::parse(endpoint.url));
  options.user_agent = "infinium-cli";
  options.retry.retries_max = 2;
  options.retry.wait_first = std::chrono::milliseconds(250);
  options.requests_per_second = std::nullopt;
  return std::unique_ptr<Api>(new Api(std::make_unique<Impl>(std::move(options), endpoint)));
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

}  // namespace infinium::cli
