#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/random.h"

namespace infinium::client {

/// How one attempt at a request ended.
struct Outcome {
  enum class Kind {
    answered,   ///< a complete HTTP answer, of any status
    broken,     ///< no connection, or it broke before the answer was complete
    timed_out,  ///< no complete answer in time
    final,      ///< trying again cannot help: TLS refused, not HTTP, cancelled, deadline
  };
  Kind kind = Kind::answered;
  int status = 0;                                     ///< of an answer
  std::optional<std::chrono::seconds> retry_after{};  ///< of an answer that says so
};

/// How often to try again, and how long to wait first and at most.
struct RetryPolicy {
  int retries_max = 3;
  std::chrono::milliseconds wait_first{1'000};
  std::chrono::milliseconds wait_max{60'000};
};

/// Whether and when to try a request again: a state machine without I/O, one for each request.
/// Broken connections, time-outs, 5xx and 429 are tried again after `Retry-After`, else after
/// wait_first · 2^n (at most wait_max) ± 25 %; any other 4xx never.
class Retry {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Wait = std::chrono::milliseconds;

  /// `random` is borrowed for the life of this object. After `deadline` nothing is sent.
  Retry(const RetryPolicy& policy, std::optional<Time> deadline, Random& random)
      : policy_(policy), deadline_(deadline), random_(random), next_wait_(policy.wait_first) {}

  /// After an attempt that ended at `now`: how long to wait before the next one; nothing means that
  /// this outcome is the last. A `Retry-After` over wait_max, or a wait past the deadline, is for
  /// the caller to decide: it gives up.
  [[nodiscard]] std::optional<Wait> step(const Outcome& outcome, Time now);

 private:
  [[nodiscard]] Wait jittered(Wait wait);

  RetryPolicy policy_;
  std::optional<Time> deadline_;
  Random& random_;
  Wait next_wait_;
  int retries_ = 0;
};

/// The value of a `Retry-After` header in whole seconds; nothing for a date or anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value);

}  // namespace infinium::client
