#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/error_response.h"
#include "server/target.h"

namespace infinium::server {

/// Everything that can be asked of the server.
enum class Route {
  post_trace,
  post_traces,
  interpreted_result,
  agent_trace,
  agent_traces,
  give_verdict,
  withdraw_verdict,
  agent_verdicts,
  agent_results,
  agent_result,
  prompt,
  page_traces,
  page_trace,
  page_interpretation,
  healthz,
  readyz,
  metrics,
  page,
  asset,
  none,  ///< nothing of ours, or no valid request at all
};
inline constexpr std::size_t kRouteCount = static_cast<std::size_t>(Route::none) + 1;

/// The route's label in metrics.
[[nodiscard]] std::string_view to_string(Route route);

struct RouteMatch {
  Route route = Route::none;
  std::vector<std::string> arguments;  ///< the ids in the path, in order
};

/// Which route a method and a path mean. HEAD stands for GET. The problem is a 405 that names the
/// methods of the path, or a 404.
[[nodiscard]] std::variant<RouteMatch, Problem> find_route(std::string_view method,
                                                           const Target& target);

}  // namespace infinium::server
