#include "server/api.h"

#include <utility>

#include "base/limits.h"
#include "server/page.h"
#include "server/page_guard.h"

namespace infinium::server {
namespace {

/// Who may use a route.
enum class Audience { everyone, agent, prompt_holder, local_page };

Audience audience_of(Route route) {
  switch (route) {
    case Route::post_trace:
    case Route::post_traces:
    case Route::interpreted_result:
    case Route::agent_trace:
    case Route::agent_traces:
      return Audience::agent;
    case Route::prompt:
      return Audience::prompt_holder;
    case Route::page_traces:
    case Route::page_trace:
    case Route::page_interpretation:
    case Route::page:
    case Route::asset:
      return Audience::local_page;
    case Route::healthz:
    case Route::readyz:
    case Route::metrics:
    case Route::none:
      break;
  }
  return Audience::everyone;
}

bool is_ingest(Route route) { return route == Route::post_trace || route == Route::post_traces; }

/// What is wrong with the request whatever its route, or which route it means.
std::optional<Problem> find_route(Exchange& exchange) {
  auto target = parse_target(exchange.request.target);
  if (!target) {
    return Problem{
        .status = 400, .code = "bad_request", .message = "The request target is no valid path."};
  }
  exchange.target = std::move(*target);
  auto found = find_route(exchange.request.method, exchange.target);
  if (auto* problem = std::get_if<Problem>(&found)) {
    return std::move(*problem);
  }
  auto& match = std::get<RouteMatch>(found);
  exchange.route = match.route;
  exchange.arguments = std::move(match.arguments);
  return std::nullopt;
}

}  // namespace

Task<Exchange> Api::admit(Request request) {
  Exchange exchange;
  exchange.request = std::move(request);
  exchange.refusal = find_route(exchange);
  if (!exchange.refusal && audience_of(exchange.route) == Audience::local_page) {
    exchange.refusal = refuse_page(exchange.request, services_.on_loopback);
  }
  if (!exchange.refusal) {
    exchange.refusal = co_await sign_in(&exchange);
  }
  if (!exchange.refusal && is_ingest(exchange.route)) {
    exchange.refusal = admit_body(exchange);
  }
  if (!exchange.refusal) {
    exchange.refusal = limit_rate(exchange);
  }
  co_return exchange;
}

/// `exchange` is of the caller's frame, which waits.
Task<std::optional<Problem>> Api::sign_in(Exchange* exchange) {
  const Audience audience = audience_of(exchange->route);
  std::optional<Problem> refusal;
  if (audience == Audience::agent) {
    auto claim = Authenticator::agent_claim(exchange->request, exchange->arguments.front());
    auto agent = co_await services_.authenticator.agent(std::move(claim));
    if (agent) {
      exchange->agent = std::move(*agent);
    } else {
      refusal = problem_of(agent.error());
    }
  } else if (audience == Audience::prompt_holder) {
    auto claim = Authenticator::prompt_claim(exchange->request, exchange->arguments.front());
    const auto id = co_await services_.authenticator.prompt(std::move(claim));
    if (id) {
      exchange->prompt_id = *id;
    } else {
      refusal = problem_of(id.error());
    }
  }
  if (refusal && (refusal->status == 401 || refusal->status == 403)) {
    ++services_.metrics.sign_in_failures;
  }
  co_return refusal;
}

std::optional<Problem> Api::limit_rate(const Exchange& exchange) {
  const Audience audience = audience_of(exchange.route);
  if (exchange.route == Route::post_traces ||
      (audience != Audience::agent && audience != Audience::prompt_holder)) {
    return std::nullopt;  // a batch pays for each trace, once they are counted
  }
  const Uuid& who = exchange.agent ? exchange.agent->id : exchange.prompt_id;
  RateLimiter& limiter =
      exchange.route == Route::post_trace ? services_.trace_limiter : services_.read_limiter;
  const auto grant = limiter.take(who, 1, services_.clock.steady_now());
  if (grant.granted == 1) {
    return std::nullopt;
  }
  Problem problem = problem_of({Code::exhausted, "The rate limit is reached; try again later."});
  problem.retry_after_s = grant.retry_after_s;
  return problem;
}

Task<Response> Api::answer(Exchange exchange) {
  switch (exchange.route) {
    case Route::post_trace:
      return ingest_.post_trace(std::move(exchange));
    case Route::post_traces:
      return ingest_.post_traces(std::move(exchange));
    case Route::interpreted_result:
    case Route::page_interpretation:
      return reading_.interpretation(std::move(exchange));
    case Route::agent_trace:
    case Route::page_trace:
      return reading_.trace(std::move(exchange));
    case Route::agent_traces:
    case Route::page_traces:
      return reading_.list(std::move(exchange));
    case Route::prompt:
      return reading_.prompt(std::move(exchange));
    case Route::readyz:
      return health_.ready();
    case Route::metrics:
      return health_.metrics();
    case Route::healthz:
    case Route::page:
    case Route::asset:
    case Route::none:
      break;
  }
  return at_once(std::move(exchange));
}

/// What is answered from memory.
Task<Response> Api::at_once(Exchange exchange) {
  switch (exchange.route) {
    case Route::healthz:
      co_return health_.live();
    case Route::page:
      co_return asset_response("index.html");
    default:
      co_return asset_response(exchange.arguments.front());
  }
}

}  // namespace infinium::server
