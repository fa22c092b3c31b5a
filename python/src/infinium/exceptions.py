"""The exceptions that the clients raise: these and no others.

A status of the server is never lost: where an HTTP answer was the cause, `status_code` holds it and
`details["response_data"]` the body of the answer.
"""

from __future__ import annotations

from typing import Any


class InfiniumError(Exception):
    """Base of all errors of the SDK; itself raised for a status that has no class of its own."""

    def __init__(
        self,
        message: str,
        status_code: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.details: dict[str, Any] = details or {}


class AuthenticationError(InfiniumError):
    """The credentials are wrong (401) or lack the right (403)."""

    def __init__(
        self,
        message: str = "Authentication failed",
        status_code: int | None = 401,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, status_code, details)


class ValidationError(InfiniumError):
    """A value breaks a rule: found by the SDK (no status) or by the server (400, 422).

    `field` is the path of the value at fault, such as `steps[2].tool_call.tool_name`.
    """

    def __init__(
        self,
        message: str,
        field: str | None = None,
        details: dict[str, Any] | None = None,
        status_code: int | None = None,
    ) -> None:
        super().__init__(message, status_code, details)
        self.field = field


class PayloadTooLargeError(ValidationError):
    """The trace is over 1 MiB as JSON: found by the SDK (no status) or by the server (413)."""


class NotFoundError(InfiniumError):
    """No such trace of this agent, prompt, version or route (404)."""

    def __init__(
        self,
        message: str = "Resource not found",
        resource_type: str | None = None,
        resource_id: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, 404, details)
        self.resource_type = resource_type
        self.resource_id = resource_id


class RateLimitError(InfiniumError):
    """Too many requests (429). `retry_after` is in seconds, None where the server gave none."""

    def __init__(
        self,
        message: str = "Rate limit exceeded",
        retry_after: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, 429, details)
        self.retry_after = retry_after


class ServerError(InfiniumError):
    """The server failed or is not available (5xx), after all retries."""

    def __init__(
        self,
        message: str = "Server error",
        status_code: int | None = 500,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, status_code, details)


class NetworkError(InfiniumError):
    """No answer came: not reachable, broken off, or not HTTP. `original_error` is the cause."""

    def __init__(
        self,
        message: str,
        original_error: Exception | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, None, details)
        self.original_error = original_error


class InfiniumTimeoutError(NetworkError):
    """A request got no answer within the client's `timeout`; `timeout_duration` is in seconds."""

    def __init__(
        self,
        message: str = "Request timed out",
        timeout_duration: float | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, None, details)
        self.timeout_duration = timeout_duration


TimeoutError = InfiniumTimeoutError
"""Another name of InfiniumTimeoutError; prefer that one, which hides no builtin."""


class BatchError(InfiniumError):
    """A batch with `fail_fast` met a failure; tells what had been sent until then."""

    def __init__(
        self,
        message: str,
        successful_count: int = 0,
        failed_count: int = 0,
        errors: list[str] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, None, details)
        self.successful_count = successful_count
        self.failed_count = failed_count
        self.errors: list[str] = errors or []


class ConfigurationError(InfiniumError):
    """The SDK is set up wrongly; `config_key` names the setting."""

    def __init__(
        self,
        message: str,
        config_key: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, None, details)
        self.config_key = config_key
