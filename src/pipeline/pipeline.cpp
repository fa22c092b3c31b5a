#include "pipeline/pipeline.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline/companies.h"
#include "pipeline/judging.h"
#include "pipeline/result_saver.h"

namespace infinium::pipeline {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kStuckAfter{60};
constexpr std::chrono::seconds kLookEvery{1};  ///< at what is not announced: results to save again
constexpr std::chrono::seconds kDrainMax{30};
/// Finished results wait so long for company in one commit.
constexpr std::chrono::milliseconds kGatherMax{5};

/// The notice of new traces. Shared with the store, which may give it after the pipeline is gone.
struct Notice {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t count = 0;
  bool stopping = false;
};

/// What the outside may see of one worker; 0: waiting for work.
struct Worker {
  std::atomic<std::int64_t> busy_since_ns = 0;
  std::thread thread;
};

/// What a worker does after a round.
enum class Next { go_on, wait_for_notice, wait_after_failure };

std::int64_t ns_of(steady_clock::time_point time) {
  return std::max<std::int64_t>(1, time.time_since_epoch() / std::chrono::nanoseconds(1));
}

}  // namespace

struct Pipeline::Impl {
  Impl(store::Store& store,
       ResultHub& hub,
       const Clock& clock,
       Log& log,
       const Options& options,
       Engine engine);
  ~Impl() { stop(); }

  void stop();
  void work(Worker& worker, int number);
  /// One round: claims, judges, saves.
  Next work_once(Worker& worker);
  void wait(Next next, std::uint64_t seen);
  void judge_all(const std::vector<store::ClaimedTrace>& claims, Worker& worker);
  Judged judge_one(const store::ClaimedTrace& claim, const ReadTrace& read);
  void mark_busy(Worker& worker) { worker.busy_since_ns = ns_of(clock_.steady_now()); }
  [[nodiscard]] std::size_t claim_size() const;

  store::Store& store_;
  const Clock& clock_;
  Log& log_;
  const Options options_;
  const Engine engine_;
  std::shared_ptr<Notice> notice_ = std::make_shared<Notice>();
  std::atomic<std::int64_t> interpreted_ = 0;
  std::atomic<std::int64_t> failed_ = 0;
  std::atomic<std::int64_t> interpret_ns_ = 0;
  Companies companies_;
  ResultSaver saver_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

Pipeline::Impl::Impl(store::Store& store,
                     ResultHub& hub,
                     const Clock& clock,
                     Log& log,
                     const Options& options,
                     Engine engine)
    : store_(store),
      clock_(clock),
      log_(log),
      options_(options),
      engine_(std::move(engine)),
      companies_(store, log),
      saver_(store, hub, log, options.judge, &companies_) {
  store_.on_new_pending([notice = notice_] {
    {
      const std::scoped_lock lock(notice->mutex);
      ++notice->count;
    }
    notice->changed.notify_all();
  });
  for (int i = 0; i < options_.threads; ++i) {
    Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
    worker.thread = std::thread([this, &worker, i] { work(worker, i); });
  }
}

void Pipeline::Impl::stop() {
  {
    const std::scoped_lock lock(notice_->mutex);
    notice_->stopping = true;
  }
  notice_->changed.notify_all();
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) {
      worker->thread.join();
    }
  }
  saver_.drain(kDrainMax);
}

void Pipeline::Impl::work(Worker& worker, int number) {
  pthread_setname_np(pthread_self(), fmt::format("maestro-{}", number).c_str());
  std::uint64_t seen = 0;
  while (true) {
    {
      const std::scoped_lock lock(notice_->mutex);
      if (notice_->stopping) {
        break;
      }
      seen = notice_->count;
    }
    Next next = Next::wait_after_failure;
    try {
      next = work_once(worker);
    } catch (const std::exception& e) {  // the worker's border: bad_alloc
      log_.error("maestro_worker_failed", {{"what", e.what()}});
    }
    worker.busy_since_ns = 0;
    wait(next, seen);
  }
}

