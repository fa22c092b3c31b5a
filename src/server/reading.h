#pragma once

#include "server/exchange.h"
#include "server/response.h"
#include "server/services.h"

namespace infinium::server {

/// Gives back what is stored: traces, lists, interpretations and prompts, to the agent that asks
/// or, where the exchange has none, to the local page. Owned by the server; any thread may call.
class Reading {
 public:
  explicit Reading(Services& services) : services_(services) {}

  [[nodiscard]] Task<Response> trace(Exchange exchange);
  [[nodiscard]] Task<Response> list(Exchange exchange);
  /// Holds on as long as `?wait=` says while Maestro is at work.
  [[nodiscard]] Task<Response> interpretation(Exchange exchange);
  /// The results that a trace has had, without their bytes; and one of them, with them.
  [[nodiscard]] Task<Response> results(Exchange exchange);
  [[nodiscard]] Task<Response> numbered_result(Exchange exchange);
  [[nodiscard]] Task<Response> prompt(Exchange exchange);

 private:
  [[nodiscard]] Task<Result<store::StoredResult>> find_result(std::optional<store::AgentKey> agent,
                                                              Uuid trace_id);

  Services& services_;
};

}  // namespace infinium::server
