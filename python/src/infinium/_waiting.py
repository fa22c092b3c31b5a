"""How a client waits for Maestro: a state machine without I/O."""

from __future__ import annotations

import math
from collections.abc import Callable

from ._actions import Operation, Poll, Sleep
from ._faults import DeadlinePassed
from .coercion import warn
from .exceptions import (
    InfiniumError,
    InfiniumTimeoutError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    ServerError,
    ValidationError,
)
from .types import ApiResponse

HOLD_MAX_SECONDS = 60.0
"""The longest the server holds a request."""

ANSWER_MARGIN_SECONDS = 0.1
"""A hold ends this much before the deadline, so that its answer still arrives."""

ONE_POLL_SECONDS = 1.0
"""With a time-out of 0 there is one poll; it may take this long."""

PAUSE_MIN_SECONDS = 0.01


def wait_for_interpretation(
    trace_id: str,
    timeout: float,
    poll_interval: float,
    raise_on_timeout: bool,
    request_timeout: float,
    clock: Callable[[], float],
) -> Operation[ApiResponse]:
    """Polls until the result is there or `timeout` seconds have passed, never more than one poll an
    interval. At the deadline: the last answer, or InfiniumTimeoutError with `raise_on_timeout`.
    """
    _check(timeout, poll_interval)
    deadline = clock() + max(timeout, 0.0)
    last = ApiResponse(False, None, f"no answer within {timeout:g} s")
    while True:
        began = clock()
        pause = max(poll_interval, PAUSE_MIN_SECONDS)
        try:
            response = yield _poll(trace_id, deadline - began, timeout, pause, request_timeout)
        except DeadlinePassed:
            break
        except InfiniumTimeoutError:
            raise
        except (NetworkError, NotFoundError, ServerError) as error:
            last = failure(error)
        except RateLimitError as error:
            last = failure(error)
            pause = max(pause, error.retry_after or 0)
        else:
            if response.success:
                return response
            last = response
        now = clock()
        next_poll = max(began + pause, now)
        rest = min(next_poll, deadline) - now
        if rest > 0:
            yield Sleep(rest)
        if next_poll >= deadline:
            break
    if raise_on_timeout:
        raise InfiniumTimeoutError(
            f"no interpretation within {timeout:g} s: {last.message}", timeout_duration=timeout
        )
    return last


def failure(error: InfiniumError) -> ApiResponse:
    """An error as a response without success."""
    data = error.details.get("response_data")
    return ApiResponse(False, error.status_code, error.message, data)


def _check(timeout: float, poll_interval: float) -> None:
    if math.isnan(timeout):
        raise ValidationError("timeout must be a number of seconds", field="timeout")
    if not poll_interval >= 0:
        raise ValidationError("poll_interval must not be negative", field="poll_interval")
    if poll_interval < 1:
        warn(f"a poll_interval of {poll_interval:g} s is under 1 s: hard on a shared server")


def _poll(
    trace_id: str, remaining: float, timeout: float, pause: float, request_timeout: float
) -> Poll:
    budget = remaining if timeout > 0 else ONE_POLL_SECONDS
    longest = min(pause, HOLD_MAX_SECONDS, request_timeout - 1)
    hold = max(0.0, min(longest, remaining - ANSWER_MARGIN_SECONDS))
    return Poll(trace_id, round(hold, 3), max(budget, 0.001))
