"""The blocking client."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from . import _native
from ._actions import Gather, Operation, Poll, Request, Sleep, current_poll
from ._core import ClientCore
from ._faults import Reply, from_native
from .decorators import trace_agent
from .exceptions import InfiniumError
from .types import ApiResponse, BatchResult, PromptContent, TaskData

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class InfiniumClient(ClientCore):
    """Sends traces to an Infinium server and fetches what Maestro says of them.

    A context manager; any thread may use it. Every method raises InfiniumError and its subclasses
    only::

        with InfiniumClient(agent_id, agent_secret) as client:
            trace_id = client.send_task("Triage", "Sorted a ticket", duration=1.2).data["traceId"]
            print(client.wait_for_interpretation(trace_id).data["interpretedTraceResult"])
    """

    def __enter__(self) -> InfiniumClient:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.close()

    def send_task(
        self,
        name: str,
        description: str,
        duration: float,
        current_datetime: str | None = None,
        **fields: Any,
    ) -> ApiResponse:
        """Builds a trace and sends it.

        Args:
            name: Short task name, 1 to 500 characters.
            description: What the agent did, 1 to 10,000 characters.
            duration: Wall-clock time in seconds.
            current_datetime: ISO 8601 timestamp; now, if not given.
            **fields: Any other field of TaskData; dicts become the dataclasses.

        Raises:
            TypeError: TaskData has no such field.
        """
        return self.send_task_data(
            self.create_task_data(name, description, duration, current_datetime, **fields)
        )

    def send_task_data(self, task_data: TaskData | Mapping[str, Any]) -> ApiResponse:
        """Validates the trace and sends it; `data["traceId"]` of the answer is its id.

        It carries an idempotency key: retries never store it twice. The caller's object stays as
        it is.
        """
        return self._run(self._send(task_data))

    def send_tasks_batch(
        self, tasks: Sequence[TaskData | Mapping[str, Any]], max_concurrent: int = 5
    ) -> BatchResult:
        """Sends many traces; the results are in their order, and one failure never stops the rest.

        Args:
            tasks: The traces; at least one.
            max_concurrent: Requests under way at a time.
        """
        return self._run(self._send_batch(tasks, max_concurrent))

    def get_interpreted_task_result(self, task_id: str) -> ApiResponse:
        """Asks once for the interpretation of a trace.

        Ready: `success=True` and `data["interpretedTraceResult"]`. Not ready (202) or unknown
        (404): `success=False` with the status and a message.

        Args:
            task_id: The trace id that `send_task_data` returned.
        """
        return self._run(self._get_result(task_id))

    def wait_for_interpretation(
        self,
        trace_id: str,
        timeout: float = 120.0,
        poll_interval: float = 3.0,
        *,
        raise_on_timeout: bool = False,
    ) -> ApiResponse:
        """Polls until Maestro has interpreted the trace, and returns at once when it has.

        Args:
            trace_id: The trace id that `send_task_data` returned.
            timeout: Most seconds to wait. Then the last answer is returned, with `success=False`.
            poll_interval: Seconds between polls; the server holds each until the result is there.
            raise_on_timeout: Raise InfiniumTimeoutError instead of returning without a result.

        Raises:
            InfiniumTimeoutError: A request itself timed out on the network.
        """
        return self._run(self._wait(trace_id, timeout, poll_interval, raise_on_timeout))

    def get_prompt(
        self,
        prompt_id: str,
        prompt_key: str,
        version: str | int = "latest",
        variables: Mapping[str, Any] | None = None,
    ) -> PromptContent:
        """Fetches a prompt; the active trace records that it was used.

        When the server is away, the copy that it last served is returned, if there is one.

        Args:
            prompt_id: UUID of the prompt.
            prompt_key: The prompt's key.
            version: A positive integer, "latest" or a label.
            variables: Values for `{{name}}` in `rendered_content`; unknown names stay as they are.
        """
        return self._run(self._get_prompt(prompt_id, prompt_key, version, variables))

    def trace(
        self, name: str, *, auto_send: bool = True, description: str | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator that sends a trace of each call of a function; see `trace_agent`."""
        return trace_agent(name, self, auto_send=auto_send, description=description)

    def test_connection(self) -> ApiResponse:
        """Checks that the server is ready and knows this agent; raises what stands in the way."""
        return self._run(self._test_connection())

    def flush(self, timeout: float | None = None) -> bool:
        """Whether all that was handed over is sent: always, as each call sends before it ends.

        `timeout` is in seconds.
        """
        del timeout
        return True

    def close(self) -> None:
        """Ends the connections; later calls raise NetworkError. Harmless when closed."""
        self._transport.close()

    def _run(self, operation: Operation[T]) -> T:
        try:
            action = next(operation)
            while True:
                try:
                    result = self._perform(action)
                except InfiniumError as error:
                    action = operation.throw(error)
                else:
                    action = operation.send(result)
        except StopIteration as stop:
            return stop.value

    def _perform(self, action: Request | Gather | Poll | Sleep) -> Any:
        if isinstance(action, Request):
            return self._request(action)
        if isinstance(action, Gather):
            return self._gather(action)
        if isinstance(action, Sleep):
            return time.sleep(action.seconds)
        token = current_poll.set(action)
        try:
            return self.get_interpreted_task_result(action.trace_id)
        finally:
            current_poll.reset(token)

    def _request(self, request: Request) -> Reply:
        try:
            status, headers, body, _ = self._transport.request(
                request.method,
                request.path,
                request.headers,
                request.body,
                timeout=request.timeout,
                retries=request.retries,
                deadline=request.deadline,
                from_root=request.from_root,
            )
        except _native.NativeError as error:
            raise from_native(error, request.timeout) from error
        self.logger.debug("%s %s: %d", request.method, request.path, status)
        return Reply(status, headers, body)

    def _gather(self, action: Gather) -> list[Reply | InfiniumError]:
        if len(action.requests) == 1:
            return [self._request_or_error(action.requests[0])]
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(action.limit, len(action.requests)), "infinium") as pool:
            return list(pool.map(self._request_or_error, action.requests))

    def _request_or_error(self, request: Request) -> Reply | InfiniumError:
        try:
            return self._request(request)
        except InfiniumError as error:
            return error
