#include "server/router.h"

#include <array>
#include <optional>

namespace infinium::server {
namespace {

struct Row {
  std::string_view method;
  std::string_view pattern;  ///< segments; `*` takes any one
  Route route;
};

constexpr std::array kRows{
    Row{"POST", "api/v1/agents/*/trace", Route::post_trace},
    Row{"POST", "api/v1/agents/*/traces", Route::post_traces},
    Row{"GET", "api/v1/agents/*/interpreted-result/*", Route::interpreted_result},
    Row{"GET", "api/v1/agents/*/traces/*", Route::agent_trace},
    Row{"GET", "api/v1/agents/*/traces", Route::agent_traces},
    Row{"POST", "api/v1/agents/*/traces/*/verdict", Route::give_verdict},
    Row{"DELETE", "api/v1/agents/*/traces/*/verdict", Route::withdraw_verdict},
    Row{"GET", "api/v1/agents/*/traces/*/verdicts", Route::agent_verdicts},
    Row{"GET", "api/v1/agents/*/traces/*/results", Route::agent_results},
    Row{"GET", "api/v1/agents/*/traces/*/results/*", Route::agent_result},
    Row{"GET", "api/v1/prompts/*/v/*", Route::prompt},
    Row{"GET", "api/v1/traces", Route::page_traces},
    Row{"GET", "api/v1/traces/*", Route::page_trace},
    Row{"GET", "api/v1/traces/*/interpretation", Route::page_interpretation},
    Row{"GET", "healthz", Route::healthz},
    Row{"GET", "readyz", Route::readyz},
    Row{"GET", "metrics", Route::metrics},
    Row{"GET", "", Route::page},
    Row{"GET", "assets/*", Route::asset},
};

/// The segments that stand where the pattern has `*`, or nothing if the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern, const Target& target) {
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < target.segments.size(); ++i) {
    const std::size_t end = pattern.find('/');
    const std::string_view want = pattern.substr(0, end);
    const std::string& have = target.segments[i];
    if (want == "*" && !have.empty()) {
      arguments.push_back(have);
    } else if (want != have) {
      return std::nullopt;
    }
    const bool pattern_ends = end == std::string_view::npos;
    const bool path_ends = i + 1 == target.segments.size();
    if (pattern_ends || path_ends) {
      return pattern_ends && path_ends ? std::optional(std::move(arguments)) : std::nullopt;
    }
    pattern.remove_prefix(end + 1);
  }
  return std::nullopt;
}

void append_method(std::string& allow, std::string_view method) {
  if (!allow.empty()) {
    allow += ", ";
  }
  allow += method == "GET" ? "GET, HEAD" : method;
}

}  // namespace

std::string_view to_string(Route route) {
  switch (route) {
    case Route::post_trace:
      return "post_trace";
    case Route::post_traces:
      return "post_traces";
    case Route::interpreted_result:
      return "interpreted_result";
    case Route::agent_trace:
      return "agent_trace";
    case Route::agent_traces:
      return "agent_traces";
    case Route::give_verdict:
      return "give_verdict";
    case Route::withdraw_verdict:
      return "withdraw_verdict";
    case Route::agent_verdicts:
      return "agent_verdicts";
    case Route::agent_results:
      return "agent_results";
    case Route::agent_result:
      return "agent_result";
    case Route::prompt:
      return "prompt";
    case Route::page_traces:
      return "page_traces";
    case Route::page_trace:
      return "page_trace";
    case Route::page_interpretation:
      return "page_interpretation";
    case Route::healthz:
      return "healthz";
    case Route::readyz:
      return "readyz";
    case Route::metrics:
      return "metrics";
    case Route::page:
      return "page";
    case Route::asset:
      return "asset";
    case Route::none:
      break;
  }
  return "none";
}

std::variant<RouteMatch, Problem> find_route(std::string_view method, const Target& target) {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  std::string allow;
  for (const Row& row : kRows) {
    auto arguments = match(row.pattern, target);
    if (!arguments) {
      continue;
    }
    if (row.method == wanted) {
      return RouteMatch{row.route, std::move(*arguments)};
    }
    append_method(allow, row.method);
  }
  if (allow.empty()) {
    return Problem{
        .status = 404, .code = "not_found", .message = "There is nothing at this address."};
  }
  return Problem{.status = 405,
                 .code = "method_not_allowed",
                 .message = "This address does not take that method; it takes " + allow + ".",
                 .allow = allow};
}

}  // namespace infinium::server
