"""What the logic of the clients asks its driver to do.

The logic is written once, as generators without I/O: an operation yields an action and is resumed
with its result, or with the InfiniumError that came instead. `client.py` and `async_client.py` hold
one small driver each.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")


class Request(NamedTuple):
    """One HTTP call; resumed with its Reply, whatever the status. Times are in seconds."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    timeout: float = 30.0
    retries: int | None = None
    deadline: float | None = None
    from_root: bool = False


class Gather(NamedTuple):
    """Several requests, at most `limit` at a time; resumed with a list in their order, each a Reply
    or an InfiniumError. With `stop_early` the first that is no success ends it: None if not sent.
    """

    requests: Sequence[Request]
    limit: int
    stop_early: bool = False


class Poll(NamedTuple):
    """One call of `get_interpreted_task_result`; resumed with its ApiResponse.

    `hold` is how long the server may keep the request, `budget` when it is cut off.
    """

    trace_id: str
    hold: float
    budget: float


class Sleep(NamedTuple):
    """A pause of that many seconds."""

    seconds: float


Action: TypeAlias = Request | Gather | Poll | Sleep
Operation: TypeAlias = Generator[Action, Any, T]

current_poll: ContextVar[Poll | None] = ContextVar("infinium_poll", default=None)
"""Set while a client waits: so a poll is a plain call of `get_interpreted_task_result(trace_id)`,
and a program that replaces or wraps that method sees each one."""
