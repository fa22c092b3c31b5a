#include "pipeline/rereading.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/try.h"
#include "pipeline/companies.h"
#include "pipeline/crew.h"
#include "pipeline/judging.h"

namespace infinium::pipeline {
namespace {

constexpr std::size_t kPage = 1'024;  ///< rows without bodies
constexpr std::size_t kChunk = 64;    ///< traces in memory at a time
constexpr std::size_t kBlock = 8;     ///< of them saved by one call
constexpr std::size_t kOnWayMax = 512;

/// The result without the time at which it was made.
std::string_view after_time(std::string_view json) {
  constexpr std::string_view kKey = R"("interpretedAt":")";
  const std::size_t at = json.find(kKey);
  const std::size_t end = at == json.npos ? at : json.find('"', at + kKey.size());
  return end == json.npos ? json : json.substr(end);
}

bool says_the_same(std::string_view a, std::string_view b) {
  const std::string_view end_a = after_time(a);
  const std::string_view end_b = after_time(b);
  constexpr std::size_t kTimeBytes = 24;  // 2026-01-31T12:00:00.000Z
  return end_a == end_b && a.size() == b.size() && a.size() > end_a.size() + kTimeBytes &&
         a.substr(0, a.size() - end_a.size() - kTimeBytes) ==
             b.substr(0, b.size() - end_b.size() - kTimeBytes);
}

}  // namespace

/// A trace on its way through a run.
struct Rereading::Item {
  store::CompletedTrace row;
  bool of_other_engine = false;
  bool stale = false;
  bool wanted = false;
  store::ClaimedTrace claim;  ///< as if it came from the queue; its body is dropped once it is read
  std::string old_json;
  ReadTrace read;
  std::optional<Known> known;
  store::NewResult result;
  bool failed = false;
  bool same = false;
};

/// What is known of an agent's traces up to the one that is looked at.
struct Rereading::History {
  store::AgentKey agent = 0;
  maestro::Company company;
  std::int64_t newest_ms = 0;
  bool changed = false;  ///< the stored contributions are not what they were
};

/// Results that are not durable yet. Shared with the store's callbacks.
struct Rereading::Saves {
  std::mutex mutex;
  std::condition_variable landed;
  std::size_t on_way = 0;
  Status outcome;
};

/// One call of run().
class Rereading::Run {
 public:
  Run(Rereading& owner, const RereadOptions& options)
      : owner_(owner), options_(options), crew_(options.threads, options.yielding) {}

  Status read_all();

 private:
  [[nodiscard]] bool ends() const;
  Status read_agent(store::AgentKey agent);
  Status read_chunk(History& history, std::vector<Item>& items);
  [[nodiscard]] Item item_of(store::CompletedTrace row, const History& history) const;
  void fetch(Item& item) const;
  void place(History& history, Item& item);
  void recall_task(maestro::Company& company, const History& history, const Item& item) const;
  void judge_block(std::span<Item> block);
  void guard(std::span<Item> items, const std::function<void()>& work) const;
  void save(std::vector<store::NewResult> results);
  Status wait_for_saves(std::size_t on_way_max);
  void count(std::span<const Item> items);

  Rereading& owner_;
  const RereadOptions& options_;
  Crew crew_;
  std::shared_ptr<Saves> saves_ = std::make_shared<Saves>();
};

Status Rereading::Run::read_all() {
  std::int64_t total = 0;
  for (const store::AgentKey agent : options_.agents) {
    TRY(const std::int64_t count, owner_.store_.count_completed(agent));
    total += count;
  }
  {
    const std::scoped_lock lock(owner_.mutex_);
    owner_.figures_ = {};
    owner_.figures_.total = total;
  }
  for (const store::AgentKey agent : options_.agents) {
    const Status done = read_agent(agent);
    TRY_VOID(wait_for_saves(0));
    TRY_VOID(done);
  }
  return {};
}

bool Rereading::Run::ends() const {
  if (options_.abandoned && options_.abandoned()) {
    owner_.stopping_ = true;
  }
  return owner_.stopping_;
}

