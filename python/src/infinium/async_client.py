"""The client for asyncio."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from . import _native, _runs
from ._actions import Gather, Operation, Poll, Request, Sleep, current_poll
from ._core import ClientCore
from ._faults import Reply, from_native
from .decorators import trace_agent
from .exceptions import InfiniumError
from .types import ApiResponse, BatchResult, PromptContent, TaskData

if TYPE_CHECKING:
    import asyncio

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class AsyncInfiniumClient(ClientCore):
    """InfiniumClient for asyncio: the same methods, awaited. It may be used from any loop::

    async with AsyncInfiniumClient(agent_id, agent_secret) as client:
        answer = await client.send_task("Triage", "Sorted a ticket", duration=1.2)
        answer = await client.wait_for_interpretation(answer.data["traceId"])
    """

    async def __aenter__(self) -> AsyncInfiniumClient:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        await self.close()

    async def send_task(
        self,
        name: str,
        description: str,
        duration: float,
        current_datetime: str | None = None,
        **fields: Any,
    ) -> ApiResponse:
        """Builds a trace and sends it; see `InfiniumClient.send_task`."""
        return await self.send_task_data(
            self.create_task_data(name, description, duration, current_datetime, **fields)
        )

    async def send_task_data(self, task_data: TaskData | Mapping[str, Any]) -> ApiResponse:
        """Validates the trace and sends it; see `InfiniumClient.send_task_data`."""
        return await self._run(self._send(task_data))

    async def send_tasks_batch(
        self,
        tasks: Sequence[TaskData | Mapping[str, Any]],
        max_concurrent: int = 5,
        fail_fast: bool = False,
    ) -> BatchResult:
        """Sends many traces; see `InfiniumClient.send_tasks_batch`.

        Args:
            tasks: The traces; at least one.
            max_concurrent: Requests under way at a time.
            fail_fast: Raise BatchError at the first failure instead of sending the rest.
        """
        return await self._run(self._send_batch(tasks, max_concurrent, fail_fast))

    async def get_interpreted_task_result(self, task_id: str) -> ApiResponse:
        """Asks once for the interpretation; see `InfiniumClient.get_interpreted_task_result`."""
        return await self._run(self._get_result(task_id))

    async def wait_for_interpretation(
        self,
        trace_id: str,
        timeout: float = 120.0,
        poll_interval: float = 3.0,
        *,
        raise_on_timeout: bool = False,
    ) -> ApiResponse:
        """Polls until the result is there; see `InfiniumClient.wait_for_interpretation`."""
        return await self._run(self._wait(trace_id, timeout, poll_interval, raise_on_timeout))

    async def get_prompt(
        self,
        prompt_id: str,
        prompt_key: str,
        version: str | int = "latest",
        variables: Mapping[str, Any] | None = None,
    ) -> PromptContent:
        """Fetches a prompt; see `InfiniumClient.get_prompt`."""
        return await self._run(self._get_prompt(prompt_id, prompt_key, version, variables))

    def trace(
        self, name: str, *, auto_send: bool = True, description: str | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator that sends a trace of each call of a function; see `trace_agent`."""
        return trace_agent(name, self, auto_send=auto_send, description=description)

    async def test_connection(self) -> ApiResponse:
        """Checks that the server is ready and knows this agent; raises what stands in the way."""
        return await self._run(self._test_connection())

    async def flush(self, timeout: float | None = None) -> bool:
        """Waits for the traces that decorated functions left behind in this loop.

        Returns whether all were done within `timeout` seconds.
        """
        return await _runs.drain(timeout)

    async def close(self) -> None:
        """Flushes for at most the client's `timeout`, then ends the connections.

        Later calls raise NetworkError. Harmless when closed.
        """
        await self.flush(self.timeout)
        self._transport.close()

    async def _run(self, operation: Operation[T]) -> T:
        try:
            action = next(operation)
            while True:
                try:
                    result = await self._perform(action)
                except InfiniumError as error:
                    action = operation.throw(error)
                else:
                    action = operation.send(result)
        except StopIteration as stop:
            return stop.value

    async def _perform(self, action: Request | Gather | Poll | Sleep) -> Any:
        if isinstance(action, Request):
            return await self._request(action)
        if isinstance(action, Gather):
            return await self._gather(action)
        if isinstance(action, Sleep):
            import asyncio

            return await asyncio.sleep(action.seconds)
        token = current_poll.set(action)
        try:
            return await self.get_interpreted_task_result(action.trace_id)
        finally:
            current_poll.reset(token)

    async def _request(self, request: Request) -> Reply:
        import asyncio

        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_native.Response | _native.NativeError] = loop.create_future()

        def on_done(result: _native.Response | _native.NativeError) -> None:
            with contextlib.suppress(RuntimeError):  # a closed loop: nobody waits any more
                loop.call_soon_threadsafe(_settle, answer, result)

        try:
            call = self._transport.submit(
                request.method,
                request.path,
                request.headers,
                request.body,
                on_done=on_done,
                timeout=request.timeout,
                retries=request.retries,
                deadline=request.deadline,
                from_root=request.from_root,
            )
        except _native.NativeError as error:
            raise from_native(error, request.timeout) from error
        try:
            result = await answer
        except asyncio.CancelledError:
            call.cancel()
            raise
        if isinstance(result, _native.NativeError):
            raise from_native(result, request.timeout) from result
        self.logger.debug("%s %s: %d", request.method, request.path, result[0])
        return Reply(result[0], result[1], result[2])

    async def _gather(self, action: Gather) -> list[Reply | InfiniumError | None]:
        import asyncio

        free = asyncio.Semaphore(action.limit)
        replies: list[Reply | InfiniumError | None] = [None] * len(action.requests)
        stopped = False

        async def send(place: int, request: Request) -> None:
            nonlocal stopped
            async with free:
                if stopped:
                    return
                try:
                    reply = await self._request(request)
                except InfiniumError as error:
                    replies[place] = error
                    stopped = action.stop_early
                else:
                    replies[place] = reply
                    stopped = stopped or (action.stop_early and reply.status >= 300)

        tasks = [asyncio.ensure_future(send(*item)) for item in enumerate(action.requests)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return replies


def _settle(
    answer: asyncio.Future[_native.Response | _native.NativeError],
    result: _native.Response | _native.NativeError,
) -> None:
    if not answer.done():
        answer.set_result(result)
