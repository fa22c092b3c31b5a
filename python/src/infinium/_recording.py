"""What is recorded into the active trace by those who do not hold its builder: `watch()` and
`get_prompt()`. Context variables carry it, so threads and tasks do not see each other's.
"""

from __future__ import annotations

import itertools
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Any

from .steps import ErrorDetail
from .types import PromptContent, PromptUse
from .validation import get_current_iso_datetime

_order = itertools.count()


def next_order() -> int:
    """Places what happens in a trace in the order in which it began."""
    return next(_order)


@dataclass
class CapturedLlmCall:
    """One LLM call that `watch()` saw; filled in as its answer arrives.

    `open_step` is the step that was open around it (see TraceBuilder.step), if any. Previews are
    there only with `capture_content`.
    """

    provider: str
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_prompt_tokens: int | None = None
    reasoning_tokens: int | None = None
    temperature: float | None = None
    latency_ms: int | None = None
    error: ErrorDetail | None = None
    input_preview: str | None = None
    output_preview: str | None = None
    tool_calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    complete: bool = False
    open_step: object | None = None
    order: int = field(default_factory=next_order)


@dataclass
class TraceContext:
    """What was recorded while a trace was active."""

    calls: list[CapturedLlmCall] = field(default_factory=list[CapturedLlmCall])
    prompts: list[PromptUse] = field(default_factory=list[PromptUse])


_current: ContextVar[TraceContext | None] = ContextVar("infinium_trace", default=None)

open_step: ContextVar[object | None] = ContextVar("infinium_step", default=None)
"""The step that is open around the running code."""


def get_current_trace_context() -> TraceContext | None:
    """The active trace's record; None outside of one."""
    return _current.get()


def set_trace_context(context: TraceContext | None) -> Token[TraceContext | None]:
    """Makes `context` the active one; the token is for `reset_trace_context`."""
    return _current.set(context)


def reset_trace_context(token: Token[TraceContext | None]) -> None:
    """Undoes `set_trace_context`, also from another context than the one it ran in."""
    try:
        _current.reset(token)
    except ValueError:
        before = token.old_value
        _current.set(before if isinstance(before, TraceContext) else None)


def record_prompt(prompt: PromptContent, variables_used: list[str] | None) -> None:
    """Notes a fetched prompt in the active trace, if any: names of variables, never values."""
    context = _current.get()
    if context is not None:
        context.prompts.append(
            PromptUse(
                prompt_id=prompt.prompt_id,
                prompt_name=prompt.name,
                version=prompt.version,
                source="prompt_studio",
                variables_used=variables_used,
                fetched_at=get_current_iso_datetime(),
            )
        )
