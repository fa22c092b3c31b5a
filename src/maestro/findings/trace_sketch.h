#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "infinium/types.h"

namespace infinium::maestro {

/// A trace written down in a few lines, for tests.
class TraceSketch {
 public:
  explicit TraceSketch(std::string request) {
    trace_.name = "task";
    trace_.description = "An agent at work.";
    trace_.current_datetime = "2026-11-02T09:00:00Z";
    trace_.duration = 10;
    if (!request.empty()) {
      trace_.input_summary = std::move(request);
    }
  }

  TraceSketch& objective(std::string text) {
    trace_.expected_outcome.emplace().task_objective = std::move(text);
    return *this;
  }

  /// A tool call as most senders record it: in tool_call alone.
  TraceSketch& tool(std::string name, std::string input, std::string result) {
    ExecutionStep& step = add("tool_use");
    ToolCall& call = step.tool_call.emplace();
    call.tool_name = std::move(name);
    call.input_summary = std::move(input);
    call.output_summary = std::move(result);
    return *this;
  }

  /// The same in the previews, without tool_call.
  TraceSketch& action(std::string name, std::string input, std::string result) {
    ExecutionStep& step = add(std::move(name));
    step.input_preview = std::move(input);
    step.output_preview = std::move(result);
    return *this;
  }

  TraceSketch& failing_tool(std::string name, std::string input, std::string message) {
    tool(std::move(name), std::move(input), {});
    ExecutionStep& step = trace_.steps.back();
    step.tool_call->output_summary.reset();
    ErrorDetail& error = step.tool_call->error.emplace();
    error.error_type = "ToolError";
    error.message = std::move(message);
    return *this;
  }

  TraceSketch& user(std::string text) {
    add("user_message").output_preview = std::move(text);
    return *this;
  }

  TraceSketch& llm(std::string prompt, std::string answer) {
    ExecutionStep& step = add("llm_inference");
    step.input_preview = std::move(prompt);
    step.output_preview = std::move(answer);
    return *this;
  }

  TraceSketch& output(std::string text) {
    trace_.output_summary = std::move(text);
    return *this;
  }

  ExecutionStep& last() { return trace_.steps.back(); }
  TaskData& trace() { return trace_; }

 private:
  ExecutionStep& add(std::string action) {
    ExecutionStep step;
    step.step_number = static_cast<std::int64_t>(trace_.steps.size()) + 1;
    step.action = std::move(action);
    trace_.steps.push_back(std::move(step));
    return trace_.steps.back();
  }

  TaskData trace_;
};

}  // namespace infinium::maestro
