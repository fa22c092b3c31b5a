"""Infinium: send traces of AI agents, and learn from Maestro whether the work was done.

Clients: InfiniumClient, AsyncInfiniumClient. Traces: TaskData and its parts, TraceBuilder,
trace_agent, watch. Offline: `infinium.maestro.interpret`.
"""

from __future__ import annotations

from . import maestro
from ._installation import warn_of_doubles
from ._version import __version__
from .async_client import AsyncInfiniumClient
from .client import InfiniumClient
from .coercion import coerce_section
from .exceptions import (
    AuthenticationError,
    BatchError,
    ConfigurationError,
    InfiniumError,
    InfiniumTimeoutError,
    NetworkError,
    NotFoundError,
    PayloadTooLargeError,
    RateLimitError,
    ServerError,
    TimeoutError,
    ValidationError,
)
from .integrations import watch
from .tracing import StepContext, TraceBuilder, async_trace_agent, trace_agent
from .types import (
    ApiResponse,
    BatchResult,
    Content,
    Customer,
    Development,
    EnvironmentContext,
    ErrorDetail,
    ExecutionStep,
    Executive,
    ExpectedOutcome,
    General,
    LlmCall,
    LlmUsage,
    Marketing,
    Project,
    PromptContent,
    PromptStudio,
    PromptUse,
    Research,
    RunContext,
    Sales,
    Support,
    TaskData,
    TimeTracking,
    ToolCall,
)
from .validation import (
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    MAX_PAYLOAD_SIZE,
    MAX_STRING_LENGTH,
    get_current_iso_datetime,
    setup_logging,
    validate_duration,
    validate_iso_datetime,
    validate_path_id,
    validate_payload_size,
    validate_string_length,
)

__all__ = [
    "MAX_DESCRIPTION_LENGTH",
    "MAX_NAME_LENGTH",
    "MAX_PAYLOAD_SIZE",
    "MAX_STRING_LENGTH",
    "ApiResponse",
    "AsyncInfiniumClient",
    "AuthenticationError",
    "BatchError",
    "BatchResult",
    "ConfigurationError",
    "Content",
    "Customer",
    "Development",
    "EnvironmentContext",
    "ErrorDetail",
    "ExecutionStep",
    "Executive",
    "ExpectedOutcome",
    "General",
    "InfiniumClient",
    "InfiniumError",
    "InfiniumTimeoutError",
    "LlmCall",
    "LlmUsage",
    "Marketing",
    "NetworkError",
    "NotFoundError",
    "PayloadTooLargeError",
    "Project",
    "PromptContent",
    "PromptStudio",
    "PromptUse",
    "RateLimitError",
    "Research",
    "RunContext",
    "Sales",
    "ServerError",
    "StepContext",
    "Support",
    "TaskData",
    "TimeTracking",
    "TimeoutError",
    "ToolCall",
    "TraceBuilder",
    "ValidationError",
    "__version__",
    "async_trace_agent",
    "coerce_section",
    "get_current_iso_datetime",
    "maestro",
    "setup_logging",
    "trace_agent",
    "validate_duration",
    "validate_iso_datetime",
    "validate_path_id",
    "validate_payload_size",
    "validate_string_length",
    "watch",
]

warn_of_doubles()
