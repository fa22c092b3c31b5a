"""TraceBuilder: a trace put together while the agent works.

What is recorded are facts: times, tokens, errors, results. The agent never judges its own work;
Maestro does.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Mapping
from contextvars import Token
from dataclasses import replace
from types import TracebackType
from typing import Any

from ._recording import (
    CapturedLlmCall,
    TraceContext,
    next_order,
    open_step,
    reset_trace_context,
    set_trace_context,
)
from ._version import __version__
from .coercion import coerce, coerce_field
from .steps import ErrorDetail, ExecutionStep, LlmCall, LlmUsage, ToolCall
from .types import EnvironmentContext, ExpectedOutcome, PromptStudio, RunContext, TaskData
from .validation import get_current_iso_datetime


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
            step.llm_call = _llm_call(captured)
            step.input_preview = step.input_preview or captured.input_preview
            step.output_preview = step.output_preview or captured.output_preview
            step.error = step.error or captured.error
            found = _metadata(captured)
            step.metadata = {**found, **(step.metadata or {})} if found else step.metadata
        return step


class TraceBuilder:
    """A trace under construction; its duration runs from the construction to `build()`.

    As a context manager it is also the active trace: what `watch()` and `get_prompt()` see inside
    the block is recorded in it, and an exception that leaves the block becomes an error of it.
    """

    def __init__(self, name: str, description: str) -> None:
        self._fields: dict[str, Any] = {"name": name, "description": description}
        self._began_ns = time.perf_counter_ns()
        self._steps: list[StepContext] = []
        self._errors: list[ErrorDetail] = []
        self._token: Token[TraceContext | None] | None = None
        self.context = TraceContext()

    def __enter__(self) -> TraceBuilder:
        self._token = set_trace_context(self.context)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if self._token is not None:
            reset_trace_context(self._token)
            self._token = None
        if exc is not None:
            self._errors.append(describe_exception(exc))

    def step(self, action: str, description: str) -> StepContext:
        """A new step, to be used with `with`; steps are numbered in the order of these calls."""
        step = StepContext(action, description)
        self._steps.append(step)
        return step

    def set_input_summary(self, summary: str) -> TraceBuilder:
        """Summary of the agent's input."""
        self._fields["input_summary"] = coerce_field("input_summary", summary)
        return self

    def set_output_summary(self, summary: str) -> TraceBuilder:
        """Summary of the agent's output."""
        self._fields["output_summary"] = coerce_field("output_summary", summary)
        return self

    def set_expected_outcome(
        self,
        task_objective: str | ExpectedOutcome | Mapping[str, Any],
        *,
        required_deliverables: list[str] | None = None,
        constraints: list[str] | None = None,
        acceptance_criteria: list[str] | None = None,
    ) -> TraceBuilder:
        """Maestro's grading rubric: the objective and its parts, or a whole ExpectedOutcome."""
        if isinstance(task_objective, str):
            task_objective = ExpectedOutcome(
                task_objective, required_deliverables, constraints, acceptance_criteria
            )
        self._fields["expected_outcome"] = coerce_field("expected_outcome", task_objective)
        return self

    def set_environment(
        self,
        environment: EnvironmentContext | Mapping[str, Any] | None = None,
        *,
        framework: str | None = None,
        framework_version: str | None = None,
        python_version: str | None = None,
        runtime: str | None = None,
        region: str | None = None,
        custom_tags: dict[str, str] | None = None,
    ) -> TraceBuilder:
        """Runtime metadata: its parts, or a whole EnvironmentContext."""
        if environment is None:
            environment = EnvironmentContext(
                framework=framework,
                framework_version=framework_version,
                python_version=python_version or _python_version(),
                sdk_version=__version__,
                runtime=runtime,
                region=region,
                custom_tags=custom_tags,
            )
        self._fields["environment"] = coerce_field("environment", environment)
        return self

    def set_llm_usage(self, llm_usage: LlmUsage | Mapping[str, Any]) -> TraceBuilder:
        """Aggregate token and cost statistics; without it they are summed over the LLM calls."""
        self._fields["llm_usage"] = coerce_field("llm_usage", llm_usage)
        return self

    def set_section(self, name: str, value: Any) -> TraceBuilder:
        """A domain section such as `research` or `customer`, as its dataclass or a dict."""
        self._fields[name] = coerce_field(name, value)
        return self

    def set_context(self, context: RunContext | Mapping[str, Any]) -> TraceBuilder:
        """Session, user, deployment and release of the run."""
        self._fields["context"] = coerce_field("context", context)
        return self

    def add_error(self, error: ErrorDetail | Mapping[str, Any] | BaseException) -> TraceBuilder:
        """An error that the agent met."""
        self._errors.append(as_error(error))
        return self

    def build(self) -> TaskData:
        """The trace up to now; may be called again later. Limits are checked when it is sent."""
        fields = dict(self._fields)
        steps = self._numbered_steps()
        if steps:
            fields.setdefault("steps", steps)
            usage = _summed([step.llm_call for step in steps if step.llm_call is not None])
            if usage is not None:
                fields.setdefault("llm_usage", usage)
        if self._errors:
            fields.setdefault("errors", list(self._errors))
        if self.context.prompts:
            fields.setdefault("prompt_studio", PromptStudio(list(self.context.prompts)))
        fields.setdefault(
            "environment",
            EnvironmentContext(python_version=_python_version(), sdk_version=__version__),
        )
        return TaskData(
            current_datetime=get_current_iso_datetime(),
            duration=round((time.perf_counter_ns() - self._began_ns) / 1e9, 6),
            **fields,
        )

    def _numbered_steps(self) -> list[ExecutionStep]:
        """Own steps and captured calls in the order in which they began. A call that was seen
        inside an own step belongs to it, so that nothing is counted twice.
        """
        own: set[object] = set(self._steps)
        inside: dict[object, CapturedLlmCall] = {}
        events: list[StepContext | CapturedLlmCall] = list(self._steps)
        for call in self.context.calls:
            if call.open_step in own and call.open_step not in inside:
                inside[call.open_step] = call
            else:
                events.append(call)
        events.sort(key=lambda event: event.order)
        return [
            event.snapshot(number, inside.get(event))
            if isinstance(event, StepContext)
            else _captured_step(number, event)
            for number, event in enumerate(events, 1)
        ]


def _python_version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])


def _captured_step(step_number: int, call: CapturedLlmCall) -> ExecutionStep:
    return ExecutionStep(
        step_number=step_number,
        action="llm_inference",
        description=f"{call.provider} {call.model}",
        duration_ms=call.latency_ms,
        input_preview=call.input_preview,
        output_preview=call.output_preview,
        error=call.error,
        llm_call=_llm_call(call),
        metadata=_metadata(call),
    )


def _llm_call(call: CapturedLlmCall) -> LlmCall:
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


def _metadata(call: CapturedLlmCall) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    if call.tool_calls:
        found["tool_calls"] = [dict(tool_call) for tool_call in call.tool_calls]
    if not call.complete:
        found["answer_complete"] = False
    return found or None


def _summed(calls: list[LlmCall]) -> LlmUsage | None:
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
