#include "maestro/baseline.h"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace infinium::maestro {
namespace {

constexpr std::int64_t kSampleMin = 20;
constexpr double kMargin = 1.25;

struct Named {
  Metric metric;
  std::string_view name;
  double units;  ///< counted units in one shown unit
};

constexpr auto kMetrics = std::to_array<Named>({{Metric::duration, "duration", 1000},
                                                {Metric::steps, "steps", 1},
                                                {Metric::tool_calls, "tool_calls", 1},
                                                {Metric::errors, "errors", 1},
                                                {Metric::tokens, "tokens", 1},
                                                {Metric::cost, "cost_usd", 1e6}});

/// Where a bucket's values lie.
double mean_of(const Histogram& histogram) {
  double sum = 0;
  for (const auto& [bucket, count] : histogram.buckets()) {
    sum += static_cast<double>(Histogram::upper_end(bucket)) * static_cast<double>(count);
  }
  return histogram.total() > 0 ? sum / static_cast<double>(histogram.total()) : 0;
}

/// How often a recent value is above one of `past`, ties as half. Both are sorted by bucket.
double shift_of(const Histogram& recent, const Histogram& past) {
  double above = 0;
  double below = 0;
  auto at = past.buckets().begin();
  const auto end = past.buckets().end();
  for (const auto& [bucket, count] : recent.buckets()) {
    for (; at != end && at->first < bucket; ++at) {
      below += static_cast<double>(at->second);
    }
    const double tied = at != end && at->first == bucket ? static_cast<double>(at->second) : 0;
    above += static_cast<double>(count) * (below + tied / 2);
  }
  return above / (static_cast<double>(recent.total()) * static_cast<double>(past.total()));
}

std::optional<MetricDrift> drift_of(const VersionRuns& runs, const Named& named) {
  constexpr std::int64_t kRecentMin = 16;
  constexpr std::int64_t kPastMin = 32;
  constexpr double kShiftMin = 0.2;  // four deviations of what chance gives
  constexpr double kChangeMin = 0.2;
  constexpr double kSmallest = 0.2;  // of what is mostly 0: a fifth of an error a run
  const auto metric = static_cast<std::size_t>(named.metric);
  Histogram recent;
  for (const LatestRun& run : runs.latest) {
    if (run.order == 0) {
      return std::nullopt;  // nobody says which came last
    }
    recent.add(run.values[metric]);
  }
  if (recent.total() < kRecentMin || runs.count - recent.total() < kPastMin) {
    return std::nullopt;
  }
  Histogram past = runs.histograms[metric];
  past.merge(recent, -1);
  const bool medians = recent.value_at(0.5) > 0 || past.value_at(0.5) > 0;
  const auto typical = [medians](const Histogram& values) {
    return medians ? static_cast<double>(values.value_at(0.5)) : mean_of(values);
  };
  MetricDrift drift;
  drift.recent = typical(recent);
  drift.past = typical(past);
  drift.shift = shift_of(recent, past);
  const double change = std::abs(drift.recent - drift.past);
  drift.drifting = std::abs(drift.shift - 0.5) >= kShiftMin && change >= kChangeMin * drift.past &&
                   change >= kSmallest;
  drift.recent /= named.units;
  drift.past /= named.units;
  return drift;
}

double path_surprise(const Company& company, const TaskData& trace) {
  double surprise = 0;
  std::string from;
  for (const ExecutionStep& step : trace.steps) {
    const std::string to = path_name(step);
    surprise += 1 - company.frequency(from, to);
    from = to;
  }
  surprise += 1 - company.frequency(from, {});
  return surprise / static_cast<double>(trace.steps.size() + 1);
}

}  // namespace

Baseline compare_with(const Company& company, const TaskData& trace, const Sibling& run) {
  Baseline baseline;
  baseline.sample_size = company.sample_size();
  if (baseline.sample_size <= 0) {
    return baseline;
  }
  baseline.digest = company.digest();
  if (!company.as_of().empty()) {
    baseline.as_of = company.as_of();
  }
  for (const Sibling& sibling : company.siblings_of(run)) {
    if (!sibling.trace_id.empty()) {
      baseline.siblings.push_back(sibling.trace_id);
    }
  }
  const VersionRuns* runs = company.runs_with(prompt_version_of(trace));
  for (const Named& named : kMetrics) {
    const std::int64_t value = value_of(trace, named.metric);
    const Histogram& histogram = company.histogram(named.metric);
    BaselineMetric metric;
    metric.name = named.name;
    metric.value = static_cast<double>(value) / named.units;
    metric.percentile = histogram.percentile_of(value);
    const double high = static_cast<double>(histogram.value_at(0.99));
    if (runs != nullptr) {
      metric.drift = drift_of(*runs, named);
    }
    metric.anomalous = baseline.sample_size >= kSampleMin &&
                       static_cast<double>(value) > high * kMargin && value > 1;
    baseline.metrics.push_back(std::move(metric));
  }
  baseline.path_surprise = path_surprise(company, trace);
  return baseline;
}

}  // namespace infinium::maestro
