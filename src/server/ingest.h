#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/exchange.h"
#include "server/response.h"
#include "server/services.h"

namespace infinium::server {

/// What the header of a POST says of its body: fills in encoding, limit and idempotency key, or
/// says why the body need not be read.
[[nodiscard]] std::optional<Problem> admit_body(Exchange& exchange);

/// Takes traces in. Owned by the server; any thread may call.
class Ingest {
 public:
  explicit Ingest(Services& services) : services_(services) {}

  [[nodiscard]] Task<Response> post_trace(Exchange exchange);
  [[nodiscard]] Task<Response> post_traces(Exchange exchange);

 private:
  using Item = std::variant<store::NewTrace, Problem>;
  using Prepared = std::unique_ptr<store::NewTrace>;

  [[nodiscard]] store::NewTrace blank(store::AgentKey agent, std::optional<Uuid> key) const;
  [[nodiscard]] Result<Prepared> read_trace(const Exchange& exchange, std::string body) const;
  [[nodiscard]] Result<std::vector<Item>> read_batch(const Exchange& exchange,
                                                     std::string body) const;
  [[nodiscard]] Result<store::NewTrace> read_item(store::AgentKey agent,
                                                  std::string_view item) const;
  void apply_rate_limit(const Uuid& agent, std::vector<Item>& items) const;
  [[nodiscard]] Task<Result<std::vector<store::Appended>>> append(
      std::vector<store::NewTrace> traces);
  [[nodiscard]] Response batch_response(const std::vector<Item>& items,
                                        const std::vector<store::Appended>& stored);
  void count(const store::Appended& appended);

  Services& services_;
};

}  // namespace infinium::server
