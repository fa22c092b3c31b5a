#include "pipeline/reread_job.h"

#include <pthread.h>

#include <exception>
#include <utility>

namespace infinium::pipeline {
namespace {

std::int64_t ns_of(std::chrono::steady_clock::time_point time) {
  return time.time_since_epoch() / std::chrono::nanoseconds(1);
}

double seconds_of(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

RereadJob::RereadJob(store::Store& store,
                     std::function<Engine()> engine,
                     const Clock& clock,
                     Log& log,
                     std::function<void(store::AgentKey)> changed,
                     std::chrono::seconds patience)
    : store_(store),
      engine_(std::move(engine)),
      clock_(clock),
      log_(log),
      changed_(std::move(changed)),
      patience_(patience) {}

RereadJob::~RereadJob() {
  stop();
  if (worker_.joinable()) {
    worker_.join();
  }
}

Status RereadJob::start(RereadOptions options) {
  const std::scoped_lock lock(mutex_);
  if (status_.state == RereadStatus::State::running) {
    return Error{Code::conflict, "traces are being read again already"};
  }
  if (worker_.joinable()) {  // of the run before: it has ended
    worker_.join();
  }
  rereading_ = std::make_shared<Rereading>(store_, engine_(), clock_, log_, changed_);
  status_ = {};
  status_.state = RereadStatus::State::running;
  status_.dry_run = options.dry_run;
  began_ = clock_.steady_now();
  asked_ns_ = ns_of(began_);
  if (patience_.count() > 0) {
    options.abandoned = [this] {
      return ns_of(clock_.steady_now()) - asked_ns_ > patience_ / std::chrono::nanoseconds(1);
    };
  }
  worker_ = std::thread(
      [this, rereading = rereading_, options = std::move(options)] { work(*rereading, options); });
  return {};
}

void RereadJob::work(Rereading& rereading, const RereadOptions& options) {
  pthread_setname_np(pthread_self(), "reread");
  Status outcome;
  try {
    outcome = rereading.run(options);
  } catch (const std::exception& e) {  // the thread's border: bad_alloc
    outcome = Error{Code::unavailable, std::string("traces could not be read again: ") + e.what()};
  }
  const std::scoped_lock lock(mutex_);
  status_.seconds = seconds_of(clock_.steady_now() - began_);
  status_.state = !outcome              ? RereadStatus::State::failed
                  : rereading.stopped() ? RereadStatus::State::stopped
                                        : RereadStatus::State::done;
  if (!outcome) {
    status_.error = outcome.error();
  }
}

void RereadJob::stop() {
  const std::scoped_lock lock(mutex_);
  if (rereading_ && status_.state == RereadStatus::State::running) {
    rereading_->stop();
  }
}

RereadStatus RereadJob::status() {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.steady_now();
  asked_ns_ = ns_of(now);
  RereadStatus status = status_;
  if (rereading_) {
    status.figures = rereading_->figures();
  }
  if (status.state == RereadStatus::State::running) {
    status.seconds = seconds_of(now - began_);
  }
  return status;
}

}  // namespace infinium::pipeline
