#include "maestro/behavior.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "infinium/company.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPathMax = 200;

/// The error record of a step, if it has one.
const ErrorDetail* error_of(const ExecutionStep& step) {
  if (step.error) {
    return &*step.error;
  }
  return step.tool_call && step.tool_call->error ? &*step.tool_call->error : nullptr;
}

void count_errors(const TraceView& view, Behavior& behavior) {
  const auto& sent = view.trace().steps;
  std::map<std::string_view, std::size_t> last_good;
  for (const StepView& step : view.steps()) {
    if (!step.failed && !step.tool.empty()) {
      last_good[step.tool] = step.index;
    }
  }
  std::map<std::string_view, bool> failing;
  std::vector<std::string_view> messages;
  for (const StepView& step : view.steps()) {
    const ErrorDetail* const error = error_of(sent[step.index]);
    if (!step.tool.empty()) {
      behavior.retries += failing[step.tool] ? 1 : 0;
      failing[step.tool] = step.failed;
    }
    if (error != nullptr) {
      behavior.retries += std::max<std::int64_t>(0, error->retry_count);
      messages.push_back(error->message);
    }
    if (!step.failed && error == nullptr) {
      continue;
    }
    ++behavior.errors;
    const auto good = step.tool.empty() ? last_good.end() : last_good.find(step.tool);
    const bool later = good != last_good.end() && good->second > step.index;
    behavior.recovered_errors += later || (error != nullptr && error->recoverable) ? 1 : 0;
  }
  std::sort(messages.begin(), messages.end());
  for (const ErrorDetail& error : view.trace().errors) {
    if (!std::binary_search(messages.begin(), messages.end(), std::string_view(error.message))) {
      ++behavior.errors;
      behavior.recovered_errors += error.recoverable ? 1 : 0;
    }
  }
}

void count_tokens(const TraceView& view, Behavior& behavior) {
  const auto& usage = view.trace().llm_usage;
  if (usage && (usage->prompt_tokens || usage->completion_tokens)) {
    behavior.prompt_tokens = usage->prompt_tokens.value_or(0);
    behavior.completion_tokens = usage->completion_tokens.value_or(0);
  } else {
    for (const ExecutionStep& step : view.trace().steps) {
      if (step.llm_call) {
        behavior.prompt_tokens += step.llm_call->prompt_tokens.value_or(0);
        behavior.completion_tokens += step.llm_call->completion_tokens.value_or(0);
      }
    }
  }
  behavior.cost_usd = usage ? usage->estimated_cost_usd.value_or(0) : 0;
}

}  // namespace

Behavior describe_behavior(const TraceView& view) {
  Behavior behavior;
  std::set<std::string_view> tools;
  const auto& sent = view.trace().steps;
  behavior.step_count = static_cast<std::int64_t>(sent.size());
  for (const StepView& step : view.steps()) {
    behavior.tool_calls += step.kind == StepKind::tool ? 1 : 0;
    behavior.llm_calls += step.kind == StepKind::llm || sent[step.index].llm_call ? 1 : 0;
    behavior.busy_ms += std::max<std::int64_t>(0, step.duration_ms);
    if (!step.tool.empty()) {
      tools.insert(step.tool);
    }
    std::string name = step.tool.empty() ? path_name(sent[step.index]) : step.tool;
    const bool repeated = !behavior.path.empty() && behavior.path.back() == name;
    if (!repeated && behavior.path.size() < kPathMax) {
      behavior.path.push_back(std::move(name));
    }
  }
  behavior.distinct_tools = static_cast<std::int64_t>(tools.size());
  count_errors(view, behavior);
  count_tokens(view, behavior);
  return behavior;
}

}  // namespace infinium::maestro
