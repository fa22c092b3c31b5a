#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/random.h"
#include "client/retry.h"
#include "judge/answer_cache.h"
#include "judge/breaker.h"
#include "judge/ledger.h"
#include "judge/opinion.h"
#include "judge/request.h"

namespace infinium::judge {

/// What all hearings of one judge share. Not thread-safe: who runs them holds one lock around every
/// step.
struct Bench {
  Ledger ledger;
  AnswerCache cache;
  Breaker breaker;
};

/// Both clocks at one moment.
struct Moment {
  std::int64_t epoch_ms = 0;
  std::chrono::steady_clock::time_point steady;
};

/// One question from the ready request to the record: when to send, when to wait, when to give up,
/// what it costs. A state machine without I/O; one for each trace.
///
/// The caller steps it with `Begin`, carries out the action, and steps it with what came of that,
/// until `Done`. An `Answered` follows a `Send` only; a `Lost` follows a `Send`, or is `cancelled`
/// during a wait. Reasons in the record are sentences of ours, with at most a status in them: no
/// key, nothing of the trace or of the answer.
class Hearing {
 public:
  struct Options {
    std::int64_t completion_tokens_max = 4'000;  ///< as in the request
    client::RetryPolicy retry{.retries_max = 2};
  };

  // What happened.
  struct Begin {};
  struct Waited {};  ///< the wait that was asked for is over
  struct Answered {
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
    std::string body;
  };
  struct Lost {
    enum class Kind { broken, timed_out, refused, cancelled };
    Kind kind = Kind::broken;  ///< refused: trying again cannot help (TLS, not HTTP)
    bool reached = false;      ///< the endpoint may have worked on it, and may charge for it
  };
  using Input = std::variant<Begin, Waited, Answered, Lost>;

  // What to do.
  struct Send {};
  struct Wait {
    std::chrono::milliseconds time{};
  };
  struct Done {
    OpinionRecord record;  ///< without model, time and `decides`
  };
  using Action = std::variant<Send, Wait, Done>;

  /// `request`, `bench` and `random` are borrowed for the life of this object.
  Hearing(const Request& request, const Options& options, Bench& bench, Random& random);

  [[nodiscard]] Action step(const Input& input, const Moment& now);

 private:
  [[nodiscard]] Action on(const Begin& begin, const Moment& now);
  [[nodiscard]] Action on(const Waited& waited, const Moment& now);
  [[nodiscard]] Action on(const Answered& answered, const Moment& now);
  [[nodiscard]] Action on(const Lost& lost, const Moment& now);
  [[nodiscard]] Action send(const Moment& now);
  [[nodiscard]] Action read_answer(const std::string& body, const Moment& now);
  [[nodiscard]] Action again(const client::Outcome& outcome, std::string reason, const Moment& now);
  void settle(const Usage& used);
  [[nodiscard]] Done end(OpinionStatus status, std::string reason) const;

  const Request& request_;
  Bench& bench_;
  client::Retry retry_;
  Usage most_;                            ///< what one attempt may use
  std::optional<Ledger::Ticket> ticket_;  ///< while an attempt is under way
  int attempts_ = 0;
  Usage used_;               ///< by all attempts
  std::string last_reason_;  ///< why the attempt before did not do
};

}  // namespace infinium::judge
