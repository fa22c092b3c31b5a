"""From failures, native or of HTTP, to the exceptions of the SDK: each mapped in one place."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from ._native import NativeError
from .exceptions import (
    AuthenticationError,
    InfiniumError,
    InfiniumTimeoutError,
    NetworkError,
    NotFoundError,
    PayloadTooLargeError,
    RateLimitError,
    ServerError,
    ValidationError,
)


class DeadlinePassed(InfiniumTimeoutError):
    """The call was cut off by a deadline that its caller set, not by the client's `timeout`."""


class Reply(NamedTuple):
    """One HTTP answer of any status; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json_object(self) -> dict[str, Any] | None:
        """The body if it is a JSON object, else None."""
        try:
            data = json.loads(self.body)
        except ValueError:
            return None
        return cast("dict[str, Any]", data) if isinstance(data, dict) else None

    def retry_after(self) -> int | None:
        """`Retry-After` in whole seconds; None if absent or a date."""
        text = self.headers.get("retry-after", "").strip()
        return int(text) if text.isascii() and text.isdigit() else None


def from_native(error: NativeError, timeout: float | None = None) -> InfiniumError:
    """The exception for a failure in the native core; `timeout` is the client's, in seconds."""
    text = error.message
    if error.where and error.where not in text:
        text = f"{error.where} {text}"
    if error.kind == "too_large":
        return PayloadTooLargeError(text, field=error.where or None)
    if error.kind in ("invalid", "malformed"):
        return ValidationError(text, field=error.where or None)
    if error.kind == "timeout":
        return InfiniumTimeoutError(text, timeout_duration=timeout)
    if error.kind == "deadline":
        return DeadlinePassed(text, timeout_duration=timeout)
    return NetworkError(text, original_error=error)


def from_reply(reply: Reply) -> InfiniumError:
    """The exception for an answer that is no success."""
    data = reply.json_object()
    message = str((data or {}).get("error") or f"The server answered {reply.status}")
    return from_status(reply.status, message, data, reply.retry_after())


def from_status(
    status: int,
    message: str,
    data: dict[str, Any] | None,
    retry_after: int | None = None,
) -> InfiniumError:
    """The exception for a status; `data` is the body of the answer or the item of a batch."""
    details: dict[str, Any] = {"response_data": data}
    field = (data or {}).get("field")
    where = field if isinstance(field, str) else None
    if status in (401, 403):
        return AuthenticationError(message, status, details)
    if status in (400, 422):
        return ValidationError(message, where, details, status)
    if status == 413:
        return PayloadTooLargeError(message, where, details, status)
    if status == 404:
        return NotFoundError(message, details=details)
    if status == 429:
        return RateLimitError(message, retry_after, details)
    if status >= 500:
        return ServerError(message, status, details)
    return InfiniumError(message, status, details)
