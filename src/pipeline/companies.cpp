#include "pipeline/companies.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/try.h"

namespace infinium::pipeline {
namespace {

constexpr std::size_t kPage = 5'000;
constexpr std::int64_t kSeqMax = std::numeric_limits<std::int64_t>::max();

/// A contribution that is not yet both counted and durable.
struct Recent {
  maestro::Contribution contribution;
  std::int64_t received_at_ms = 0;
  std::int64_t taken_before = 0;  ///< the latest trace that was judged without it
  bool counted = false;
  bool landed = false;
};

}  // namespace

/// What is in memory of one agent. In `known` are the traces before the earliest that still waits
/// for its company, so that what a trace knows is `known` and a few of `recent`.
struct Companies::Agent {
  explicit Agent(store::AgentKey of) : key(of) {}

  /// Counts what every trace that still waits may know.
  void count_early() {
    const std::int64_t first = waiting.empty() ? kSeqMax : *waiting.begin();
    for (auto at = recent.begin(); at != recent.end() && at->first < first;) {
      Recent& one = at->second;
      if (!one.counted) {
        known.count(one.contribution);
        one.counted = true;
        note_newest(at->first, one.received_at_ms);
      }
      at = one.landed ? recent.erase(at) : std::next(at);
    }
  }

  void note_newest(std::int64_t seq, std::int64_t received_at_ms) {
    if (seq > newest_seq) {
      newest_seq = seq;
      newest_ms = received_at_ms;
    }
  }

  const store::AgentKey key;
  std::uint64_t last_use = 0;  ///< guarded by Companies::mutex_

