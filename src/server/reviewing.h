#pragma once

#include "server/exchange.h"
#include "server/response.h"
#include "server/services.h"

namespace infinium::server {

/// People's verdicts: given, listed, withdrawn. Owned by the server; any thread may call.
class Reviewing {
 public:
  explicit Reviewing(Services& services) : services_(services) {}

  /// 201 once the verdict is durable; 200 if the reviewer's current one is the same already.
  [[nodiscard]] Task<Response> give(Exchange exchange);
  /// The reviewer's own; 200 also if there was none.
  [[nodiscard]] Task<Response> withdraw(Exchange exchange);
  [[nodiscard]] Task<Response> list(Exchange exchange);

 private:
  [[nodiscard]] Result<Response> give_now(const Exchange& exchange, std::string body) const;
  [[nodiscard]] Result<Response> withdraw_now(const Exchange& exchange) const;
  [[nodiscard]] Result<Response> list_now(const Exchange& exchange) const;

  Services& services_;
};

}  // namespace infinium::server
