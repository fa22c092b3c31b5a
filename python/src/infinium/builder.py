"""TraceBuilder: a trace put together while the agent works.

What is recorded are facts: times, tokens, errors, results. The agent never judges its own work;
Maestro does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextvars import Token
from types import TracebackType
from typing import Any

from ._captured import captured_step, summed
from ._recording import CapturedLlmCall, TraceContext, reset_trace_context, set_trace_context
from ._version import __version__
from .coercion import SECTIONS, coerce_field
from .step_context import StepContext, as_error, describe_exception
from .steps import ErrorDetail, ExecutionStep, LlmUsage
from .types import EnvironmentContext, ExpectedOutcome, PromptStudio, RunContext, TaskData
from .validation import get_current_iso_datetime


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
        if name not in SECTIONS:
            raise TypeError(f"{name!r} is no section of TaskData; there are {', '.join(SECTIONS)}")
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
            usage = summed([step.llm_call for step in steps if step.llm_call is not None])
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
            else captured_step(number, event)
            for number, event in enumerate(events, 1)
        ]


def _python_version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])
