#include "pipeline/result_saver.h"

#include <utility>

namespace infinium::pipeline {
namespace {

constexpr std::size_t kOnWayMax = 512;  ///< results; each is a few KB
constexpr std::size_t kBytesOnWayMax = std::size_t{64} << 20u;
constexpr std::chrono::seconds kDrainMax{30};
/// A result that the store refuses for itself is given up after so many tries; when the store as a
/// whole is unavailable it is tried for as long as it takes.
constexpr int kSavesMax = 3;

std::size_t bytes_kept(const std::vector<Finished>& batch) {
  std::size_t bytes = 0;
  for (const Finished& one : batch) {
    bytes += one.for_judge ? one.for_judge->body.size() : 0;
  }
  return bytes;
}

}  // namespace

ResultSaver::ResultSaver(
    store::Store& store, ResultHub& hub, Log& log, judge::Judge* judge, Companies* companies)
    : store_(store), state_(std::make_shared<State>()) {
  state_->hub = &hub;
  state_->log = &log;
  state_->judge = judge;
  state_->companies = companies;
}

ResultSaver::~ResultSaver() {
  drain(kDrainMax);
  const std::scoped_lock lock(state_->mutex);
  state_->hub = nullptr;
  state_->log = nullptr;
  state_->judge = nullptr;
  state_->companies = nullptr;
}

void ResultSaver::save(std::vector<Finished> finished) {
  if (finished.empty()) {
    return;
  }
  {
    std::unique_lock lock(state_->mutex);
    state_->landed.wait_for(lock, kDrainMax, [this] {
      return state_->on_way < kOnWayMax && state_->bytes_on_way < kBytesOnWayMax;
    });
    state_->on_way += finished.size();
    state_->bytes_on_way += bytes_kept(finished);
  }
  const auto batch = std::make_shared<std::vector<Finished>>(std::move(finished));
  std::vector<store::NewResult> results;
  results.reserve(batch->size());
  for (const Finished& one : *batch) {
    results.push_back(one.result);
  }
  const Status queued = store_.save_results(
      std::move(results),
      [state = state_, batch](const Status& saved) { finish(*state, batch, saved); });
  if (!queued) {
    finish(*state_, batch, queued);
  }
}

void ResultSaver::finish(State& state, Batch batch, const Status& saved) {
  const std::scoped_lock lock(state.mutex);
  state.on_way -= batch->size();
  state.bytes_on_way -= bytes_kept(*batch);
  state.landed.notify_all();
  if (state.hub == nullptr) {
    return;
  }
  if (saved) {
    for (const Finished& one : *batch) {
      if (state.companies != nullptr && one.result.contribution) {
        state.companies->landed(one.agent, one.result.seq);
      }
      state.hub->publish(one.trace_id);
      if (state.judge != nullptr && one.for_judge) {
        state.judge->judge(std::move(*one.for_judge));
      }
    }
    return;
  }
  const Error& error = saved.error();
  state.log->error("results_not_saved",
                   {{"count", std::to_string(batch->size())}, {"why", error.message}});
  for (Finished& one : *batch) {
    one.saves_failed += error.code == Code::unavailable ? 0 : 1;
    if (one.for_judge) {
      one.for_judge->body = {};
    }
    if (one.saves_failed < kSavesMax) {
      state.failed.push_back(std::move(one));
    }
  }
}

void ResultSaver::retry() {
  std::vector<Finished> failed;
  {
    const std::scoped_lock lock(state_->mutex);
    failed.swap(state_->failed);
  }
  for (Finished& one : failed) {  // each alone: one that is refused for itself stops no other
    std::vector<Finished> alone;
    alone.push_back(std::move(one));
    save(std::move(alone));
  }
}

void ResultSaver::drain(std::chrono::milliseconds max) {
  std::unique_lock lock(state_->mutex);
  state_->landed.wait_for(lock, max, [this] { return state_->on_way == 0; });
}

}  // namespace infinium::pipeline