Status Rereading::Run::read_agent(store::AgentKey agent) {
  History history;
  history.agent = agent;
  std::int64_t after = 0;
  Status done;
  while (done && !ends()) {
    auto page = owner_.store_.completed_traces(agent, after, kPage);
    if (!page || page->empty()) {
      done = page ? Status() : Status(page.error());
      break;
    }
    after = page->back().seq;
    for (std::size_t at = 0; at < page->size() && done && !ends(); at += kChunk) {
      std::vector<Item> items;
      for (std::size_t i = at; i < std::min(at + kChunk, page->size()); ++i) {
        items.push_back(item_of(std::move((*page)[i]), history));
      }
      done = read_chunk(history, items);
    }
  }
  if (history.changed) {
    TRY_VOID(wait_for_saves(0));
    owner_.changed_(agent);
  }
  return done;
}

Rereading::Item Rereading::Run::item_of(store::CompletedTrace row, const History& history) const {
  Item item;
  item.row = std::move(row);
  item.of_other_engine = item.row.engine_version != owner_.engine_.version ||
                         item.row.engine_model != owner_.engine_.model;
  item.stale = item.row.stale;
  item.wanted = options_.all || item.stale || (item.of_other_engine && !options_.stale);
  item.claim.seq = item.row.seq;
  item.claim.agent = history.agent;
  item.claim.trace_id = item.row.trace_id;
  item.claim.received_at_ms = item.row.received_at_ms;
  item.claim.attempts = 1;
  return item;
}

/// A trace that is not wanted now, but may be once it is clear what its siblings are, adds what is
/// stored of it.
Status Rereading::Run::read_chunk(History& history, std::vector<Item>& items) {
  crew_.run(items.size(), [&](std::size_t i) {
    if (items[i].wanted) {
      guard(std::span(items).subspan(i, 1), [&] { fetch(items[i]); });
    } else if (items[i].row.contribution) {
      items[i].read.contribution = contribution_in(
          {items[i].row.seq, items[i].row.trace_id, 0, items[i].row.contribution->data});
    }
  });
  for (Item& item : items) {
    place(history, item);
  }
  const std::size_t blocks = (items.size() + kBlock - 1) / kBlock;
  crew_.run(blocks, [&](std::size_t i) {
    const std::size_t first = i * kBlock;
    const auto block = std::span(items).subspan(first, std::min(kBlock, items.size() - first));
    guard(block, [&] { judge_block(block); });
  });
  count(items);
  return wait_for_saves(kOnWayMax);
}

/// The border of the crew's threads: only bad_alloc comes here. What was not read stays as it is.
void Rereading::Run::guard(std::span<Item> items, const std::function<void()>& work) const {
  try {
    work();
  } catch (const std::exception& e) {
    owner_.log_.error("reread_failed", {{"what", e.what()}});
    for (Item& item : items) {
      item.wanted = false;
    }
  }
}

void Rereading::Run::fetch(Item& item) const {
  auto stored = owner_.store_.read_completed(item.row.seq);
  if (!stored) {
    owner_.log_.warning("trace_not_read", {{"why", stored.error().message}});
    item.wanted = false;  // it was taken out meanwhile
    return;
  }
  item.old_json = std::move(stored->result_json);
  item.claim.body = std::move(stored->body);
  item.read = read_trace(item.claim, owner_.log_);
  item.claim.body = {};
}

/// Takes what is known before the trace, and adds the trace.
void Rereading::Run::place(History& history, Item& item) {
  if (!item.read.contribution) {
    history.changed = history.changed || (item.wanted && item.row.contribution);
    return;
  }
  const maestro::Contribution contribution = *item.read.contribution;
  const maestro::Sibling& run = contribution.run;
  recall_task(history.company, history, item);
  const std::uint64_t siblings = maestro::digest_of(history.company.runs_of(run.task));
  if (item.row.contribution && item.row.contribution->known != siblings) {
    item.stale = true;
    if (!item.wanted) {
      item.wanted = true;
      fetch(item);
      return place(history, item);
    }
  }
  if (item.wanted) {
    item.known = Known{history.company.about(contribution),
                       {run.task, siblings, maestro::encode_contribution(contribution)}};
    if (item.known->company.sample_size() > 0) {
      item.known->company.set_as_of(format_iso8601(history.newest_ms));
    }
    const auto& before = item.row.contribution;
    history.changed = history.changed || !before || before->data != item.known->contribution.data;
  }
  history.company.add(contribution);
  history.newest_ms = item.row.received_at_ms;
}

