#include "server/api.h"

#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "server/page.h"
#include "server/page_guard.h"

namespace infinium::server {
namespace {

/// Who may use a route.
enum class Audience { everyone, agent, agent_or_reviewer, reviewer, prompt_holder, local_page };

Audience audience_of(Route route) {
  switch (route) {
    case Route::post_trace:
    case Route::post_traces:
      return Audience::agent;
    case Route::interpreted_result:
    case Route::agent_trace:
    case Route::agent_traces:
    case Route::agent_verdicts:
    case Route::agent_results:
    case Route::agent_result:
      return Audience::agent_or_reviewer;
    case Route::give_verdict:
    case Route::withdraw_verdict:
      return Audience::reviewer;
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

bool takes_body(Route route) {
  return route == Route::post_trace || route == Route::post_traces || route == Route::give_verdict;
}

/// Whether the request comes with a reviewer's credential. One that brings both kinds is taken as
/// what the route is for.
bool comes_as_reviewer(const Request& request, Audience audience) {
  const bool reviewer = request.count("x-reviewer-id") > 0;
  const bool agent = request.count("x-agent-id") > 0;
  return audience == Audience::reviewer ? reviewer || !agent : reviewer && !agent;
}

Error wrong_kind(Audience audience) {
  return audience == Audience::reviewer
             ? Error{Code::forbidden,
                     "An agent cannot judge traces: a verdict needs x-reviewer-id and "
                     "x-reviewer-key, those of a person."}
             : Error{Code::forbidden,
                     "A reviewer cannot send traces: that needs x-agent-id and x-agent-key."};
}

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
  if (!exchange.refusal && takes_body(exchange.route)) {
    exchange.refusal = admit_body(exchange);
  }
  if (!exchange.refusal) {
    exchange.refusal = limit_rate(exchange);
  }
  co_return exchange;
}

/// `exchange` is of the caller's frame, which waits; here and in the three below.
Task<std::optional<Problem>> Api::sign_in(Exchange* exchange) {
  const Audience audience = audience_of(exchange->route);
  Status signed_in;
  switch (audience) {
    case Audience::everyone:
    case Audience::local_page:
      co_return std::nullopt;
    case Audience::prompt_holder:
      signed_in = co_await sign_in_prompt_holder(exchange);
      break;
    case Audience::agent:
    case Audience::agent_or_reviewer:
    case Audience::reviewer: {
      const bool as_reviewer = comes_as_reviewer(exchange->request, audience);
      if (as_reviewer) {
        signed_in = co_await sign_in_reviewer(exchange);
      } else {
        signed_in = co_await sign_in_agent(exchange);
      }
      const Audience lacking = as_reviewer ? Audience::agent : Audience::reviewer;
      if (signed_in && audience == lacking) {
        signed_in = wrong_kind(audience);
      }
    }
  }
  if (signed_in) {
    co_return std::nullopt;
  }
  std::optional<Problem> refusal = problem_of(signed_in.error());
  if (refusal->status == 401 || refusal->status == 403) {
    ++services_.metrics.sign_in_failures;
  }
  co_return refusal;
}

Task<Status> Api::sign_in_agent(Exchange* exchange) {
  auto claim = Authenticator::agent_claim(exchange->request, exchange->arguments.front());
  CO_TRY(exchange->agent, co_await services_.authenticator.agent(std::move(claim)));
  co_return Status();
}

Task<Status> Api::sign_in_reviewer(Exchange* exchange) {
  auto claim = Authenticator::reviewer_claim(exchange->request);
  CO_TRY(exchange->reviewer, co_await services_.authenticator.reviewer(std::move(claim)));
  if (audience_of(exchange->route) != Audience::agent) {
    std::string id = exchange->arguments.front();
    CO_TRY(exchange->agent, co_await services_.authenticator.agent_in_path(std::move(id)));
  }
  co_return Status();
}

Task<Status> Api::sign_in_prompt_holder(Exchange* exchange) {
  auto claim = Authenticator::prompt_claim(exchange->request, exchange->arguments.front());
  CO_TRY(exchange->prompt_id, co_await services_.authenticator.prompt(std::move(claim)));
  co_return Status();
}

std::optional<Problem> Api::limit_rate(const Exchange& exchange) {
  const Audience audience = audience_of(exchange.route);
  if (exchange.route == Route::post_traces || audience == Audience::everyone ||
      audience == Audience::local_page) {
    return std::nullopt;  // a batch pays for each trace, once they are counted
  }
  const Uuid& who = exchange.reviewer ? exchange.reviewer->id
                    : exchange.agent  ? exchange.agent->id
                                      : exchange.prompt_id;
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
    case Route::give_verdict:
      return reviewing_.give(std::move(exchange));
    case Route::withdraw_verdict:
      return reviewing_.withdraw(std::move(exchange));
    case Route::agent_results:
      return reading_.results(std::move(exchange));
    case Route::agent_result:
      return reading_.numbered_result(std::move(exchange));
    case Route::agent_verdicts:
      return reviewing_.list(std::move(exchange));
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
