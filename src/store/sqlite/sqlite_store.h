#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "store/sqlite/folder.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/writer.h"
#include "store/store.h"

namespace infinium::store::sqlite {

/// What the jobs keep beside the file. Outlives the writer, whose thread alone changes it.
struct Tally {
  std::atomic<std::int64_t> traces = 0;
  std::atomic<std::int64_t> pending = 0;

  // What this process has in hand; the writer's thread only.
  std::set<std::int64_t> claimed;
  std::optional<std::int64_t> suspect;  ///< the one of them that was in hand at a death before

  void release(std::int64_t seq) {
    claimed.erase(seq);
    if (suspect == seq) {
      suspect.reset();
    }
  }
};

/// The store on one SQLite file; see Store and docs/adr/001-store-layout.md.
class SqliteStore final : public Store {
 public:
  SqliteStore(Folder folder,
              std::unique_ptr<Tally> tally,
              std::unique_ptr<Writer> writer,
              std::unique_ptr<Readers> readers,
              const Clock& clock,
              Random& random);

  Status append(std::vector<NewTrace> traces, AppendDone done) override;

  Result<std::vector<ClaimedTrace>> claim_pending(std::size_t max) override;
  Status save_results(std::vector<NewResult> results, SaveDone done) override;
  void on_new_pending(std::function<void()> notify) override;

  Status replace_results(std::vector<NewResult> results, SaveDone done) override;
  Result<std::vector<CompletedTrace>> completed_traces(AgentKey agent,
                                                       std::int64_t after_seq,
                                                       std::size_t limit) override;
  Result<std::int64_t> count_completed(AgentKey agent) override;
  Result<TraceAndResult> read_completed(std::int64_t seq) override;
  Result<std::vector<ResultInfo>> results_of(std::optional<AgentKey> agent,
                                             const Uuid& trace_id) override;
  Result<std::string> find_numbered_result(std::optional<AgentKey> agent,
                                           const Uuid& trace_id,
                                           std::int64_t number) override;

  Result<std::vector<ContributionRow>> contributions(AgentKey agent,
                                                     std::int64_t after_seq,
                                                     std::int64_t before_seq,
                                                     std::size_t limit) override;
  Result<std::vector<ContributionRow>> task_contributions(AgentKey agent,
                                                          std::uint64_t task,
                                                          std::int64_t before_seq,
                                                          std::size_t limit) override;

  Result<StoredTrace> find_trace(std::optional<AgentKey> agent, const Uuid& trace_id) override;
  Result<StoredResult> find_result(std::optional<AgentKey> agent, const Uuid& trace_id) override;
  Result<TracePage> list_traces(const ListQuery& query) override;

  Result<Agent> create_agent(std::string name, const Sha256& secret_hash) override;
  Result<Agent> find_agent(const Uuid& id) override;
  Result<std::vector<Agent>> list_agents() override;
  Status set_agent_secret(const Uuid& id, const Sha256& secret_hash) override;
  Status set_agent_disabled(const Uuid& id, bool disabled) override;

  Result<Reviewer> create_reviewer(std::string name, const Sha256& secret_hash) override;
  Result<Reviewer> find_reviewer(const Uuid& id) override;
  Result<std::vector<Reviewer>> list_reviewers() override;
  Status set_reviewer_secret(const Uuid& id, const Sha256& secret_hash) override;
  Status set_reviewer_disabled(const Uuid& id, bool disabled) override;

  Result<SavedOpinion> save_opinion(NewOpinion opinion) override;
  Status queue_opinion(NewOpinion opinion, OpinionDone done) override;
  Result<bool> withdraw_opinion(std::int64_t seq, ReviewerKey reviewer) override;
  Result<TraceOpinions> opinions_of(std::optional<AgentKey> agent, const Uuid& trace_id) override;
  Result<ReviewedPage> reviewed_traces(std::int64_t after_seq, std::size_t limit) override;

  Result<std::int64_t> save_calibration(std::string bytes, std::string note) override;
  Result<Calibration> load_calibration() override;
  Result<std::vector<CalibrationInfo>> list_calibrations() override;
  Status rollback_calibration(std::int64_t version) override;

  Result<Prompt> create_prompt(std::string name,
                               std::string content,
                               const Sha256& key_hash) override;
  Result<PromptVersion> push_prompt(const Uuid& id, std::string content) override;
  Result<std::vector<Prompt>> list_prompts() override;
  Result<PromptVersion> find_prompt(const Uuid& id, std::optional<std::int64_t> version) override;
  Result<Sha256> find_prompt_key_hash(const Uuid& id) override;

  Status check() override;
  StoreStats stats() override;

 private:
  // In the order of their lives: the lock is given back last, after the writer has closed the log.
  Folder folder_;
  std::unique_ptr<Tally> tally_;
  const Clock& clock_;
  Random& random_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Readers> readers_;  ///< closed before the writer cuts the log
};

}  // namespace infinium::store::sqlite