  std::mutex mutex;  ///< of what follows
  std::condition_variable changed;
  std::set<std::int64_t> unpublished;  ///< claimed
  std::set<std::int64_t> waiting;      ///< claimed or published, their company not taken yet
  std::map<std::int64_t, Recent> recent;
  enum class Load { none, running, done } load = Load::none;
  std::uint64_t era = 0;            ///< raised when what is stored has changed
  maestro::Company known;           ///< counters only
  std::int64_t newest_seq = 0;      ///< in `known`
  std::int64_t newest_ms = 0;       ///< when that was received
  std::int64_t stored_through = 0;  ///< the last trace that was read from the store
  std::int64_t taken_through = 0;   ///< the last trace whose company was taken
};

/// One of `recent` before a trace.
struct Companies::Earlier {
  std::int64_t seq = 0;
  std::int64_t received_at_ms = 0;
  bool counted = false;
  maestro::Contribution contribution;
};

std::optional<maestro::Contribution> contribution_in(const store::ContributionRow& row) {
  auto contribution = maestro::decode_contribution(row.data);
  if (contribution) {
    contribution->run.order = row.seq;
    contribution->run.trace_id = row.trace_id.to_string();
  }
  return contribution;
}

Companies::Companies(store::Store& store, Log& log, const Options& options)
    : store_(store), log_(log), options_(options) {}

Companies::~Companies() = default;

Companies::AgentPtr Companies::agent_of(store::AgentKey key) {
  const std::scoped_lock lock(mutex_);
  AgentPtr& agent = agents_[key];
  if (!agent) {
    agent = std::make_shared<Agent>(key);
  }
  agent->last_use = ++uses_;
  AgentPtr found = agent;
  make_room_locked();
  return found;
}

/// Forgets the agents not seen for longest of whom nothing is under way.
void Companies::make_room_locked() {
  if (agents_.size() <= options_.agents_max) {
    return;
  }
  std::vector<AgentPtr> by_use;
  for (const auto& [key, agent] : agents_) {
    by_use.push_back(agent);
  }
  std::ranges::sort(by_use, {}, [](const AgentPtr& agent) { return agent->last_use; });
  const std::size_t surplus = agents_.size() - options_.agents_max;
  for (std::size_t i = 0; i < surplus; ++i) {
    AgentPtr& agent = by_use[i];
    const std::unique_lock held(agent->mutex, std::try_to_lock);
    if (!held) {
      continue;
    }
    take_landed(*agent);
    const bool in_use = agent.use_count() > 2;  // beside the map and this list
    const bool durable =
        std::ranges::all_of(agent->recent, [](const auto& entry) { return entry.second.landed; });
    if (!in_use && durable && agent->waiting.empty()) {
      agents_.erase(agent->key);
    }
  }
}

void Companies::landed(store::AgentKey agent, std::int64_t seq) {
  const std::scoped_lock lock(landed_mutex_);
  landed_[agent].push_back(seq);
}

void Companies::take_landed(Agent& agent) {
  std::vector<std::int64_t> landed;
  {
    const std::scoped_lock lock(landed_mutex_);
    if (const auto found = landed_.find(agent.key); found != landed_.end()) {
      landed = std::move(found->second);
      landed_.erase(found);
    }
  }
  for (const std::int64_t seq : landed) {
    const auto found = agent.recent.find(seq);
    if (found == agent.recent.end()) {
      continue;
    }
    found->second.landed = true;
    if (found->second.counted) {
      agent.recent.erase(found);
    }
  }
}

Result<std::vector<store::ClaimedTrace>> Companies::claim(std::size_t max) {
  const std::scoped_lock one_at_a_time(claiming_);
  TRY(std::vector<store::ClaimedTrace> claims, store_.claim_pending(max));
  for (const store::ClaimedTrace& claim : claims) {
    const AgentPtr agent = agent_of(claim.agent);
    const std::scoped_lock lock(agent->mutex);
    agent->unpublished.insert(claim.seq);
    agent->waiting.insert(claim.seq);
  }
  return claims;
}

void Companies::publish(const store::ClaimedTrace& claim,
                        const std::optional<maestro::Contribution>& contribution) {
  const AgentPtr agent = agent_of(claim.agent);
  {
    const std::scoped_lock lock(agent->mutex);
    agent->unpublished.erase(claim.seq);
    if (contribution) {
      agent->recent[claim.seq] = {*contribution, claim.received_at_ms, agent->taken_through};
    } else {
      agent->waiting.erase(claim.seq);
    }
  }
  agent->changed.notify_all();
}

/// What the agent's memory holds for one trace.
struct Companies::Snapshot {
  maestro::Company company;  ///< counters of what is in `known`; unless `late`
  std::vector<Earlier> earlier;
  std::set<std::int64_t> in_memory;
  std::int64_t newest_seq = 0;
  std::int64_t newest_ms = 0;
  std::int64_t late_through = 0;
  bool late = false;  ///< `known` has later traces: the store must be read
};

Companies::Snapshot Companies::take(Agent& agent,
                                    std::int64_t seq,
                                    const maestro::Contribution& contribution) {
  std::unique_lock lock(agent.mutex);
  load(agent, lock);
  agent.changed.wait_for(lock, options_.patience, [&] {
    return agent.unpublished.empty() || *agent.unpublished.begin() >= seq;
  });
  take_landed(agent);
  Snapshot taken;
  for (const auto& [other, one] : agent.recent) {
    taken.in_memory.insert(other);
    if (other < seq) {
      taken.earlier.push_back({other, one.received_at_ms, one.counted, one.contribution});
    } else if (other == seq) {
      taken.late_through = std::max(one.taken_before, agent.stored_through);
    }
  }
  taken.late = agent.newest_seq > seq;
  if (!taken.late) {
    taken.company = agent.known.about(contribution);
    taken.newest_seq = agent.newest_seq;
    taken.newest_ms = agent.newest_ms;
  }
  agent.waiting.erase(seq);
  agent.taken_through = std::max(agent.taken_through, seq);
  if (agent.load == Agent::Load::done) {
    agent.count_early();
  }
  return taken;
}

Known Companies::company_of(const store::ClaimedTrace& claim,
                            const maestro::Contribution& contribution) {
  const AgentPtr agent = agent_of(claim.agent);
  Snapshot taken = take(*agent, claim.seq, contribution);
  store::ContributionRow newest;
  newest.seq = taken.newest_seq;
  newest.received_at_ms = taken.newest_ms;
  if (taken.late) {
    auto stored = read(claim.agent, claim.seq, taken.in_memory, newest);
    taken.company = stored ? *std::move(stored) : maestro::Company();
  }
  for (const Earlier& one : taken.earlier) {
    if (taken.late || !one.counted) {
      taken.company.count(one.contribution);
    }
    if (one.seq > newest.seq) {
      newest.seq = one.seq;
      newest.received_at_ms = one.received_at_ms;
    }
  }
  if (taken.company.sample_size() > 0) {
    taken.company.set_as_of(format_iso8601(newest.received_at_ms));
  }
  const maestro::Sibling& run = contribution.run;
  add_siblings(taken.company, claim.agent, run, taken.earlier);
  const std::uint64_t siblings = maestro::digest_of(taken.company.runs_of(run.task));
  return {std::move(taken.company),
          {run.task, siblings, maestro::encode_contribution(contribution)},
          taken.late_through > claim.seq ? taken.late_through : 0};
}

/// What has landed since `in_memory` was noted is in both.
void Companies::add_siblings(maestro::Company& company,
                             store::AgentKey agent,
                             const maestro::Sibling& run,
                             const std::vector<Earlier>& in_memory) {
  if (run.task == 0) {
    return;
  }
  std::map<std::int64_t, maestro::Sibling> siblings;
  for (maestro::Sibling& sibling : stored_siblings(agent, run)) {
    siblings.emplace(sibling.order, std::move(sibling));
  }
  for (const Earlier& one : in_memory) {
    if (one.contribution.run.task == run.task) {
      siblings[one.seq] = one.contribution.run;
    }
  }
  for (const auto& [seq, sibling] : siblings) {
    company.keep(sibling);
  }
}

std::vector<maestro::Sibling> Companies::stored_siblings(store::AgentKey agent,
                                                         const maestro::Sibling& run) {
  const auto rows =
      store_.task_contributions(agent, run.task, run.order, maestro::Company::kSiblingsMax);
  std::vector<maestro::Sibling> siblings;
  if (!rows) {
    log_.warning("siblings_not_read", {{"why", rows.error().message}});
    return siblings;
  }
  for (const store::ContributionRow& row : *rows) {
    if (auto contribution = contribution_in(row)) {
      siblings.push_back(std::move(contribution->run));
    }
  }
  return siblings;
}

Result<maestro::Company> Companies::read(store::AgentKey agent,
                                         std::int64_t before_seq,
                                         const std::set<std::int64_t>& but,
                                         store::ContributionRow& newest) {
  maestro::Company company;
  std::int64_t after = 0;
  while (true) {
    auto page = store_.contributions(agent, after, before_seq, kPage);
    if (!page) {
      log_.warning("company_not_read", {{"why", page.error().message}});
      return std::move(page).error();
    }
    if (page->empty()) {
      return company;
    }
    for (const store::ContributionRow& row : *page) {
      const auto contribution = but.contains(row.seq) ? std::nullopt : contribution_in(row);
      if (contribution) {
        company.count(*contribution);
        newest.seq = row.seq;
        newest.received_at_ms = row.received_at_ms;
      }
    }
    after = page->back().seq;
  }
}

/// Reads what is stored of an agent, unless that was done. Nothing that is in memory becomes
/// durable meanwhile without being in `recent` now: its company, which waits for this, comes first.
void Companies::load(Agent& agent, std::unique_lock<std::mutex>& lock) {
  while (agent.load != Agent::Load::done) {
    if (agent.load == Agent::Load::running) {
      agent.changed.wait(lock, [&] { return agent.load != Agent::Load::running; });
      continue;
    }
    agent.load = Agent::Load::running;
    const std::uint64_t era = agent.era;
    std::set<std::int64_t> in_memory;
    for (const auto& [seq, one] : agent.recent) {
      in_memory.insert(seq);
    }
    lock.unlock();
    store::ContributionRow newest;
    auto stored = read(agent.key, kSeqMax, in_memory, newest);
    lock.lock();
    const bool current = agent.era == era;
    agent.load = stored && current ? Agent::Load::done : Agent::Load::none;
    if (agent.load == Agent::Load::done) {
      agent.known = *std::move(stored);
      agent.newest_seq = newest.seq;
      agent.newest_ms = newest.received_at_ms;
      agent.stored_through = newest.seq;
      agent.count_early();
    }
    agent.changed.notify_all();
    if (!stored) {
      return;
    }
  }
}

void Companies::forget(store::AgentKey key) {
  const AgentPtr agent = agent_of(key);
  const std::scoped_lock lock(agent->mutex);
  take_landed(*agent);
  ++agent->era;
  agent->load = agent->load == Agent::Load::running ? agent->load : Agent::Load::none;
  agent->known = {};
  agent->newest_seq = 0;
  agent->newest_ms = 0;
  std::erase_if(agent->recent, [](const auto& entry) { return entry.second.landed; });
  for (auto& [seq, one] : agent->recent) {
    one.counted = false;
  }
}

}  // namespace infinium::pipeline
