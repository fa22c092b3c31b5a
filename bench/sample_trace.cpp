#include "sample_trace.h"

#include "codec/trace_json.h"

namespace infinium::bench {
namespace {

ExecutionStep sample_step(std::size_t i, const std::string& order) {
  ExecutionStep step;
  step.step_number = static_cast<std::int64_t>(i + 1);
  step.action = "tool_use";
  step.description = "Look up item " + std::to_string(i) + " of order " + order;
  step.duration_ms = static_cast<std::int64_t>(20 + i * 7);
  step.input_preview =
      R"({"order": ")" + order + R"(", "item": )" + std::to_string(i) + R"(, "fields": ["price"]})";
  step.output_preview = R"({"order": ")" + order + R"(", "item": )" + std::to_string(i) +
                        R"(, "price_cents": )" + std::to_string(1990 + i * 301) +
                        R"(, "currency": "EUR", "warehouse": "Rotterdam", "stock": 41})";
  step.tool_call = ToolCall{.tool_name = "find_item",
                            .duration_ms = 18,
                            .input_summary = step.input_preview,
                            .output_summary = step.output_preview,
                            .http_status = 200};
  return step;
}

}  // namespace

std::string sample_trace(std::size_t steps, std::size_t number) {
  const std::string order = "A-" + std::to_string(10'000 + number);
  TaskData trace;
  trace.name = "Price order " + order;
  trace.description = "An order agent priced every item of order " + order + ".";
  trace.current_datetime = "2026-11-02T09:30:00Z";
  trace.duration = 1.25;
  trace.input_summary = "Please price order " + order + " and send the list.";
  trace.output_summary = "Order " + order + " is priced; all items are in stock in Rotterdam.";
  trace.expected_outcome = ExpectedOutcome{.task_objective = "Price order " + order,
                                           .constraints = {"At most 60 calls of `find_item`"}};
  for (std::size_t i = 0; i < steps; ++i) {
    trace.steps.push_back(sample_step(i, order));
  }
  return codec::encode_trace(trace);
}

}  // namespace infinium::bench
