// Interprets the payloads of a file again and again: how long it takes, and whether each run gives
// the same bytes.
//
//   infinium_maestro_runs FILE.jsonl RUNS THREADS      prints one JSON object a line
//
// For each payload {"line","bytes","p50_ms","p99_ms","cpu_ms"} (wall-clock time; the median of the
// processor's time, which a busy machine does not change much), then {"digest","equal","traces",
// "runs","threads"}: the SHA-256 of the results in the order of the file, and whether all runs of
// all threads gave these bytes.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "base/limits.h"
#include "codec/interpretation_json.h"
#include "codec/trace_json.h"
#include "infinium/maestro.h"

namespace infinium::bench {
namespace {

struct Payload {
  TaskData trace;
  std::size_t bytes = 0;
};

[[noreturn]] void die(std::string_view why) {
  fmt::print(stderr, "maestro_runs: {}\n", why);
  std::exit(2);
}

std::vector<Payload> read_payloads(const char* file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<Payload> payloads;
  for (std::string line; std::getline(in, line);) {
    auto parsed = codec::parse_trace(line, {.bytes_max = limits::kLongPayloadBytesMax});
    if (!parsed) {
      die(fmt::format("line {}: {}", payloads.size() + 1, parsed.error().message));
    }
    payloads.push_back({std::move(parsed->trace), line.size()});
  }
  if (payloads.empty()) {
    die("there is no payload to interpret");
  }
  return payloads;
}

/// What one thread saw.
struct Seen {
  std::vector<std::string> digests;        ///< of each run
  std::vector<std::vector<double>> times;  ///< of each payload, in milliseconds
  std::vector<std::vector<double>> cpu;    ///< the same of this thread's processor
};

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Seen interpret_all(const std::vector<Payload>& payloads, std::size_t runs) {
  Seen seen;
  seen.times.resize(payloads.size());
  seen.cpu.resize(payloads.size());
  for (std::size_t run = 0; run < runs; ++run) {
    std::string all;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      const double cpu_start = cpu_ms();
      const Interpretation result = maestro::interpret(payloads[i].trace);
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      seen.cpu[i].push_back(cpu_ms() - cpu_start);
      seen.times[i].push_back(took.count());
      all += codec::encode_interpretation(result);
    }
    const Sha256 hash = sha256(all);
    seen.digests.push_back(to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()}));
  }
  return seen;
}

/// The times of one payload over all threads, the shortest first.
std::vector<double> sorted_times(const std::vector<Seen>& seen,
                                 std::vector<std::vector<double>> Seen::* which,
                                 std::size_t payload) {
  std::vector<double> times;
  for (const Seen& one : seen) {
    times.insert(times.end(), (one.*which)[payload].begin(), (one.*which)[payload].end());
  }
  std::sort(times.begin(), times.end());
  return times;
}

void print_times(const std::vector<Payload>& payloads, const std::vector<Seen>& seen) {
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const std::vector<double> times = sorted_times(seen, &Seen::times, i);
    const std::vector<double> cpu = sorted_times(seen, &Seen::cpu, i);
    fmt::print(R"({{"line":{},"bytes":{},"p50_ms":{:.3f},"p99_ms":{:.3f},"cpu_ms":{:.3f}}})"
               "\n",
               i + 1,
               payloads[i].bytes,
               times[times.size() / 2],
               times[times.size() * 99 / 100],
               cpu[cpu.size() / 2]);
  }
}

int run(int argc, char** argv) {
  if (argc != 4 || std::atoi(argv[2]) < 1 || std::atoi(argv[3]) < 1) {
    fmt::print(stderr, "usage: infinium_maestro_runs FILE.jsonl RUNS THREADS\n");
    return 2;
  }
  const std::vector<Payload> payloads = read_payloads(argv[1]);
  const auto runs = static_cast<std::size_t>(std::atoi(argv[2]));
  std::vector<Seen> seen(static_cast<std::size_t>(std::atoi(argv[3])));
  std::vector<std::thread> threads;
  for (Seen& slot : seen) {
    threads.emplace_back([&] { slot = interpret_all(payloads, runs); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  print_times(payloads, seen);
  const std::string& digest = seen.front().digests.front();
  const bool equal = std::all_of(seen.begin(), seen.end(), [&digest](const Seen& one) {
    return std::all_of(one.digests.begin(), one.digests.end(), [&digest](const std::string& other) {
      return other == digest;
    });
  });
  fmt::print(R"({{"digest":"{}","equal":{},"traces":{},"runs":{},"threads":{}}})"
             "\n",
             digest,
             equal,
             payloads.size(),
             runs,
             seen.size());
  return 0;
}

}  // namespace
}  // namespace infinium::bench

int main(int argc, char** argv) { return infinium::bench::run(argc, argv); }
