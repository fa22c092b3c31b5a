#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "codec/interpretation_json.h"
#include "golden_case.h"
#include "infinium/company.h"
#include "infinium/maestro.h"

namespace infinium::golden {
namespace {

TaskData any_trace() {
  static const std::vector<TaskData> traces = [] {
    std::vector<TaskData> all;
    for (const Case& golden : all_cases()) {
      all.push_back(read_trace(golden));
    }
    return all;
  }();
  return traces[*rc::gen::inRange<std::size_t>(0, traces.size())];
}

std::string bytes_of(const TaskData& trace) {
  return codec::encode_interpretation(maestro::interpret(trace));
}

RC_GTEST_PROP(Property, UnknownKeysAndTheirOrderChangeNothing, ()) {
  TaskData trace = any_trace();
  const std::string before = bytes_of(trace);
  trace.extra.push_back({"zeta", Json(1)});
  trace.extra.push_back({"alpha", Json("two")});
  const std::string with = bytes_of(trace);
  std::reverse(trace.extra.begin(), trace.extra.end());
  RC_ASSERT(bytes_of(trace) == with);
  RC_ASSERT(with == before);
}

/// One more thing that went wrong: a failed call somewhere in the run, or an error of the whole
/// run.
RC_GTEST_PROP(Property, AnErrorNeverRaisesTheScore, ()) {
  TaskData trace = any_trace();
  const double before = maestro::interpret(trace).score;
  const ErrorDetail error{.error_type = "TimeoutError",
                          .message = "the service did not answer",
                          .recoverable = *rc::gen::arbitrary<bool>(),
                          .retry_count = *rc::gen::inRange<std::int64_t>(0, 3),
                          .stack_trace = {},
                          .error_code = {},
                          .extra = {}};
  if (*rc::gen::arbitrary<bool>()) {
    ExecutionStep step;
    step.action = "tool_use";
    step.description = "Ask the audit service";
    step.tool_call = ToolCall{};
    step.tool_call->tool_name = "audit_service";
    step.error = error;
    const auto place = *rc::gen::inRange<std::size_t>(0, trace.steps.size() + 1);
    trace.steps.insert(trace.steps.begin() + static_cast<std::ptrdiff_t>(place), step);
  } else {
    trace.errors.push_back(error);
  }
  RC_ASSERT(maestro::interpret(trace).score <= before);
}

RC_GTEST_PROP(Property, ThePartsSumToTheScore, ()) {
  const Interpretation result = maestro::interpret(any_trace());
  double sum = 0;
  for (const ScorePart& part : result.score_parts) {
    RC_ASSERT(part.points >= 0);
    RC_ASSERT(!part.because.empty());
    sum += part.points;
  }
  RC_ASSERT(sum == result.score);
  RC_ASSERT(result.score <= 100);
  RC_ASSERT(result.undetermined.has_value() == (result.verdict == Verdict::undetermined));
}

RC_GTEST_PROP(Property, FindingsWasteNoMoreThanTheRunTook, ()) {
  const TaskData trace = any_trace();
  const Interpretation result = maestro::interpret(trace);
  std::set<std::int64_t> charged;
  Waste all;
  for (const Finding& finding : result.findings) {
    for (const std::int64_t step : finding.wasted.step_indices) {
      RC_ASSERT(charged.insert(step).second);
    }
    all.ms += finding.wasted.ms;
    all.cost_usd += finding.wasted.cost_usd;
  }
  RC_ASSERT(all.ms <= result.behavior.busy_ms);
  RC_ASSERT(all.cost_usd <= result.behavior.cost_usd + 1e-9);
}

RC_GTEST_PROP(Property, NoTruncatedOrGarbledTraceMakesItThrow, ()) {
  TaskData trace = any_trace();
  const auto garble = [](Text& text) {
    if (text && !text->empty()) {
      text->resize(*rc::gen::inRange<std::size_t>(0, text->size()));
      *text += *rc::gen::arbitrary<std::string>();
    }
  };
  garble(trace.output_summary);
  garble(trace.input_summary);
  for (ExecutionStep& step : trace.steps) {
    garble(step.input_preview);
    garble(step.output_preview);
  }
  RC_ASSERT(!maestro::interpret(trace).summary.empty());
}

RC_GTEST_PROP(Property, ACompanyForgetsWhatIsTakenOut, ()) {
  const TaskData one = any_trace();
  const TaskData two = any_trace();
  maestro::Company both;
  both.add(one);
  const std::string before = both.digest();
  both.add(two);
  both.subtract(two);
  RC_ASSERT(both.digest() == before);
  maestro::Company left;
  left.add(one);
  maestro::Company right;
  right.add(two);
  left.merge(right);
  both.add(two);
  RC_ASSERT(left == both);
}

TEST(Baseline, IsSilentInASmallCompanyAndSpeaksInALargeOne) {
  TaskData usual;
  usual.name = "nightly export";
  usual.description = "Exports the orders of a day.";
  usual.duration = 2.0;
  usual.steps = {ExecutionStep{}, ExecutionStep{}};
  usual.steps[0].action = "read";
  usual.steps[1].action = "write";
  TaskData slow = usual;
  slow.duration = 60.0;
  const auto duration_of = [&](const maestro::Company& company) {
    return maestro::interpret(slow, company).baseline.metrics.at(0);
  };
  maestro::Company company;
  for (int i = 0; i < 10; ++i) {
    company.add(usual);
  }
  EXPECT_FALSE(duration_of(company).anomalous);
  for (int i = 0; i < 10; ++i) {
    company.add(usual);
  }
  EXPECT_TRUE(duration_of(company).anomalous);
  EXPECT_EQ(duration_of(company).percentile, 1.0);
  EXPECT_EQ(maestro::interpret(usual, company).baseline.path_surprise, 0.0);
  std::swap(slow.steps[0], slow.steps[1]);
  EXPECT_GT(maestro::interpret(slow, company).baseline.path_surprise, 0.5);
}

}  // namespace
}  // namespace infinium::golden
