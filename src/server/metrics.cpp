#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace infinium::server {
namespace {

void append_header(std::string& out,
                   std::string_view name,
                   std::string_view type,
                   std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

template <class Number>
void append_single(std::string& out,
                   std::string_view name,
                   std::string_view type,
                   std::string_view help,
                   Number value) {
  append_header(out, name, type, help);
  fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
}

std::uint64_t difference(const Metrics::Counter& more, const Metrics::Counter& less) {
  const std::uint64_t ended = less.load();
  const std::uint64_t begun = more.load();
  return begun - std::min(begun, ended);
}

}  // namespace

void Metrics::record(Route route, int status, double seconds) {
  PerRoute& counters = routes_[static_cast<std::size_t>(route)];
  const auto* known = std::find(kStatuses.begin(), kStatuses.end(), status);
  if (known == kStatuses.end()) {
    known = std::find(kStatuses.begin(), kStatuses.end(), 500);
  }
  const auto* bucket = std::lower_bound(kBucketSeconds.begin(), kBucketSeconds.end(), seconds);
  counters.by_status[static_cast<std::size_t>(known - kStatuses.begin())].fetch_add(1);
  counters.by_duration[static_cast<std::size_t>(bucket - kBucketSeconds.begin())].fetch_add(1);
  counters.microseconds.fetch_add(static_cast<std::uint64_t>(seconds * 1e6));
}

void Metrics::render_requests(std::string& out) const {
  constexpr std::string_view kName = "infinium_http_requests_total";
  append_header(out, kName, "counter", "Requests answered, by route and status.");
  for (std::size_t route = 0; route < kRouteCount; ++route) {
    for (std::size_t i = 0; i < kStatuses.size(); ++i) {
      const std::uint64_t n = routes_[route].by_status[i].load();
      if (n > 0) {
        fmt::format_to(std::back_inserter(out),
                       "{}{{route=\"{}\",status=\"{}\"}} {}\n",
                       kName,
                       to_string(static_cast<Route>(route)),
                       kStatuses[i],
                       n);
      }
    }
  }
}

void Metrics::render_durations(std::string& out) const {
  constexpr std::string_view kName = "infinium_http_request_seconds";
  append_header(out, kName, "histogram", "From the first byte of a request to its answer.");
  auto sink = std::back_inserter(out);
  for (std::size_t route = 0; route < kRouteCount; ++route) {
    const std::string_view label = to_string(static_cast<Route>(route));
    const PerRoute& counters = routes_[route];
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counters.by_duration.size(); ++i) {
      sum += counters.by_duration[i].load();
      const std::string le =
          i < kBucketSeconds.size() ? fmt::format("{}", kBucketSeconds[i]) : "+Inf";
      fmt::format_to(sink, "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", kName, label, le, sum);
    }
    const double seconds = static_cast<double>(counters.microseconds.load()) / 1e6;
    fmt::format_to(sink, "{}_sum{{route=\"{}\"}} {}\n", kName, label, seconds);
    fmt::format_to(sink, "{}_count{{route=\"{}\"}} {}\n", kName, label, sum);
  }
}

std::string Metrics::render(const store::StoreStats& store, const pipeline::Stats& pipeline) const {
  std::string out;
  const auto counter = [&out](std::string_view name, std::string_view help, auto value) {
    append_single(out, name, "counter", help, value);
  };
  const auto gauge = [&out](std::string_view name, std::string_view help, auto value) {
    append_single(out, name, "gauge", help, value);
  };
  render_requests(out);
  render_durations(out);
  gauge("infinium_http_connections",
        "Connections that are open.",
        difference(connections_opened, connections_closed));
  gauge("infinium_http_requests_in_flight",
        "Requests that are being read or answered.",
        difference(requests_begun, requests_ended));
  counter("infinium_http_body_bytes_total",
          "Bytes of request bodies, as received.",
          body_bytes_received.load());
  counter("infinium_sign_in_failures_total",
          "Requests with a credential that does not hold.",
          sign_in_failures.load());
  counter("infinium_traces_stored_total", "Traces acknowledged as durable.", traces_stored.load());
  counter("infinium_traces_repeated_total",
          "Traces that were there already, by their idempotency key.",
          traces_repeated.load());
  counter("infinium_traces_conflicting_total",
          "Traces whose idempotency key belongs to another body.",
          traces_in_conflict.load());
  counter("infinium_traces_refused_total",
          "Traces that break the protocol or a rate limit.",
          traces_refused.load());
  gauge("infinium_store_traces", "Traces in the store.", store.traces);
  gauge("infinium_store_pending", "Traces that wait for Maestro.", store.pending);
  gauge("infinium_store_queued", "Traces that wait for the writer.", store.queued);
  gauge("infinium_store_queued_bytes", "Bytes that wait for the writer.", store.queued_bytes);
  counter("infinium_store_commits_total", "Transactions committed.", store.commits);
  counter(
      "infinium_store_commit_seconds_total", "Time spent in commits.", store.commit_seconds_sum);
  counter("infinium_maestro_interpreted_total", "Traces interpreted.", pipeline.interpreted);
  counter("infinium_maestro_failed_total", "Traces given up by Maestro.", pipeline.failed);
  counter("infinium_maestro_seconds_total",
          "Time spent in interpretations.",
          pipeline.interpret_seconds_sum);
  return out;
}

}  // namespace infinium::server
