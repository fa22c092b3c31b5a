"""LLM calls that were seen, as parts of a trace."""

from __future__ import annotations

from typing import Any

from ._recording import CapturedLlmCall
from .steps import ExecutionStep, LlmCall, LlmUsage


def captured_step(step_number: int, call: CapturedLlmCall) -> ExecutionStep:
    return ExecutionStep(
        step_number=step_number,
        action="llm_inference",
        description=f"{call.provider} {call.model}",
        duration_ms=call.latency_ms,
        input_preview=call.input_preview,
        output_preview=call.output_preview,
        error=call.error,
        llm_call=llm_call(call),
        metadata=metadata(call),
    )


def llm_call(call: CapturedLlmCall) -> LlmCall:
    return LlmCall(
        model=call.model,
        provider=call.provider,
        prompt_tokens=call.prompt_tokens,
        completion_tokens=call.completion_tokens,
        latency_ms=call.latency_ms,
        temperature=call.temperature,
        cached_prompt_tokens=call.cached_prompt_tokens,
        reasoning_tokens=call.reasoning_tokens,
    )


def metadata(call: CapturedLlmCall) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    if call.tool_calls:
        found["tool_calls"] = [dict(tool_call) for tool_call in call.tool_calls]
    if not call.complete:
        found["answer_complete"] = False
    return found or None


def summed(calls: list[LlmCall]) -> LlmUsage | None:
    """The statistics over the calls; a sum stays None where no call knows a part of it."""
    if not calls:
        return None

    def total(name: str) -> int | None:
        known = [value for call in calls if (value := getattr(call, name)) is not None]
        return sum(known) if known else None

    def only(name: str) -> str | None:
        values = {getattr(call, name) for call in calls}
        return values.pop() if len(values) == 1 else "multiple"

    prompt, completion = total("prompt_tokens"), total("completion_tokens")
    return LlmUsage(
        model=only("model"),
        provider=only("provider"),
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=None if prompt is None and completion is None else _sum(prompt, completion),
        api_calls_count=len(calls),
        total_latency_ms=total("latency_ms"),
        calls=calls,
        cached_prompt_tokens=total("cached_prompt_tokens"),
        reasoning_tokens=total("reasoning_tokens"),
    )


def _sum(first: int | None, second: int | None) -> int:
    return (first or 0) + (second or 0)
