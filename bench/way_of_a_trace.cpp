// The way of one trace in microseconds: parse, commit, interpret, fetch, and the whole way over
// HTTP. Each figure stands beside a limit or a peer that is measured in the same run.
//
//   infinium_bench FOLDER [PORT AGENT_ID AGENT_SECRET]      prints one JSON object a line

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "codec/interpretation_json.h"
#include "codec/trace_json.h"
#include "infinium/maestro.h"
#include "loopback.h"
#include "sample_trace.h"
#include "store/sqlite/open.h"

namespace infinium::bench {
namespace {

struct Figure {
  double p50_us = 0;
  double p99_us = 0;
};

/// Runs `work(i)` `count` times and gives the quantiles of its wall-clock time.
Figure measure(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<double> times;
  times.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work(i);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::sort(times.begin(), times.end());
  return {times[count / 2], times[count * 99 / 100]};
}

void print(std::string_view name, Figure figure, std::string_view beside, Figure limit) {
  fmt::print(
      R"({{"name":"{}","p50_us":{:.2f},"p99_us":{:.2f},"beside":"{}","beside_p50_us":{:.2f},"ratio":{:.3f}}})"
      "\n",
      name,
      figure.p50_us,
      figure.p99_us,
      beside,
      limit.p50_us,
      figure.p50_us / limit.p50_us);
}

[[noreturn]] void die(std::string_view why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

void bench_parse(const std::string& body) {
  std::size_t kept = 0;
  const Figure ours = measure(5'000, [&](std::size_t) {
    const auto parsed = codec::parse_trace(body);
    kept += parsed ? parsed->trace.steps.size() : 0;
  });
  const Figure peer =
      measure(2'000, [&](std::size_t) { kept += nlohmann::json::parse(body).size(); });
  if (kept == 0) {
    die("nothing was parsed");
  }
  print(fmt::format("parse and validate, {} bytes", body.size()),
        ours,
        "nlohmann::json, untyped",
        peer);
}

void bench_interpret(std::size_t steps) {
  const std::string body = sample_trace(steps, 1);
  const auto parsed = codec::parse_trace(body);
  if (!parsed) {
    die("the sample trace does not parse");
  }
  std::size_t kept = 0;
  const Figure ours = measure(
      1'000, [&](std::size_t) { kept += maestro::interpret(parsed->trace).summary.size(); });
  const Figure limit{1000, 5000};
  print(fmt::format("interpret, {} steps", steps), ours, "the aim of 1 ms", limit);
  const Interpretation result = maestro::interpret(parsed->trace);
  const Figure encode =
      measure(1'000, [&](std::size_t) { kept += codec::encode_interpretation(result).size(); });
  print(fmt::format("encode the result, {} steps", steps), encode, "interpret", ours);
  if (kept == 0) {
    die("nothing was interpreted");
  }
}

/// What the disk itself needs: append 4 KiB and fdatasync.
Figure bench_disk(const std::string& folder) {
  const std::string path = folder + "/fdatasync-probe";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::string block(4096, 'x');
  const Figure figure = measure(300, [&](std::size_t) {
    if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) {
      die("the disk cannot be measured");
    }
  });
  close(file);
  unlink(path.c_str());
  return figure;
}

store::NewTrace new_trace(store::AgentKey agent, const std::string& body, const Uuid& id) {
  store::NewTrace trace;
  trace.agent = agent;
  trace.trace_id = id;
  trace.received_at_ms = SystemClock().now_ms();
  trace.body = body;
  trace.body_hash = sha256(body);
  trace.name = "bench";
  return trace;
}

void bench_store(const std::string& folder, Figure disk) {
  const SystemClock clock;
  SystemRandom random;
  Log log(clock, LogLevel::error);
  store::sqlite::Options options;
  options.folder = folder + "/store";
  auto opened = store::sqlite::open(options, clock, random, log);
  if (!opened) {
    die(opened.error().message);
  }
  store::Store& store = *opened->store;
  const auto agent = store.create_agent("bench", sha256("bench"));
  if (!agent) {
    die(agent.error().message);
  }
  std::vector<Uuid> ids;
  const Figure commit = measure(500, [&](std::size_t i) {
    ids.push_back(make_uuid_v7(clock, random));
    std::vector<store::NewTrace> traces;
    traces.push_back(new_trace(agent->key, sample_trace(8, i), ids.back()));
    std::promise<bool> done;
    const Status queued = store.append(
        std::move(traces), [&done](const auto& outcome) { done.set_value(outcome.has_value()); });
    if (!queued || !done.get_future().get()) {
      die("an append failed");
    }
  });
  print("commit one trace, durable", commit, "append 4 KiB + fdatasync", disk);
  const Figure fetch = measure(2'000, [&](std::size_t i) {
    if (!store.find_trace(agent->key, ids[i % ids.size()])) {
      die("a trace is missing");
    }
  });
  print("read one trace from the store", fetch, "commit one trace", commit);
}

void bench_http(std::uint16_t port,
                const std::string& agent,
                const std::string& secret,
                Figure disk) {
  Loopback connection(port);
  const std::string headers = fmt::format(
      "Host: 127.0.0.1:{}\r\nx-agent-id: {}\r\nx-agent-key: {}\r\n", port, agent, secret);
  const Figure health = measure(2'000, [&](std::size_t) {
    (void)connection.exchange("GET /healthz HTTP/1.1\r\n" + headers + "\r\n", 200);
  });
  std::vector<std::string> ids;
  const Figure post = measure(500, [&](std::size_t i) {
    const std::string body = sample_trace(8, i);
    const std::string answer = connection.exchange(
        fmt::format("POST /api/v1/agents/{}/trace HTTP/1.1\r\n{}Content-Type: application/json\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    agent,
                    headers,
                    body.size(),
                    body),
        201);
    ids.push_back(nlohmann::json::parse(answer).at("traceId"));
  });
  print("POST one trace, until 201", post, "append 4 KiB + fdatasync", disk);
  for (const std::string& id : ids) {  // until each is interpreted
    (void)connection.exchange(
        fmt::format("GET /api/v1/agents/{}/interpreted-result/{}?wait=30 HTTP/1.1\r\n{}\r\n",
                    agent,
                    id,
                    headers),
        200);
  }
  const Figure fetch = measure(2'000, [&](std::size_t i) {
    (void)connection.exchange(
        fmt::format("GET /api/v1/agents/{}/interpreted-result/{} HTTP/1.1\r\n{}\r\n",
                    agent,
                    ids[i % ids.size()],
                    headers),
        200);
  });
  print("GET one interpretation", fetch, "GET /healthz", health);
}

int run(int argc, char** argv) {
  if (argc != 2 && argc != 5) {
    fmt::print(stderr, "usage: infinium_bench FOLDER [PORT AGENT_ID AGENT_SECRET]\n");
    return 2;
  }
  bench_parse(sample_trace(8, 0));
  bench_interpret(8);
  bench_interpret(50);
  const Figure disk = bench_disk(argv[1]);
  bench_store(argv[1], disk);
  if (argc == 5) {
    bench_http(static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3], argv[4], disk);
  }
  return 0;
}

}  // namespace
}  // namespace infinium::bench

int main(int argc, char** argv) { return infinium::bench::run(argc, argv); }
