#include "pipeline/result_saver.h"

#include <utility>

namespace infinium::pipeline {
namespace {

constexpr std::size_t kOnWayMax = 512;  ///< results; each is a few KB
constexpr std::chrono::seconds kDrainMax{30};
/// A result that the store refuses for itself is given up after so many tries; when the store as a
/// whole is unavailable it is tried for as long as it takes.
constexpr int kSavesMax = 3;

}  // namespace

ResultSaver::ResultSaver(store::Store& store, ResultHub& hub, Log& log)
    : store_(store), state_(std::make_shared<State>()) {
  state_->hub = &hub;
  state_->log = &log;
}

ResultSaver::~ResultSaver() {
  drain(kDrainMax);
  const std::scoped_lock lock(state_->mutex);
  state_->hub = nullptr;
  state_->log = nullptr;
}

void ResultSaver::save(std::vector<Finished> finished) {
  if (finished.empty()) {
    return;
  }
  {
    std::unique_lock lock(state_->mutex);
    state_->landed.wait_for(lock, kDrainMax, [this] { return state_->on_way < kOnWayMax; });
    state_->on_way += finished.size();
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
  state.landed.notify_all();
  if (state.hub == nullptr) {
    return;
  }
  if (saved) {
    for (const Finished& one : *batch) {
      state.hub->publish(one.trace_id);
    }
    return;
  }
  const Error& error = saved.error();
  state.log->error("results_not_saved",
                   {{"count", std::to_string(batch->size())}, {"why", error.message}});
  for (Finished& one : *batch) {
    one.saves_failed += error.code == Code::unavailable ? 0 : 1;
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
