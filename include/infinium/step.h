#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "infinium/field.h"

/// What happens inside a trace: steps, calls, errors, token use.
namespace infinium {

/// A factual error record.
struct ErrorDetail {
  std::string error_type;        ///< exception class name
  std::string message;           ///< error message
  bool recoverable = false;      ///< whether the agent did recover
  std::int64_t retry_count = 0;  ///< retries attempted
  Text stack_trace;              ///< full stack trace
  Text error_code;               ///< application error code
  Json::Object extra;

  bool operator==(const ErrorDetail&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("error_type", &ErrorDetail::error_type, kRequired);
    v("message", &ErrorDetail::message, kRequired);
    v("recoverable", &ErrorDetail::recoverable, kOptional);
    v("retry_count", &ErrorDetail::retry_count, kOptional);
    v("stack_trace", &ErrorDetail::stack_trace, kOptional);
    v("error_code", &ErrorDetail::error_code, kOptional);
  }
};

/// A tool or API invocation.
struct ToolCall {
  std::string tool_name;
  Int duration_ms;      ///< milliseconds
  Text input_summary;   ///< summary of the input
  Text output_summary;  ///< summary of the output
  std::optional<ErrorDetail> error;
  Int http_status;
  Json::Object extra;

  bool operator==(const ToolCall&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("tool_name", &ToolCall::tool_name, kRequired);
    v("duration_ms", &ToolCall::duration_ms, kOptional);
    v("input_summary", &ToolCall::input_summary, kOptional);
    v("output_summary", &ToolCall::output_summary, kOptional);
    v("error", &ToolCall::error, kOptional);
    v("http_status", &ToolCall::http_status, kOptional);
  }
};

/// A single LLM invocation.
struct LlmCall {
  std::string model;
  Text provider;  ///< openai, anthropic, google, xai, …
  Int prompt_tokens;
  Int completion_tokens;
  Int latency_ms;  ///< milliseconds
  Real temperature;
  Text purpose;              ///< what this call was for
  Int cached_prompt_tokens;  ///< part of prompt_tokens served from a cache
  Int reasoning_tokens;      ///< part of completion_tokens spent on reasoning
  Json::Object extra;

  bool operator==(const LlmCall&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("model", &LlmCall::model, kRequired);
    v("provider", &LlmCall::provider, kOptional);
    v("prompt_tokens", &LlmCall::prompt_tokens, kOptional);
    v("completion_tokens", &LlmCall::completion_tokens, kOptional);
    v("latency_ms", &LlmCall::latency_ms, kOptional);
    v("temperature", &LlmCall::temperature, kOptional);
    v("purpose", &LlmCall::purpose, kOptional);
    v("cached_prompt_tokens", &LlmCall::cached_prompt_tokens, kOptional);
    v("reasoning_tokens", &LlmCall::reasoning_tokens, kOptional);
  }
};

/// Aggregate token and cost statistics across the entire trace.
struct LlmUsage {
  Text model;
  Text provider;
  Int prompt_tokens;
  Int completion_tokens;
  Int total_tokens;         ///< prompt + completion
  Real estimated_cost_usd;  ///< US dollars
  Int api_calls_count;
  Int total_latency_ms;  ///< sum of all call latencies, milliseconds
  std::vector<LlmCall> calls;
  Int cached_prompt_tokens;
  Int reasoning_tokens;
  Json::Object extra;

  bool operator==(const LlmUsage&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("model", &LlmUsage::model, kOptional);
    v("provider", &LlmUsage::provider, kOptional);
    v("prompt_tokens", &LlmUsage::prompt_tokens, kOptional);
    v("completion_tokens", &LlmUsage::completion_tokens, kOptional);
    v("total_tokens", &LlmUsage::total_tokens, kOptional);
    v("estimated_cost_usd", &LlmUsage::estimated_cost_usd, kOptional);
    v("api_calls_count", &LlmUsage::api_calls_count, kOptional);
    v("total_latency_ms", &LlmUsage::total_latency_ms, kOptional);
    v("calls", &LlmUsage::calls, kOptional);
    v("cached_prompt_tokens", &LlmUsage::cached_prompt_tokens, kOptional);
    v("reasoning_tokens", &LlmUsage::reasoning_tokens, kOptional);
  }
};

/// One thing the agent did.
struct ExecutionStep {
  std::int64_t step_number = 0;  ///< as sent; numbers may repeat or have gaps
  std::string action;            ///< "llm_inference", "tool_use", "decision", …
  std::string description;
  Int duration_ms;      ///< milliseconds
  Text input_preview;   ///< meant to be at most 500 characters; longer ones are accepted
  Text output_preview;  ///< meant to be at most 500 characters; longer ones are accepted
  std::optional<ErrorDetail> error;
  std::optional<ToolCall> tool_call;
  std::optional<LlmCall> llm_call;
  AnyJson metadata;  ///< an object; may hold full_input / full_output
  Json::Object extra;

  bool operator==(const ExecutionStep&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("step_number", &ExecutionStep::step_number, kRequired);
    v("action", &ExecutionStep::action, kRequired);
    v("description", &ExecutionStep::description, kRequired);
    v("duration_ms", &ExecutionStep::duration_ms, kOptional);
    v("input_preview", &ExecutionStep::input_preview, kOptional);
    v("output_preview", &ExecutionStep::output_preview, kOptional);
    v("error", &ExecutionStep::error, kOptional);
    v("tool_call", &ExecutionStep::tool_call, kOptional);
    v("llm_call", &ExecutionStep::llm_call, kOptional);
    v("metadata", &ExecutionStep::metadata, kObject);
  }
};

}  // namespace infinium
