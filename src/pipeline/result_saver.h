#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/log.h"
#include "base/uuid.h"
#include "judge/judge.h"
#include "pipeline/companies.h"
#include "pipeline/result_hub.h"
#include "store/store.h"

namespace infinium::pipeline {

/// A finished interpretation on its way into the store.
struct Finished {
  Uuid trace_id;
  store::AgentKey agent = 0;
  store::NewResult result;
  int saves_failed = 0;
  std::unique_ptr<judge::Case> for_judge{};  ///< handed over once the result is durable
};

/// Saves results without waiting for the commit, tells who waits for it once they are durable,
/// and keeps those that could not be saved for another try (without the trace: what waits for a
/// store that is ill must stay small). Any thread; the references must outlive it.
class ResultSaver {
 public:
  /// `judge` and `companies` may be null.
  ResultSaver(store::Store& store,
              ResultHub& hub,
              Log& log,
              judge::Judge* judge = nullptr,
              Companies* companies = nullptr);
  ~ResultSaver();
  ResultSaver(const ResultSaver&) = delete;
  ResultSaver& operator=(const ResultSaver&) = delete;

  /// Queues results; waits while too many are on their way.
  void save(std::vector<Finished> batch);
  /// Tries again what could not be saved.
  void retry();
  /// Waits until nothing is on its way, at most that long.
  void drain(std::chrono::milliseconds max);

 private:
  /// Shared with the callbacks that the store holds, which may outlive the saver if the store
  /// hangs.
  struct State {
    std::mutex mutex;
    std::condition_variable landed;
    ResultHub* hub = nullptr;  ///< nothing once the saver is gone
    Log* log = nullptr;
    judge::Judge* judge = nullptr;
    Companies* companies = nullptr;
    std::size_t on_way = 0;
    std::size_t bytes_on_way = 0;  ///< of traces kept for the judge
    std::vector<Finished> failed;
  };
  using Batch = std::shared_ptr<std::vector<Finished>>;
  static void finish(State& state, Batch batch, const Status& saved);

  store::Store& store_;
  std::shared_ptr<State> state_;
};

}  // namespace infinium::pipeline
