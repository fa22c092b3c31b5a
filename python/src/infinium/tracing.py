"""Everything that makes traces: the builder and the decorators."""

from __future__ import annotations

from .builder import TraceBuilder
from .decorators import async_trace_agent, trace_agent
from .step_context import StepContext

__all__ = ["StepContext", "TraceBuilder", "async_trace_agent", "trace_agent"]