/// A task that was forgotten, since there are too many of them, is read from the store.
void Rereading::Run::recall_task(maestro::Company& company,
                                 const History& history,
                                 const Item& item) const {
  const std::uint64_t task = item.read.contribution->run.task;
  if (task == 0 || !company.forgot_tasks() || !company.runs_of(task).empty()) {
    return;
  }
  const auto rows = owner_.store_.task_contributions(
      history.agent, task, item.row.seq, maestro::Company::kSiblingsMax);
  for (const store::ContributionRow& row : rows ? *rows : std::vector<store::ContributionRow>()) {
    if (const auto contribution = contribution_in(row)) {
      company.keep(contribution->run);
    }
  }
}

void Rereading::Run::judge_block(std::span<Item> block) {
  std::vector<store::NewResult> results;
  for (Item& item : block) {
    if (!item.wanted) {
      continue;
    }
    Judged judged =
        judge(item.claim, item.read, item.known, owner_.engine_, owner_.clock_, owner_.log_);
    item.read = {};
    item.known.reset();
    item.failed = judged.failed;
    item.result = std::move(judged.finished.result);
    item.same = !item.of_other_engine && says_the_same(item.result.json, item.old_json);
    store::NewResult result = item.result;
    if (item.same) {
      result.json.clear();  // the old one stays, with its time
    }
    if (!item.same || item.row.stale || result.contribution != item.row.contribution) {
      results.push_back(std::move(result));
    }
  }
  if (!options_.dry_run && !results.empty()) {
    save(std::move(results));
  }
}

void Rereading::Run::save(std::vector<store::NewResult> results) {
  const std::size_t count = results.size();
  {
    const std::scoped_lock lock(saves_->mutex);
    saves_->on_way += count;
  }
  const auto finish = [saves = saves_, count](const Status& saved) {
    {
      const std::scoped_lock lock(saves->mutex);
      saves->on_way -= count;
      if (!saved && saves->outcome) {
        saves->outcome = saved;
      }
    }
    saves->landed.notify_all();
  };
  if (const Status queued = owner_.store_.replace_results(std::move(results), finish); !queued) {
    finish(queued);
  }
}

Status Rereading::Run::wait_for_saves(std::size_t on_way_max) {
  std::unique_lock lock(saves_->mutex);
  saves_->landed.wait(lock, [&] { return saves_->on_way <= on_way_max; });
  return saves_->outcome;
}

void Rereading::Run::count(std::span<const Item> items) {
  const std::scoped_lock lock(owner_.mutex_);
  RereadFigures& figures = owner_.figures_;
  for (const Item& item : items) {
    ++figures.seen;
    if (!item.wanted) {
      continue;
    }
    ++figures.read;
    figures.of_other_engine += item.of_other_engine ? 1 : 0;
    figures.stale += item.stale ? 1 : 0;
    figures.failed += item.failed ? 1 : 0;
    figures.same += item.same ? 1 : 0;
    VerdictChange& change = figures.verdicts.at(static_cast<std::size_t>(item.row.verdict))
                                .at(static_cast<std::size_t>(item.result.verdict));
    ++change.count;
    if (item.row.verdict != item.result.verdict &&
        change.examples.size() < VerdictChange::kExamplesMax) {
      change.examples.push_back(item.row.trace_id.to_string());
    }
    const double difference = item.result.score - item.row.score;
    figures.score_up += difference > 0 ? 1 : 0;
    figures.score_down += difference < 0 ? 1 : 0;
    figures.score_sum += difference;
  }
  figures.total = std::max(figures.total, figures.seen);  // more came meanwhile
}

Rereading::Rereading(store::Store& store,
                     Engine engine,
                     const Clock& clock,
                     Log& log,
                     std::function<void(store::AgentKey)> changed)
    : store_(store),
      engine_(std::move(engine)),
      clock_(clock),
      log_(log),
      changed_(std::move(changed)) {}

Rereading::~Rereading() = default;

Status Rereading::run(const RereadOptions& options) { return Run(*this, options).read_all(); }

RereadFigures Rereading::figures() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

}  // namespace infinium::pipeline
