#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/uuid.h"
#include "infinium/interpretation.h"
#include "infinium/result.h"
#include "store/calibration.h"
#include "store/opinion.h"
#include "store/result_history.h"

/// Where traces, results, agents and prompts are kept: the contract that every store keeps and
/// that one conformance suite (tests/contract) checks.
namespace infinium::store {

/// An agent's row number in this store; 0 is never used.
using AgentKey = std::int64_t;

struct Agent {
  AgentKey key = 0;
  Uuid id;
  std::string name;
  Sha256 secret_hash{};
  bool disabled = false;
  std::int64_t created_at_ms = 0;
};

/// One trace on its way in. The body was validated and is stored byte for byte.
struct NewTrace {
  AgentKey agent = 0;
  Uuid trace_id;                        ///< ignored if the key is a UUIDv7: then that is the id
  std::optional<Uuid> idempotency_key;  ///< one namespace per agent
  std::int64_t received_at_ms = 0;
  std::string body;
  Sha256 body_hash{};  ///< of the bytes as received, decompressed
  std::string name;    ///< shown in lists
  std::int64_t current_datetime_ms = 0;
  double duration = 0;  ///< seconds
};

struct Appended {
  enum class Kind { stored, repeated, conflict };
  Kind kind = Kind::stored;
  Uuid trace_id;
};

enum class TraceState { pending, completed };

struct StoredTrace {
  std::int64_t seq = 0;
  AgentKey agent = 0;
  Uuid agent_id;
  Uuid trace_id;
  std::int64_t received_at_ms = 0;
  TraceState state = TraceState::pending;
  std::int64_t interpretation_count = 0;
  std::string body;
  std::optional<Verdict> verdict;  ///< Maestro's
  std::optional<double> score;
  std::vector<Opinion> opinions;  ///< the current ones, oldest first
  bool stale = false;             ///< see TraceRow
};

struct StoredResult {
  TraceState state = TraceState::pending;
  std::string json;                ///< Maestro's bytes; empty while pending
  std::optional<Verdict> verdict;  ///< Maestro's
  std::optional<double> score;
  std::vector<Opinion> opinions;  ///< the current ones, oldest first
  bool stale = false;             ///< see TraceRow
};

/// A trace handed to Maestro. `attempts` counts this one too.
struct ClaimedTrace {
  std::int64_t seq = 0;
  AgentKey agent = 0;
  Uuid agent_id;
  Uuid trace_id;
  int attempts = 0;
  std::string body;  ///< empty if it does not read back
  std::int64_t received_at_ms = 0;
};

/// A finished interpretation with the columns that lists and filters need.
struct NewResult {
  std::int64_t seq = 0;
  std::string json;
  Verdict verdict = Verdict::undetermined;
  double score = 0;
  std::string engine_version;
  std::vector<std::pair<std::string, std::string>> findings{};  ///< code, fingerprint
  std::string engine_model{};
  std::optional<NewContribution> contribution{};
  /// Later traces, up to this seq, were compared without this one: those of the same task become
  /// stale. 0: none were.
  std::int64_t late_through = 0;
};

struct ListQuery {
  std::optional<AgentKey> agent;
  std::size_t limit = 50;                   ///< 1–1,000; taken as the nearest of these
  std::optional<std::int64_t> before_seq;   ///< the cursor: only older ones
  std::optional<std::int64_t> since_ms;     ///< received at or after
  std::optional<std::int64_t> until_ms;     ///< received before
  std::optional<Verdict> verdict;           ///< Maestro's
  std::optional<Verdict> deciding_verdict;  ///< the one that counts: see decide()
  std::string
      text;  ///< contained in the name or the payload's text, ASCII case ignored; empty: all
};

struct TraceRow {
  std::int64_t seq = 0;
  AgentKey agent = 0;
  Uuid agent_id;
  std::string agent_name;
  Uuid trace_id;
  std::string name;
  std::int64_t received_at_ms = 0;
  std::int64_t current_datetime_ms = 0;
  double duration = 0;
  TraceState state = TraceState::pending;
  std::optional<Verdict> verdict;  ///< Maestro's
  std::optional<double> score;
  std::vector<Opinion> opinions;  ///< the current ones, oldest first
  /// The result was made without a trace of the same task that was received earlier.
  bool stale = false;
};

/// A page may be short, or even empty, and still have a next one: a search looks at so much only.
struct TracePage {
  std::vector<TraceRow> rows;               ///< newest first
  std::optional<std::int64_t> next_before;  ///< the next page's cursor, if there is one
};

struct Prompt {
  Uuid id;
  std::string name;
  std::int64_t latest_version = 0;
  std::int64_t created_at_ms = 0;
};

struct PromptVersion {
  Uuid prompt_id;
  std::string name;
  std::int64_t version = 0;
  std::string content;
  std::int64_t created_at_ms = 0;
};

struct StoreStats {
  std::int64_t traces = 0;
  std::int64_t pending = 0;
  std::size_t queued = 0;  ///< appends waiting for the writer
  std::size_t queued_bytes = 0;
  std::int64_t commits = 0;
  double commit_seconds_sum = 0;
};

/// Called once, on the writer's thread: it must only hand the outcome on, never block. One entry a
/// trace, in order, or the error that met all of them (nothing of them is stored then).
using AppendDone = std::function<void(Result<std::vector<Appended>>)>;
using SaveDone = std::function<void(Status)>;
using OpinionDone = std::function<void(Result<SavedOpinion>)>;

/// A store. Every member may be called from any thread. Reads block the caller for one query and
/// see everything that was acknowledged before. Errors not named below: `unavailable` (queue full,
/// disk full, not writable), `corrupt`.
class Store {
 public:
  virtual ~Store() = default;

