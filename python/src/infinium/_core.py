"""What both clients share: settings, requests, and how answers become results. No I/O here."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from . import _native
from ._actions import Operation, Request, current_poll
from ._batching import Batch, Channel
from ._faults import Reply, from_native, from_reply
from ._prompts import PromptCache, PromptRef, render
from ._recording import record_prompt
from ._version import __version__
from ._waiting import wait_for_interpretation
from .coercion import coerce_field, coerce_task
from .exceptions import ConfigurationError, NetworkError, ServerError, ValidationError
from .types import ApiResponse, BatchResult, PromptContent, TaskData
from .validation import (
    get_current_iso_datetime,
    setup_logging,
    validate_duration,
    validate_path_id,
)

DEFAULT_BASE_URL = "http://127.0.0.1:8400/api/v1"
DEFAULT_USER_AGENT = f"infinium-python/{__version__}"
BURST = 20

_SPARE_ID = "00000000-0000-4000-8000-000000000000"
_JSON = {"Content-Type": "application/json"}

T = TypeVar("T")


def encode_task(task_data: TaskData | Mapping[str, Any]) -> bytes:
    """The payload of the trace; ValidationError, with the path in `.field`, if it breaks a rule."""
    task = coerce_task(task_data)
    try:
        return _native.encode_trace(task, sdk_version=__version__)
    except _native.NativeError as error:
        raise from_native(error) from None


def create_task_data(
    name: str,
    description: str,
    duration: float,
    current_datetime: str | None = None,
    **fields: Any,
) -> TaskData:
    """A validated TaskData; see `InfiniumClient.create_task_data`."""
    unknown = [field for field in fields if field not in TaskData.__dataclass_fields__]
    if unknown:
        raise TypeError(f"TaskData has no field {', '.join(map(repr, unknown))}")
    task = TaskData(
        name=coerce_field("name", name),
        description=coerce_field("description", description),
        current_datetime=coerce_field(
            "current_datetime",
            get_current_iso_datetime() if current_datetime is None else current_datetime,
        ),
        duration=validate_duration(duration),
        **{field: coerce_field(field, value) for field, value in fields.items()},
    )
    try:
        _native.validate_trace(task)
    except _native.NativeError as error:
        raise from_native(error) from None
    return task


class ClientCore:
    """Settings and operations of a client, driven by InfiniumClient and AsyncInfiniumClient."""

    def __init__(
        self,
        agent_id: str | None = None,
        agent_secret: str | None = None,
        base_url: str | None = None,
        timeout: float = 30.0,
        max_retries: int = 3,
        enable_rate_limiting: bool = True,
        requests_per_second: float = 10.0,
        user_agent: str = DEFAULT_USER_AGENT,
        enable_logging: bool = False,
        log_level: str = "INFO",
        verify_ssl: bool = True,
    ) -> None:
        """Takes what is not given from INFINIUM_AGENT_ID, INFINIUM_AGENT_SECRET, INFINIUM_BASE_URL.

        Args:
            agent_id: The agent's UUID.
            agent_secret: The agent's secret.
            base_url: Where the server is; a URL without a path gets `/api/v1`. Without any:
                `http://127.0.0.1:8400/api/v1`.
            timeout: Seconds that one attempt of a request may take.
            max_retries: Further attempts after a connection error, a time-out, a 5xx or a 429.
            enable_rate_limiting: Whether to keep to `requests_per_second`.
            requests_per_second: HTTP requests a second, with bursts of up to 20.
            user_agent: What the client calls itself.
            enable_logging: Shows the SDK's log on stderr.
            log_level: DEBUG, INFO, WARNING or ERROR.
            verify_ssl: Whether the server's certificate must be valid.
        """
        self.agent_id = _credential("agent_id", agent_id, "INFINIUM_AGENT_ID")
        self.agent_secret = _credential("agent_secret", agent_secret, "INFINIUM_AGENT_SECRET")
        if not timeout > 0:
            raise ConfigurationError("timeout must be over 0 seconds", config_key="timeout")
        if max_retries < 0:
            raise ConfigurationError("max_retries must not be negative", config_key="max_retries")
        if enable_rate_limiting and not requests_per_second > 0:
            raise ConfigurationError(
                "requests_per_second must be over 0", config_key="requests_per_second"
            )
        self.timeout = timeout
        self.max_retries = max_retries
        self.user_agent = user_agent
        self.verify_ssl = verify_ssl
        try:
            self._transport = _native.Transport(
                base_url or os.environ.get("INFINIUM_BASE_URL") or DEFAULT_BASE_URL,
                user_agent=user_agent,
                connect_timeout=min(10.0, timeout),
                max_retries=max_retries,
                requests_per_second=requests_per_second if enable_rate_limiting else None,
                burst=BURST,
                verify_ssl=verify_ssl,
            )
        except _native.NativeError as error:
            raise ConfigurationError(error.message, config_key="base_url") from None
        self.base_url = self._transport.base_url
        self.logger = logging.getLogger("infinium")
        if enable_logging:
            setup_logging(log_level)
        self._prompts = PromptCache()
        self._channel = Channel(self._batch_request, self._trace_request, max_retries)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(agent_id={self.agent_id!r}, base_url={self.base_url!r})"

    @staticmethod
    def get_current_iso_datetime() -> str:
        """Now in UTC as ISO 8601."""
        return get_current_iso_datetime()

    @staticmethod
    def create_task_data(
        name: str,
        description: str,
        duration: float,
        current_datetime: str | None = None,
        **fields: Any,
    ) -> TaskData:
        """Builds a TaskData and validates all of it.

        Args:
            name: Short task name, 1 to 500 characters.
            description: What the agent did, 1 to 10,000 characters.
            duration: Wall-clock time in seconds.
            current_datetime: ISO 8601 timestamp; now, if not given.
            **fields: Any other field of TaskData; dicts become the dataclasses.

        Raises:
            ValidationError: A value breaks a rule; `.field` is its path.
            TypeError: TaskData has no such field.
        """
        return create_task_data(name, description, duration, current_datetime, **fields)

    def _agent_headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        return {"x-agent-id": self.agent_id, "x-agent-key": self.agent_secret, **(more or {})}

    def _agent_path(self, rest: str) -> str:
        return f"/agents/{validate_path_id(self.agent_id, 'agent_id')}/{rest}"

    def _trace_request(self, key: str, payload: bytes) -> Request:
        headers = self._agent_headers({**_JSON, "Idempotency-Key": key})
        path = self._agent_path("trace")
        return Request("POST", path, headers, payload, self.timeout)

    def _batch_request(self, body: bytes) -> Request:
        path = self._agent_path("traces")
        return Request("POST", path, self._agent_headers(_JSON), body, self.timeout)

    def _send(self, task_data: TaskData | Mapping[str, Any]) -> Operation[ApiResponse]:
        """One trace; the key is made once, so however often it is sent it is stored once."""
        request = self._trace_request(_native.make_id(), encode_task(task_data))
        reply: Reply = yield request
        if reply.status >= 300:
            raise from_reply(reply)
        data = reply.json_object()
        return ApiResponse(True, reply.status, str((data or {}).get("message", "stored")), data)

    def _send_batch(
        self, tasks: Sequence[Any], max_concurrent: int, fail_fast: bool = False
    ) -> Operation[BatchResult]:
        validate_path_id(self.agent_id, "agent_id")
        batch = Batch(self._channel, tasks, max_concurrent, fail_fast)
        return (yield from batch.send(tasks, encode_task))

    def _get_result(self, task_id: str) -> Operation[ApiResponse]:
        trace_id = validate_path_id(task_id, "task_id")
        path = self._agent_path(f"interpreted-result/{trace_id}")
        request = Request("GET", path, self._agent_headers(), timeout=self.timeout)
        poll = current_poll.get()
        if poll is not None:
            query = f"?wait={poll.hold:g}" if poll.hold > 0 else ""
            request = request._replace(path=path + query, retries=0, deadline=poll.budget)
        reply: Reply = yield request
        data = reply.json_object()
        if reply.status < 300:
            ready = bool((data or {}).get("interpretedTraceResult"))
            message = str((data or {}).get("message") or ("ready" if ready else "not ready yet"))
            return ApiResponse(ready, reply.status, message, data)
        if reply.status == 404:
            message = str((data or {}).get("error") or "no such trace")
            return ApiResponse(False, 404, message, data)
        raise from_reply(reply)

    def _wait(
        self, trace_id: str, timeout: float, poll_interval: float, raise_on_timeout: bool
    ) -> Operation[ApiResponse]:
        validate_path_id(trace_id, "trace_id")
        return wait_for_interpretation(
            trace_id, timeout, poll_interval, raise_on_timeout, self.timeout, time.monotonic
        )

    def _get_prompt(
        self,
        prompt_id: str,
        prompt_key: str,
        version: str | int,
        variables: Mapping[str, Any] | None,
    ) -> Operation[PromptContent]:
        ref = PromptRef.checked(prompt_id, prompt_key, version)
        path = f"/prompts/{ref.prompt_id}/v/{ref.version}"
        headers = {"x-prompt-id": ref.prompt_id, "x-prompt-key": ref.prompt_key}
        try:
            reply: Reply = yield Request("GET", path, headers, timeout=self.timeout)
            if reply.status >= 300:
                raise from_reply(reply)
            prompt = self._prompts.store(ref, reply)
        except (NetworkError, ServerError) as error:
            kept = self._prompts.find(ref)
            if kept is None:
                raise
            self.logger.warning("prompt %s served from memory: %s", ref.prompt_id, error.message)
            prompt = kept
        record_prompt(prompt, list(variables) if variables is not None else None)
        return render(prompt, variables)

    def _test_connection(self) -> Operation[ApiResponse]:
        """Health first; then a question that only an agent with these credentials may ask."""
        health: Reply = yield Request("GET", "/readyz", {}, timeout=self.timeout, from_root=True)
        if health.status >= 500:
            raise from_reply(health)
        path = self._agent_path(f"interpreted-result/{_SPARE_ID}")
        reply: Reply = yield Request("GET", path, self._agent_headers(), timeout=self.timeout)
        data = reply.json_object()
        if reply.status >= 300 and (reply.status != 404 or data is None):
            raise from_reply(reply)
        return ApiResponse(True, 200, f"{self.base_url} is ready and knows this agent", {})


def _credential(name: str, value: str | None, variable: str) -> str:
    found: object = value if value is not None else os.environ.get(variable)
    if not isinstance(found, str) or not found.strip():
        raise ValidationError(f"{name} is required: give it or set {variable}", field=name)
    return found.strip()
