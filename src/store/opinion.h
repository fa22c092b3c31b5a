#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/uuid.h"
#include "infinium/interpretation.h"
#include "infinium/result.h"

/// What people and the judge model say of a trace, beside Maestro. Plain values.
namespace infinium::store {

/// A reviewer's row number in this store; 0 is never used.
using ReviewerKey = std::int64_t;

/// A person who may give verdicts on every trace of the project.
struct Reviewer {
  ReviewerKey key = 0;
  Uuid id;
  std::string name;
  Sha256 secret_hash{};
  bool disabled = false;  ///< gives no more verdicts; those given still count
  std::int64_t created_at_ms = 0;
};

/// Whose verdict it is. The numbers are stored.
enum class VerdictBy { person = 0, judge = 1, maestro = 2 };

/// `failed`: the judge was asked and gave no usable answer; `skipped`: it was not asked (a budget,
/// a trace that is too long). The numbers are stored.
enum class OpinionStatus { ok = 0, failed = 1, skipped = 2 };

/// Whether an opinion counts. The numbers are stored.
enum class Standing { current = 0, replaced = 1, withdrawn = 2 };

/// An opinion on its way in. Texts are UTF-8; who calls has bounded them.
struct NewOpinion {
  std::int64_t seq = 0;              ///< of the trace
  VerdictBy by = VerdictBy::person;  ///< person or judge
  ReviewerKey reviewer = 0;          ///< a person's; 0 for the judge
  std::string model{};               ///< the judge's; empty for a person
  OpinionStatus status = OpinionStatus::ok;
  std::string reason{};                ///< why `failed` or `skipped`; else empty
  std::optional<Verdict> verdict{};    ///< set exactly if `ok`
  std::optional<double> confidence{};  ///< 0–1
  bool decides = false;  ///< a judge that was switched on as deciding; of a person always true
  std::string note{};    ///< a person's note or the judge's rationale
  std::string rubric{};  ///< a JSON object: item id → "met", "unmet", "unclear"; empty: none
  std::optional<std::int64_t> root_step{};  ///< the number of the step where it went wrong first
  std::string record{};  ///< all of the judge's answer and its cost, a JSON object; empty: a person
};

/// A stored opinion.
struct Opinion : NewOpinion {
  std::int64_t key = 0;  ///< grows with time
  Uuid reviewer_id{};    ///< zeroes for the judge
  std::string reviewer_name{};
  std::int64_t created_at_ms = 0;
  Standing standing = Standing::current;
  std::optional<std::int64_t> ended_at_ms{};  ///< when it was replaced or withdrawn
};

struct SavedOpinion {
  /// `repeated`: the same was current already, and nothing was stored.
  enum class Kind { stored, repeated };
  Kind kind = Kind::stored;
  Opinion opinion;
};

/// All that is said of one trace.
struct TraceOpinions {
  std::int64_t seq = 0;
  std::optional<Verdict> verdict;  ///< Maestro's; nothing while pending
  std::optional<double> score;     ///< Maestro's, 0–100
  std::vector<Opinion> opinions;   ///< current ones, oldest first
  std::vector<Opinion> ended;      ///< newest first, kEndedOpinionsMax at most
};
inline constexpr std::size_t kEndedOpinionsMax = 200;

/// The verdict that counts, and whose it is; both are nothing while nobody has said anything.
struct Decision {
  std::optional<Verdict> verdict;
  std::optional<VerdictBy> by;
  bool operator==(const Decision&) const = default;
};

/// Which verdict of a trace counts. A person's comes first: the one that most current persons give,
/// of several such the one that was given last. Else that of a judge that decides. Else Maestro's
/// (`maestro`; nothing while the trace is pending). `opinions` may hold ended ones: they are not
/// counted. Pure.
[[nodiscard]] Decision decide(std::optional<Verdict> maestro, std::span<const Opinion> opinions);

/// A trace with current verdicts of people, to learn from.
struct ReviewedTrace {
  std::int64_t seq = 0;
  std::int64_t agent = 0;
  Uuid trace_id;
  std::string body;
  std::string result_json;        ///< Maestro's; empty while pending
  std::vector<Opinion> verdicts;  ///< the current ones of people, oldest first; never empty
};

struct ReviewedPage {
  std::vector<ReviewedTrace> traces;       ///< oldest first
  std::optional<std::int64_t> next_after;  ///< the next page's cursor, if there is one
};

}  // namespace infinium::store
