"""What happens inside a trace: steps, calls, errors, token use. Import these from `infinium`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class ErrorDetail:
    """A factual error record.

    Attributes:
        error_type: Exception class name.
        message: Error message.
        recoverable: Whether the agent did recover.
        retry_count: Number of retries attempted.
        stack_trace: Full stack trace.
        error_code: Application error code.
    """

    error_type: str
    message: str
    recoverable: bool = False
    retry_count: int = 0
    stack_trace: str | None = None
    error_code: str | None = None


@dataclass
class ToolCall:
    """A tool or API invocation.

    Attributes:
        tool_name: Name of the tool.
        duration_ms: Call duration in milliseconds.
        input_summary: Summary of the input.
        output_summary: Summary of the output.
        error: Error details if the call failed.
        http_status: HTTP status code.
    """

    tool_name: str
    duration_ms: int | None = None
    input_summary: str | None = None
    output_summary: str | None = None
    error: ErrorDetail | None = None
    http_status: int | None = None


@dataclass
class LlmCall:
    """A single LLM invocation.

    Attributes:
        model: Model identifier.
        provider: Provider name (openai, anthropic, google, xai, …).
        prompt_tokens: Input token count.
        completion_tokens: Output token count.
        latency_ms: Call latency in milliseconds.
        temperature: Temperature parameter.
        purpose: What this LLM call was for.
        cached_prompt_tokens: The part of `prompt_tokens` that was served from a cache.
        reasoning_tokens: The part of `completion_tokens` that was spent on reasoning.
    """

    model: str
    provider: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    latency_ms: int | None = None
    temperature: float | None = None
    purpose: str | None = None
    cached_prompt_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass
class LlmUsage:
    """Aggregate token and cost statistics across the entire trace.

    Attributes:
        model: Primary model used.
        provider: Primary provider.
        prompt_tokens: Total input tokens.
        completion_tokens: Total output tokens.
        total_tokens: Total tokens (prompt + completion).
        estimated_cost_usd: Estimated cost in US dollars.
        api_calls_count: Number of API calls made.
        total_latency_ms: Sum of all call latencies, in milliseconds.
        calls: Individual call details.
        cached_prompt_tokens: The part of `prompt_tokens` that was served from a cache.
        reasoning_tokens: The part of `completion_tokens` that was spent on reasoning.
    """

    model: str | None = None
    provider: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    estimated_cost_usd: float | None = None
    api_calls_count: int | None = None
    total_latency_ms: int | None = None
    calls: list[LlmCall] | None = None
    cached_prompt_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass
class ExecutionStep:
    """One thing the agent did.

    Attributes:
        step_number: Sequential step number.
        action: Action type (e.g. "llm_inference", "tool_use", "decision").
        description: What this step did.
        duration_ms: Step duration in milliseconds.
        input_preview: Preview of the step's input, 500 characters. In the copy that is sent a
            longer one is cut and ends with "…"; the whole text goes to `metadata["full_input"]`
            while the payload stays under 1 MiB.
        output_preview: The same for the output, with `metadata["full_output"]`.
        error: Error that occurred during this step.
        tool_call: Tool or API invocation details.
        llm_call: LLM invocation details.
        metadata: Arbitrary metadata.
    """

    step_number: int
    action: str
    description: str
    duration_ms: int | None = None
    input_preview: str | None = None
    output_preview: str | None = None
    error: ErrorDetail | None = None
    tool_call: ToolCall | None = None
    llm_call: LlmCall | None = None
    metadata: dict[str, Any] | None = None
