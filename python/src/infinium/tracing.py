"""Everything that makes traces: the builder and the decorators."""

from __future__ import annotations

from .builder import StepContext, TraceBuilder
from .decorators import async_trace_agent, trace_agent

__all__ = ["StepContext", "TraceBuilder", "async_trace_agent", "trace_agent"]
