#include "maestro/baseline.h"

#include <array>
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
  for (const Named& named : kMetrics) {
    const std::int64_t value = value_of(trace, named.metric);
    const Histogram& histogram = company.histogram(named.metric);
    BaselineMetric metric;
    metric.name = named.name;
    metric.value = static_cast<double>(value) / named.units;
    metric.percentile = histogram.percentile_of(value);
    const double high = static_cast<double>(histogram.value_at(0.99));
    metric.anomalous = baseline.sample_size >= kSampleMin &&
                       static_cast<double>(value) > high * kMargin && value > 1;
    baseline.metrics.push_back(std::move(metric));
  }
  baseline.path_surprise = path_surprise(company, trace);
  return baseline;
}

}  // namespace infinium::maestro
