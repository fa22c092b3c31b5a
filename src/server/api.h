#pragma once

#include "server/exchange.h"
#include "server/health.h"
#include "server/ingest.h"
#include "server/reading.h"
#include "server/response.h"
#include "server/reviewing.h"
#include "server/services.h"

namespace infinium::server {

/// What the server answers, without a socket: a request goes through admit() once its header is
/// there and, if that did not refuse it, through answer() once its body is. Owned by the server;
/// any thread may call.
class Api {
 public:
  explicit Api(Services& services)
      : services_(services),
        ingest_(services),
        reading_(services),
        reviewing_(services),
        health_(services) {}

  /// Finds the route and who asks, and refuses what need not be read: see Exchange::refusal.
  [[nodiscard]] Task<Exchange> admit(Request request);
  [[nodiscard]] Task<Response> answer(Exchange exchange);

 private:
  [[nodiscard]] Task<std::optional<Problem>> sign_in(Exchange* exchange);
  [[nodiscard]] Task<Status> sign_in_agent(Exchange* exchange);
  [[nodiscard]] Task<Status> sign_in_reviewer(Exchange* exchange);
  [[nodiscard]] Task<Status> sign_in_prompt_holder(Exchange* exchange);
  [[nodiscard]] Task<Response> at_once(Exchange exchange);
  [[nodiscard]] std::optional<Problem> limit_rate(const Exchange& exchange);

  Services& services_;
  Ingest ingest_;
  Reading reading_;
  Reviewing reviewing_;
  Health health_;
};

}  // namespace infinium::server
