"""One step of a trace while it is under way."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from contextvars import Token
from dataclasses import replace
from types import TracebackType
from typing import Any

from ._captured import llm_call, metadata
from ._recording import CapturedLlmCall, next_order, open_step
from .coercion import coerce
from .steps import ErrorDetail, ExecutionStep, LlmCall, ToolCall


def describe_exception(
    error: BaseException, *, recoverable: bool = False, retry_count: int = 0
) -> ErrorDetail:
    """An exception as a factual record, with its stack."""
    try:
        message = str(error)
        stack = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except Exception:  # a broken __str__ must not hide the error itself
        message, stack = "(the exception cannot be shown)", None
    return ErrorDetail(
        error_type=type(error).__name__,
        message=message,
        recoverable=recoverable,
        retry_count=retry_count,
        stack_trace=stack,
    )


def as_error(error: ErrorDetail | Mapping[str, Any] | BaseException) -> ErrorDetail:
    """An ErrorDetail from what a program has at hand."""
    if isinstance(error, BaseException):
        return describe_exception(error)
    return coerce(error, ErrorDetail)


class StepContext:
    """One step under way: a context manager that takes the time.

    An exception that leaves the block becomes the step's error and goes on its way.
    """

    def __init__(self, action: str, description: str) -> None:
        self._step = ExecutionStep(0, action, description)
        self._began_ns: int | None = None
        self._token: Token[object | None] | None = None
        self.order = next_order()

    def set_input(self, preview: str) -> StepContext:
        """What went into the step; see ExecutionStep.input_preview for long texts."""
        self._step.input_preview = preview
        return self

    def set_output(self, preview: str) -> StepContext:
        """What came out of the step; see ExecutionStep.output_preview for long texts."""
        self._step.output_preview = preview
        return self

    def record_tool_call(
        self,
        tool_name: str | ToolCall | Mapping[str, Any],
        *,
        duration_ms: int | None = None,
        input_summary: str | None = None,
        output_summary: str | None = None,
        http_status: int | None = None,
        error: ErrorDetail | Mapping[str, Any] | BaseException | None = None,
    ) -> StepContext:
        """The tool that the step called: its name and what is known, or a whole ToolCall."""
        if isinstance(tool_name, str):
            detail = None if error is None else as_error(error)
            self._step.tool_call = ToolCall(
                tool_name, duration_ms, input_summary, output_summary, detail, http_status
            )
        else:
            self._step.tool_call = coerce(tool_name, ToolCall, "tool_call")
        return self

    def record_llm_call(
        self,
        model: str | LlmCall | Mapping[str, Any],
        *,
        provider: str | None = None,
        prompt_tokens: int | None = None,
        completion_tokens: int | None = None,
        latency_ms: int | None = None,
        temperature: float | None = None,
        purpose: str | None = None,
        cached_prompt_tokens: int | None = None,
        reasoning_tokens: int | None = None,
    ) -> StepContext:
        """The LLM that the step called: its model and what is known, or a whole LlmCall."""
        if isinstance(model, str):
            self._step.llm_call = LlmCall(
                model,
                provider,
                prompt_tokens,
                completion_tokens,
                latency_ms,
                temperature,
                purpose,
                cached_prompt_tokens,
                reasoning_tokens,
            )
        else:
            self._step.llm_call = coerce(model, LlmCall, "llm_call")
        return self

    def set_error(
        self,
        error: ErrorDetail | Mapping[str, Any] | BaseException,
        *,
        recoverable: bool = False,
        retry_count: int = 0,
    ) -> StepContext:
        """The error of the step. `recoverable` says whether the agent did recover; it and
        `retry_count` count only where `error` is an exception.
        """
        if isinstance(error, BaseException):
            self._step.error = describe_exception(
                error, recoverable=recoverable, retry_count=retry_count
            )
        else:
            self._step.error = coerce(error, ErrorDetail, "error")
        return self

    def set_metadata(self, metadata: Mapping[str, Any]) -> StepContext:
        """Adds to the step's metadata."""
        self._step.metadata = {**(self._step.metadata or {}), **metadata}
        return self

    def start(self) -> None:
        """Starts the clock; `with` does this."""
        self._began_ns = time.perf_counter_ns()

    def end(self, error: BaseException | None = None) -> None:
        """Stops the clock; `with` does this. `error` counts unless one was set before."""
        if self._began_ns is not None:
            self._step.duration_ms = (time.perf_counter_ns() - self._began_ns) // 1_000_000
        if error is not None and self._step.error is None:
            self._step.error = describe_exception(error)

    def __enter__(self) -> StepContext:
        self.start()
        self._token = open_step.set(self)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.end(exc)
        if self._token is not None:
            try:
                open_step.reset(self._token)
            except ValueError:  # left in another context than it was entered in
                open_step.set(None)
            self._token = None

    def snapshot(self, step_number: int, captured: CapturedLlmCall | None = None) -> ExecutionStep:
        """The step as a value; `captured` is the LLM call that was seen inside it."""
        step = replace(self._step, step_number=step_number)
        if captured is not None and step.llm_call is None:
            step.llm_call = llm_call(captured)
            step.input_preview = step.input_preview or captured.input_preview
            step.output_preview = step.output_preview or captured.output_preview
            step.error = step.error or captured.error
            found = metadata(captured)
            step.metadata = {**found, **(step.metadata or {})} if found else step.metadata
        return step
