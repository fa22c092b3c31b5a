// Reading stored history again, as `infinium reinterpret` does: traces of one agent, each with the
// result of an earlier engine, every one read, judged in its company, replaced and kept.
//
//   infinium_reread_bench FOLDER [TRACES [THREADS [PAYLOADS]]]   prints one JSON object:
//   microseconds a trace
//
// PAYLOADS is a file of trace payloads, one a line, sent in turn until there are so many; without
// it made-up traces of eight steps are read. It stands beside the limit: 100,000 traces in two
// minutes on two cores. "cpu_us" is the processor's time a trace, of all threads; "commit_ms" the
// mean length of the writer's transactions.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "pipeline/rereading.h"
#include "sample_trace.h"
#include "store/sqlite/open.h"

namespace infinium::bench {
namespace {

constexpr double kLimitUs = 120e6 / 100'000;
constexpr std::size_t kBatch = 200;

[[noreturn]] void die(std::string_view why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

/// The processor's time of the whole program: what a busy machine does not change much.
double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::vector<std::string> lines_of(const char* path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    die("no payloads");
  }
  return lines;
}

void append_batch(store::Store& store,
                  store::AgentKey agent,
                  const std::vector<std::string>& payloads,
                  std::size_t first,
                  std::size_t count) {
  const SystemClock clock;
  SystemRandom random;
  std::vector<store::NewTrace> traces;
  for (std::size_t i = first; i < first + count; ++i) {
    store::NewTrace trace;
    trace.agent = agent;
    trace.trace_id = make_uuid_v7(clock, random);
    trace.received_at_ms = clock.now_ms();
    trace.body = payloads.empty() ? sample_trace(8, i) : payloads[i % payloads.size()];
    trace.body_hash = sha256(trace.body);
    trace.name = "bench";
    traces.push_back(std::move(trace));
  }
  std::promise<bool> done;
  const Status queued = store.append(
      std::move(traces), [&done](const auto& outcome) { done.set_value(outcome.has_value()); });
  if (!queued || !done.get_future().get()) {
    die("an append failed");
  }
}

/// Completes what is pending with results of an earlier engine.
void complete_batch(store::Store& store) {
  const auto claims = store.claim_pending(kBatch);
  if (!claims) {
    die(claims.error().message);
  }
  std::vector<store::NewResult> results;
  for (const store::ClaimedTrace& claim : *claims) {
    results.push_back({claim.seq,
                       R"({"interpretedAt":"2026-01-01T00:00:00.000Z","engine":{}})",
                       Verdict::succeeded,
                       90,
                       "0.0.0"});
  }
  std::promise<bool> done;
  const Status queued = store.save_results(
      std::move(results), [&done](const Status& saved) { done.set_value(saved.has_value()); });
  if (!queued || !done.get_future().get()) {
    die("a result was not saved");
  }
}

int run(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: infinium_reread_bench FOLDER [TRACES [THREADS [PAYLOADS]]]\n");
    return 2;
  }
  const std::size_t count = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 20'000;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
  const std::vector<std::string> payloads =
      argc > 4 ? lines_of(argv[4]) : std::vector<std::string>();
  const SystemClock clock;
  SystemRandom random;
  Log log(clock, LogLevel::error);
  store::sqlite::Options options;
  options.folder = std::string(argv[1]) + "/reread";
  auto opened = store::sqlite::open(options, clock, random, log);
  if (!opened) {
    die(opened.error().message);
  }
  store::Store& store = *opened->store;
  const auto agent = store.create_agent("bench", sha256("bench"));
  for (std::size_t i = 0; i < count; i += kBatch) {
    append_batch(store, agent->key, payloads, i, std::min(kBatch, count - i));
    complete_batch(store);
  }
  pipeline::Rereading rereading(
      store, pipeline::maestro_engine(), clock, log, [](store::AgentKey) {});
  const store::StoreStats before = store.stats();
  const double cpu_before = cpu_us();
  const auto start = clock.steady_now();
  const Status done = rereading.run({.agents = {agent->key}, .threads = threads});
  const std::chrono::duration<double, std::micro> took = clock.steady_now() - start;
  const double cpu_each_us = (cpu_us() - cpu_before) / static_cast<double>(count);
  const store::StoreStats after = store.stats();
  if (!done || rereading.figures().read != static_cast<std::int64_t>(count)) {
    die("not everything was read");
  }
  const double each_us = took.count() / static_cast<double>(count);
  const double commit_ms = 1e3 * (after.commit_seconds_sum - before.commit_seconds_sum) /
                           static_cast<double>(after.commits - before.commits);
  fmt::print(
      R"({{"name":"read a trace again, {} traces, {} threads","p50_us":{:.1f},"p99_us":{:.1f},)"
      R"("beside":"100,000 in 2 minutes","beside_p50_us":{:.1f},"ratio":{:.3f},"cpu_us":{:.1f},"commit_ms":{:.2f}}})"
      "\n",
      count,
      threads,
      each_us,
      each_us,
      kLimitUs,
      each_us / kLimitUs,
      cpu_each_us,
      commit_ms);
  return 0;
}

}  // namespace
}  // namespace infinium::bench

int main(int argc, char** argv) { return infinium::bench::run(argc, argv); }
