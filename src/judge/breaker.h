#pragma once

#include <chrono>
#include <optional>

namespace infinium::judge {

struct BreakerOptions {
  int failures_max = 5;  ///< in a row
  std::chrono::milliseconds open_for{60'000};
};

/// Leaves an endpoint alone that keeps failing: open after so many failures in a row; after a while
/// one probe is let through, and its outcome closes it or opens it for as long again. A state
/// machine without I/O; not thread-safe.
class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Breaker(const BreakerOptions& options) : options_(options) {}

  /// Whether a request may be sent now. A permitted one ends with exactly one of the calls below.
  [[nodiscard]] bool permit(Time now);
  void succeeded();
  void failed(Time now);
  /// The request ended without saying anything of the endpoint (it was cancelled).
  void abandoned() { probing_ = false; }

  [[nodiscard]] bool open() const { return open_until_.has_value(); }

 private:
  BreakerOptions options_;
  int failures_ = 0;
  std::optional<Time> open_until_;
  bool probing_ = false;
};

}  // namespace infinium::judge
