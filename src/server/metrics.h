#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "pipeline/pipeline.h"
#include "server/router.h"
#include "store/store.h"

namespace infinium::server {

/// Counters of the server, as Prometheus text. No label ever holds an agent's name or an id. Any
/// thread may call any member.
class Metrics {
 public:
  using Counter = std::atomic<std::uint64_t>;

  Counter connections_opened{0};
  Counter connections_closed{0};
  Counter requests_begun{0};
  Counter requests_ended{0};
  Counter sign_in_failures{0};
  Counter traces_stored{0};
  Counter traces_repeated{0};
  Counter traces_in_conflict{0};
  Counter traces_refused{0};
  Counter body_bytes_received{0};

  void record(Route route, int status, double seconds);
  [[nodiscard]] std::string render(const store::StoreStats& store,
                                   const pipeline::Stats& pipeline) const;

 private:
  /// The statuses the server answers with; any other is counted as 500.
  static constexpr std::array kStatuses{200, 201, 202, 207, 304, 400, 401, 403, 404, 405, 408,
                                        409, 413, 414, 415, 417, 421, 422, 429, 431, 500, 503};
  static constexpr std::array kBucketSeconds{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0};

  struct PerRoute {
    std::array<Counter, kStatuses.size()> by_status{};
    std::array<Counter, kBucketSeconds.size() + 1> by_duration{};
    Counter microseconds{0};
  };
  void render_requests(std::string& out) const;
  void render_durations(std::string& out) const;

  std::array<PerRoute, kRouteCount> routes_{};
};

}  // namespace infinium::server
