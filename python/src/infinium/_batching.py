"""How a batch is sent: as batch calls where the server knows them, else one request a trace.

No I/O here; see `_actions`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from . import _native
from ._actions import Gather, Operation, Request, Sleep
from ._faults import Reply, from_reply, from_status
from ._waiting import failure
from .exceptions import BatchError, InfiniumError, ValidationError
from .types import ApiResponse, BatchResult, TaskData

ITEMS_MAX = 1_000
BYTES_MAX = 16 * 1_048_576 - 4_096
"""Limits of one batch call, with room for its brackets."""

_NO_BATCH_CALL = (404, 405, 501)
_NOT_NOW = (429, 503)
_PAUSE_MAX_SECONDS = 60


class Item(NamedTuple):
    """A trace that is ready to go: its place in the batch, idempotency key and payload."""

    place: int
    key: str
    payload: bytes

    def for_batch(self) -> bytes:
        """The item as the batch call takes it."""
        return b'{"idempotency_key":"%s","trace":%s}' % (self.key.encode(), self.payload)


@dataclasses.dataclass
class Channel:
    """How requests are made for one client; `knows_batch_call` is None until it has been tried."""

    batch_request: Callable[[bytes], Request]
    single_request: Callable[[str, bytes], Request]
    max_retries: int
    knows_batch_call: bool | None = None


class Batch:
    """One call of `send_tasks_batch`."""

    def __init__(
        self, channel: Channel, tasks: Sequence[Any], max_concurrent: int, fail_fast: bool
    ) -> None:
        if not tasks:
            raise ValidationError("tasks is empty: a batch needs at least one task", field="tasks")
        if max_concurrent < 1:
            raise ValidationError("max_concurrent must be at least 1", field="max_concurrent")
        self._channel = channel
        self._names = [_name_of(task) for task in tasks]
        self._outcomes: list[ApiResponse | None] = [None] * len(tasks)
        self._limit = max_concurrent
        self._fail_fast = fail_fast

    def send(self, tasks: Sequence[Any], encode: Callable[[Any], bytes]) -> Operation[BatchResult]:
        """Sends all; one failure never stops the rest, unless `fail_fast` raises BatchError."""
        items: list[Item] = []
        for place, task in enumerate(tasks):
            try:
                items.append(Item(place, _native.make_id(), encode(task)))
            except InfiniumError as error:
                self._set(place, failure(error))
                self._stop_at_failure()
        if len(items) > 1 and self._channel.knows_batch_call is not False:
            items = yield from self._send_by_batch_call(items)
        yield from self._send_singly(items)
        return self._result()

    def _send_by_batch_call(self, items: list[Item]) -> Operation[list[Item]]:
        """Returns the items that have to go singly. Items that are refused for now are sent again,
        until so many rounds as the client has retries brought none of them further.
        """
        left: list[Item] = []
        rounds_in_vain = 0
        while items:
            chunks = list(_chunks(items))
            requests = [self._channel.batch_request(_array(chunk)) for chunk in chunks]
            replies: list[Reply | InfiniumError | None]
            replies = yield Gather(requests, self._limit, self._fail_fast)
            later: list[Item] = []
            pause = 0
            for chunk, reply in zip(chunks, replies, strict=True):
                refused, wait = self._take(chunk, reply, left)
                later += refused
                pause = max(pause, wait)
            self._stop_at_failure(but=later)
            rounds_in_vain = 0 if len(later) < len(items) else rounds_in_vain + 1
            retries = self._channel.max_retries
            if not later or retries == 0 or rounds_in_vain > retries or pause > _PAUSE_MAX_SECONDS:
                break
            yield Sleep(pause)
            items = later
        self._stop_at_failure()
        return left

    def _send_singly(self, items: list[Item]) -> Operation[None]:
        if not items:
            return
        requests = [self._channel.single_request(item.key, item.payload) for item in items]
        replies: list[Reply | InfiniumError | None]
        replies = yield Gather(requests, self._limit, self._fail_fast)
        for item, reply in zip(items, replies, strict=True):
            self._take_single(item, reply)
        self._stop_at_failure()

    def _take(
        self, chunk: list[Item], reply: Reply | InfiniumError | None, left: list[Item]
    ) -> tuple[list[Item], int]:
        """Notes each item's result; returns those to send again, and after how many seconds. Where
        the server does not know the call, the items go to `left`.
        """
        if isinstance(reply, Reply) and reply.status in _NO_BATCH_CALL:
            self._channel.knows_batch_call = False
            left += chunk
            return [], 0
        if not isinstance(reply, Reply) or reply.status != 207:
            for item in chunk:
                self._take_single(item, reply)
            return [], 0
        self._channel.knows_batch_call = True
        results: Any = (reply.json_object() or {}).get("results")
        rows = cast("list[Any]", results) if isinstance(results, list) else []
        again: list[Item] = []
        pause = 0
        for index, item in enumerate(chunk):
            response, retry_after = _row_response(rows[index] if index < len(rows) else None)
            self._set(item.place, response)
            if response.status_code in _NOT_NOW:
                again.append(item)
                pause = max(pause, retry_after)
        return again, pause

    def _take_single(self, item: Item, reply: Reply | InfiniumError | None) -> None:
        if isinstance(reply, InfiniumError):
            self._set(item.place, failure(reply))
        elif reply is None:
            self._set(item.place, ApiResponse(False, None, "not sent"))
        elif reply.status < 300:
            data = reply.json_object()
            message = str((data or {}).get("message", "stored"))
            self._set(item.place, ApiResponse(True, reply.status, message, data))
        else:
            self._set(item.place, failure(from_reply(reply)))

    def _set(self, place: int, response: ApiResponse) -> None:
        name = self._names[place]
        if not response.success:
            data = {**(response.data or {}), "task_name": name}
            text = f"task {place} ({name!r}): {response.message}"
            response = ApiResponse(False, response.status_code, text, data)
        self._outcomes[place] = response

    def _stop_at_failure(self, but: Sequence[Item] = ()) -> None:
        if not self._fail_fast:
            return
        spared = {item.place for item in but}
        for place, outcome in enumerate(self._outcomes):
            if outcome is not None and not outcome.success and place not in spared:
                result = self._result()
                raise BatchError(outcome.message, result.successful, result.failed, result.errors)

    def _result(self) -> BatchResult:
        results = [outcome for outcome in self._outcomes if outcome is not None]
        errors = [outcome.message for outcome in results if not outcome.success]
        return BatchResult(len(results) - len(errors), len(errors), results, errors)


def _row_response(row: Any) -> tuple[ApiResponse, int]:
    """What one row of a batch answer says, and after how many seconds to try again."""
    if not isinstance(row, dict):
        return ApiResponse(False, None, "the server gave no result for this task"), 1
    data = cast("dict[str, Any]", row)
    status = data.get("status")
    if not isinstance(status, int):
        return ApiResponse(False, None, "the server gave no status for this task", data), 1
    if 200 <= status < 300:
        return ApiResponse(True, status, str(data.get("message", "stored")), data), 0
    retry_after = data.get("Retry-After", data.get("retryAfter"))
    error = from_status(status, str(data.get("error", f"status {status}")), data)
    return failure(error), retry_after if isinstance(retry_after, int) else 1


def _chunks(items: list[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    size = 0
    for item in items:
        bytes_more = len(item.payload) + 80
        if chunk and (len(chunk) == ITEMS_MAX or size + bytes_more > BYTES_MAX):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += bytes_more
    if chunk:
        yield chunk


def _array(items: list[Item]) -> bytes:
    return b"[" + b",".join(item.for_batch() for item in items) + b"]"


def _name_of(task: Any) -> str:
    if isinstance(task, TaskData):
        return str(task.name)
    if isinstance(task, Mapping):
        return str(cast("Mapping[str, Any]", task).get("name", "unnamed"))
    return type(task).__name__