  // --- ingest -------------------------------------------------------------------------------
  /// Queues traces for the next commit; `done` runs after they are durable, or on failure.
  /// Returns `unavailable` at once, without calling `done`, if the queue is full by count or
  /// bytes or the disk's reserve is reached.
  [[nodiscard]] virtual Status append(std::vector<NewTrace> traces, AppendDone done) = 0;

  // --- Maestro's queue ----------------------------------------------------------------------
  /// Takes up to `max` pending traces that nobody holds, oldest first, and makes the higher attempt
  /// count durable before it returns. A claim ends with save_results or the process. A trace that
  /// was in hand when a process died is suspect: it is handed out alone, and no other such one
  /// until it is done, so that the trace that kills cannot take its neighbours along.
  [[nodiscard]] virtual Result<std::vector<ClaimedTrace>> claim_pending(std::size_t max) = 0;
  /// Queues results for the next commit; `done` runs on the writer's thread once they are durable.
  [[nodiscard]] virtual Status save_results(std::vector<NewResult> results, SaveDone done) = 0;
  /// Called on the writer's thread after each commit that stored new traces; must not block. Set
  /// once: traces stored before are found by claim_pending.
  virtual void on_new_pending(std::function<void()> notify) = 0;

  // --- reinterpretation ---------------------------------------------------------------------
  /// Puts results in the place of the current ones, which move to the history; no longer stale. An
  /// empty `json` leaves the result as it is and only replaces the contribution and ends the stale
  /// mark. What is not completed, or gone, is left alone. Done in as many transactions as keep each
  /// below 10 ms; `done` runs after the last of them, or the one that failed.
  [[nodiscard]] virtual Status replace_results(std::vector<NewResult> results, SaveDone done) = 0;
  /// The completed traces of an agent after `after_seq`, oldest first; empty at the end.
  [[nodiscard]] virtual Result<std::vector<CompletedTrace>> completed_traces(AgentKey agent,
                                                                             std::int64_t after_seq,
                                                                             std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::int64_t> count_completed(AgentKey agent) = 0;
  /// `not_found` if there is no such trace.
  [[nodiscard]] virtual Result<TraceAndResult> read_completed(std::int64_t seq) = 0;
  /// All results of a trace, newest first, kResultsShownMax at most; none while it is pending.
  /// `not_found` if this agent has no such trace; no agent given: of any agent.
  [[nodiscard]] virtual Result<std::vector<ResultInfo>> results_of(std::optional<AgentKey> agent,
                                                                   const Uuid& trace_id) = 0;
  /// The bytes of one of them. `not_found`.
  [[nodiscard]] virtual Result<std::string> find_numbered_result(std::optional<AgentKey> agent,
                                                                 const Uuid& trace_id,
                                                                 std::int64_t number) = 0;

  // --- company ------------------------------------------------------------------------------
  /// What the agent's traces between two seqs (both excluded) added, oldest first; empty at the
  /// end.
  [[nodiscard]] virtual Result<std::vector<ContributionRow>> contributions(AgentKey agent,
                                                                           std::int64_t after_seq,
                                                                           std::int64_t before_seq,
                                                                           std::size_t limit) = 0;
  /// What the last traces of a task before `before_seq` added, oldest first.
  [[nodiscard]] virtual Result<std::vector<ContributionRow>> task_contributions(
      AgentKey agent, std::uint64_t task, std::int64_t before_seq, std::size_t limit) = 0;

  // --- reading ------------------------------------------------------------------------------
  /// `not_found` if this agent has no such trace; no agent given: of any agent.
  [[nodiscard]] virtual Result<StoredTrace> find_trace(std::optional<AgentKey> agent,
                                                       const Uuid& trace_id) = 0;
  [[nodiscard]] virtual Result<StoredResult> find_result(std::optional<AgentKey> agent,
                                                         const Uuid& trace_id) = 0;
  [[nodiscard]] virtual Result<TracePage> list_traces(const ListQuery& query) = 0;

  // --- agents -------------------------------------------------------------------------------
  [[nodiscard]] virtual Result<Agent> create_agent(std::string name, const Sha256& secret_hash) = 0;
  [[nodiscard]] virtual Result<Agent> find_agent(const Uuid& id) = 0;
  [[nodiscard]] virtual Result<std::vector<Agent>> list_agents() = 0;
  /// `not_found` if there is no such agent.
  [[nodiscard]] virtual Status set_agent_secret(const Uuid& id, const Sha256& secret_hash) = 0;
  [[nodiscard]] virtual Status set_agent_disabled(const Uuid& id, bool disabled) = 0;

  // --- people and the judge -----------------------------------------------------------------
  [[nodiscard]] virtual Result<Reviewer> create_reviewer(std::string name,
                                                         const Sha256& secret_hash) = 0;
  [[nodiscard]] virtual Result<Reviewer> find_reviewer(const Uuid& id) = 0;
  [[nodiscard]] virtual Result<std::vector<Reviewer>> list_reviewers() = 0;
  /// `not_found` if there is no such reviewer.
  [[nodiscard]] virtual Status set_reviewer_secret(const Uuid& id, const Sha256& secret_hash) = 0;
  [[nodiscard]] virtual Status set_reviewer_disabled(const Uuid& id, bool disabled) = 0;

  /// Stores what a person or the judge says of a trace and returns once it is durable. A reviewer
  /// has one current opinion of a trace, the judge too, whatever its model: the earlier one is kept
  /// as `replaced`. The same again stores nothing. An opinion that is not `ok` never takes the
  /// place of one that is: it is kept as `replaced` itself. Errors: `not_found` (no such trace or
  /// reviewer), `invalid_argument` (a field that contradicts `by` or `status`).
  [[nodiscard]] virtual Result<SavedOpinion> save_opinion(NewOpinion opinion) = 0;
  /// The same without waiting, for callers that must not block: `done` runs on the writer's thread.
  /// An opinion that is wrong in itself is refused at once, without calling `done`.
  [[nodiscard]] virtual Status queue_opinion(NewOpinion opinion, OpinionDone done) = 0;
  /// Ends the reviewer's current opinion of a trace; it is kept as `withdrawn`. False: there was
  /// none. `not_found` if there is no such trace.
  [[nodiscard]] virtual Result<bool> withdraw_opinion(std::int64_t seq, ReviewerKey reviewer) = 0;
  /// `not_found` if this agent has no such trace; no agent given: of any agent.
  [[nodiscard]] virtual Result<TraceOpinions> opinions_of(std::optional<AgentKey> agent,
                                                          const Uuid& trace_id) = 0;
  /// The traces after `after_seq` (0: from the first) that have current verdicts of people, up to
  /// `limit` (1–1,000; taken as the nearest) and some MiB: a page may be short, but is only empty
  /// at the end. One whose body or result does not read back is left out.
  [[nodiscard]] virtual Result<ReviewedPage> reviewed_traces(std::int64_t after_seq,
                                                             std::size_t limit) = 0;

  // --- calibration --------------------------------------------------------------------------
  /// Stores a new version, which is current from then on, and returns its number. `too_large` over
  /// kCalibrationBytesMax.
  [[nodiscard]] virtual Result<std::int64_t> save_calibration(std::string bytes,
                                                              std::string note) = 0;
  /// The current version. `not_found` if there is none yet.
  [[nodiscard]] virtual Result<Calibration> load_calibration() = 0;
  /// All versions, newest first.
  [[nodiscard]] virtual Result<std::vector<CalibrationInfo>> list_calibrations() = 0;
  /// Makes an earlier (or later) version current; nothing is deleted. `not_found`.
  [[nodiscard]] virtual Status rollback_calibration(std::int64_t version) = 0;

  // --- prompts ------------------------------------------------------------------------------
  /// Creates a prompt with its version 1.
  [[nodiscard]] virtual Result<Prompt> create_prompt(std::string name,
                                                     std::string content,
                                                     const Sha256& key_hash) = 0;
  /// Adds a version; versions are immutable. `not_found` if there is no such prompt.
  [[nodiscard]] virtual Result<PromptVersion> push_prompt(const Uuid& id, std::string content) = 0;
  [[nodiscard]] virtual Result<std::vector<Prompt>> list_prompts() = 0;
  /// No version given: the latest. `not_found`.
  [[nodiscard]] virtual Result<PromptVersion> find_prompt(const Uuid& id,
                                                          std::optional<std::int64_t> version) = 0;
  /// `not_found` if there is no such prompt.
  [[nodiscard]] virtual Result<Sha256> find_prompt_key_hash(const Uuid& id) = 0;

  // --- operation ----------------------------------------------------------------------------
  /// Succeeds if a write commits and a query answers.
  [[nodiscard]] virtual Status check() = 0;
  [[nodiscard]] virtual StoreStats stats() = 0;
};

}  // namespace infinium::store
