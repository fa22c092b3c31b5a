#include "server/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

namespace infinium::server {
namespace {

std::string value_of(const std::string& text, const std::string& series) {
  const std::size_t at = text.find('\n' + series + ' ');
  const std::size_t begin = at + series.size() + 2;
  return at == std::string::npos ? "absent" : text.substr(begin, text.find('\n', begin) - begin);
}

/// The names are a promise to dashboards and alerts: a change here is a change for users.
TEST(Metrics, NamesAreThese) {
  const std::set<std::string> expected{"infinium_http_body_bytes_total",
                                       "infinium_http_connections",
                                       "infinium_http_request_seconds",
                                       "infinium_http_requests_in_flight",
                                       "infinium_http_requests_total",
                                       "infinium_maestro_failed_total",
                                       "infinium_maestro_interpreted_total",
                                       "infinium_maestro_seconds_total",
                                       "infinium_sign_in_failures_total",
                                       "infinium_store_commit_seconds_total",
                                       "infinium_store_commits_total",
                                       "infinium_store_pending",
                                       "infinium_store_queued",
                                       "infinium_store_queued_bytes",
                                       "infinium_store_traces",
                                       "infinium_traces_conflicting_total",
                                       "infinium_traces_refused_total",
                                       "infinium_traces_repeated_total",
                                       "infinium_traces_stored_total"};
  std::set<std::string> names;
  std::istringstream lines(Metrics().render({}, {}));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      names.insert(line.substr(7, line.find(' ', 7) - 7));
    }
  }
  EXPECT_EQ(names, expected);
}

TEST(Metrics, CountsByRouteStatusAndDuration) {
  Metrics metrics;
  metrics.record(Route::post_trace, 201, 0.002);
  metrics.record(Route::post_trace, 201, 0.2);
  metrics.record(Route::post_trace, 599, 60);
  const std::string text = metrics.render({.traces = 7}, {.interpreted = 5});
  EXPECT_EQ(value_of(text, R"(infinium_http_requests_total{route="post_trace",status="201"})"),
            "2");
  EXPECT_EQ(value_of(text, R"(infinium_http_requests_total{route="post_trace",status="500"})"),
            "1");
  const std::string bucket = R"(infinium_http_request_seconds_bucket{route="post_trace",le=")";
  EXPECT_EQ(value_of(text, bucket + R"(0.001"})"), "0");
  EXPECT_EQ(value_of(text, bucket + R"(0.005"})"), "1");
  EXPECT_EQ(value_of(text, bucket + R"(0.5"})"), "2");
  EXPECT_EQ(value_of(text, bucket + R"(+Inf"})"), "3");
  EXPECT_EQ(value_of(text, "infinium_store_traces"), "7");
  EXPECT_EQ(value_of(text, "infinium_maestro_interpreted_total"), "5");
}

}  // namespace
}  // namespace infinium::server
