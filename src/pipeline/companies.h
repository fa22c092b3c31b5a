#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "base/log.h"
#include "infinium/company.h"
#include "store/store.h"

namespace infinium::pipeline {

/// What a trace is judged with, and what is stored of it.
struct Known {
  maestro::Company company;             ///< of this trace: see Company::about
  store::NewContribution contribution;  ///< of this trace, for later ones
  std::int64_t late_through = 0;        ///< see store::NewResult
};

/// The company of each agent's traces: for a trace all that its agent sent before it, and nothing
/// that it sent later, in whatever order they are taken up. Counters of an agent are built from the
/// store when its first trace comes and kept in memory, those of the agents last seen; siblings are
/// read from the store; what is not durable yet is added from memory. Owned by the pipeline. Any
/// thread; docs/adr/010-company.md says why it is so.
///
/// Each trace goes through claim(), publish(), and, unless it adds nothing, company_of() and
/// landed(). A thread publishes all that it claimed before it asks for the company of one of them.
class Companies {
 public:
  struct Options {
    std::size_t agents_max = 256;  ///< kept in memory
    /// How long a trace waits for earlier ones of its agent that other threads have in hand.
    std::chrono::milliseconds patience{2'000};
  };

  Companies(store::Store& store, Log& log) : Companies(store, log, Options()) {}
  Companies(store::Store& store, Log& log, const Options& options);
  ~Companies();
  Companies(const Companies&) = delete;
  Companies& operator=(const Companies&) = delete;

  /// Store::claim_pending, one caller at a time, so that it is known in what order traces came.
  [[nodiscard]] Result<std::vector<store::ClaimedTrace>> claim(std::size_t max);
  /// Lets later traces know of this one. Nothing: it adds nothing, and has no company.
  void publish(const store::ClaimedTrace& claim,
               const std::optional<maestro::Contribution>& contribution);
  /// Waits for what came before. Where the store cannot be read, the company is empty.
  [[nodiscard]] Known company_of(const store::ClaimedTrace& claim,
                                 const maestro::Contribution& contribution);
  /// The contribution is durable. Never blocks for long.
  void landed(store::AgentKey agent, std::int64_t seq);
  /// The agent's stored contributions have changed: they are read again.
  void forget(store::AgentKey agent);

 private:
  struct Agent;
  struct Earlier;
  struct Snapshot;
  using AgentPtr = std::shared_ptr<Agent>;

  [[nodiscard]] AgentPtr agent_of(store::AgentKey key);
  void make_room_locked();
  void take_landed(Agent& agent);
  void load(Agent& agent, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Snapshot take(Agent& agent,
                              std::int64_t seq,
                              const maestro::Contribution& contribution);
  [[nodiscard]] Result<maestro::Company> read(store::AgentKey agent,
                                              std::int64_t before_seq,
                                              const std::set<std::int64_t>& but,
                                              store::ContributionRow& newest);
  [[nodiscard]] std::vector<maestro::Sibling> stored_siblings(store::AgentKey agent,
                                                              const maestro::Sibling& run);
  void add_siblings(maestro::Company& company,
                    store::AgentKey agent,
                    const maestro::Sibling& run,
                    const std::vector<Earlier>& in_memory);

  store::Store& store_;
  Log& log_;
  const Options options_;
  std::mutex claiming_;
  std::mutex mutex_;  ///< of what follows
  std::map<store::AgentKey, AgentPtr> agents_;
  std::uint64_t uses_ = 0;
  std::mutex landed_mutex_;  ///< of what follows; held for moments only
  std::map<store::AgentKey, std::vector<std::int64_t>> landed_;
};

/// The contribution as it was stored, with what the row says of it; nothing if it is of another
/// form than this program's.
[[nodiscard]] std::optional<maestro::Contribution> contribution_in(
    const store::ContributionRow& row);

}  // namespace infinium::pipeline