void Pipeline::Impl::wait(Next next, std::uint64_t seen) {
  if (next == Next::go_on) {
    return;
  }
  std::unique_lock lock(notice_->mutex);
  notice_->changed.wait_for(lock, kLookEvery, [&] {
    return notice_->stopping || (next == Next::wait_for_notice && notice_->count != seen);
  });
}

Next Pipeline::Impl::work_once(Worker& worker) {
  mark_busy(worker);
  saver_.retry();
  if (store_.stats().pending == 0) {
    return Next::wait_for_notice;
  }
  const auto claims = companies_.claim(claim_size());
  if (!claims) {
    log_.error("claim_failed", {{"why", claims.error().message}});
    return Next::wait_after_failure;
  }
  if (claims->empty()) {
    return Next::wait_for_notice;
  }
  judge_all(*claims, worker);
  return Next::go_on;
}

/// So that a burst is shared by all workers.
std::size_t Pipeline::Impl::claim_size() const {
  const auto pending = static_cast<std::size_t>(std::max<std::int64_t>(0, store_.stats().pending));
  const std::size_t share = pending / static_cast<std::size_t>(options_.threads);
  return std::clamp(share, std::size_t{1}, std::max(options_.claim_max, std::size_t{1}));
}

/// Reads all of them before the first is judged, since each may be company of the next, here or in
/// another worker's hands.
void Pipeline::Impl::judge_all(const std::vector<store::ClaimedTrace>& claims, Worker& worker) {
  std::vector<ReadTrace> read;
  read.reserve(claims.size());
  for (const store::ClaimedTrace& claim : claims) {
    mark_busy(worker);
    read.push_back(is_given_up(claim) ? ReadTrace() : read_trace(claim, log_));
    companies_.publish(claim, read.back().contribution);
  }
  std::vector<Finished> batch;
  auto gathered_since = clock_.steady_now();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    mark_busy(worker);
    Judged judged = judge_one(claims[i], std::exchange(read[i], {}));
    ++(judged.failed ? failed_ : interpreted_);
    batch.push_back(std::move(judged.finished));
    if (const auto now = clock_.steady_now(); now - gathered_since >= kGatherMax) {
      saver_.save(std::exchange(batch, {}));
      gathered_since = now;
    }
  }
  saver_.save(std::move(batch));
}

Judged Pipeline::Impl::judge_one(const store::ClaimedTrace& claim, const ReadTrace& read) {
  std::optional<Known> known;
  if (read.contribution) {
    known = companies_.company_of(claim, *read.contribution);
  }
  const auto start = clock_.steady_now();
  Judged judged = judge(claim, read, known, engine_, clock_, log_, options_.judge != nullptr);
  interpret_ns_ += (clock_.steady_now() - start) / std::chrono::nanoseconds(1);
  return judged;
}

Pipeline::Pipeline(store::Store& store,
                   ResultHub& hub,
                   const Clock& clock,
                   Log& log,
                   const Options& options,
                   Engine engine)
    : impl_(std::make_unique<Impl>(store, hub, clock, log, options, std::move(engine))) {}

Pipeline::~Pipeline() = default;

void Pipeline::stop() { impl_->stop(); }

void Pipeline::forget_company(store::AgentKey agent) { impl_->companies_.forget(agent); }

bool Pipeline::healthy() const {
  const std::int64_t now = ns_of(impl_->clock_.steady_now());
  return std::ranges::none_of(impl_->workers_, [now](const std::unique_ptr<Worker>& worker) {
    const std::int64_t since = worker->busy_since_ns;
    return since != 0 && now - since > kStuckAfter / std::chrono::nanoseconds(1);
  });
}

Stats Pipeline::stats() const {
  return {impl_->interpreted_, impl_->failed_, static_cast<double>(impl_->interpret_ns_) / 1e9};
}

}  // namespace infinium::pipeline
