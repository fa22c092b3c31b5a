"""Recording of LLM calls: `watch(client)` for the clients of OpenAI and Anthropic."""

from __future__ import annotations

from .._recording import (
    CapturedLlmCall,
    TraceContext,
    get_current_trace_context,
    set_trace_context,
)
from ._watch import watch

__all__ = [
    "CapturedLlmCall",
    "TraceContext",
    "get_current_trace_context",
    "set_trace_context",
    "watch",
]
