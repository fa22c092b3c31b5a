#pragma once

#include <mutex>
#include <optional>

#include "server/rate_limit.h"
#include "server/response.h"
#include "server/services.h"

namespace infinium::server {

/// Liveness, readiness and metrics. Owned by the server; any thread may call.
class Health {
 public:
  explicit Health(Services& services) : services_(services) {}

  [[nodiscard]] Response live() const;
  /// Asks the store at most once a second: anyone may call, and a check costs a commit.
  [[nodiscard]] Task<Response> ready();
  [[nodiscard]] Task<Response> metrics();

 private:
  struct Checked {
    TimePoint at;
    std::optional<Error> error;
  };
  [[nodiscard]] std::optional<Checked> recent();

  Services& services_;
  std::mutex mutex_;
  std::optional<Checked> last_;
};

}  // namespace infinium::server
