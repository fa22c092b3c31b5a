"""`watch()`: which client it is, and the hook at the place where its requests leave.

The hook sits on the instance's `_post`, through which `create`, `parse`, `stream` and the raw
variants all go; on a client without one (or whose `create` was replaced) it sits on `create`.
Results are handed on as they are: a stream stays the object it is; its iterator is listened to.
"""

from __future__ import annotations

import functools
import inspect
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from .._recording import CapturedLlmCall, get_current_trace_context, open_step
from ..exceptions import ConfigurationError
from ..step_context import describe_exception
from . import _anthropic, _openai
from ._reading import Reader, shown

T = TypeVar("T")

_logger = logging.getLogger("infinium")


class _Endpoint(NamedTuple):
    """One resource of a client (`chat.completions`), its path, and who reads its answers."""

    attribute: str
    path: str
    reader: type[Reader]


_ENDPOINTS: dict[str, list[_Endpoint]] = {
    "openai": [
        _Endpoint("chat.completions", "/chat/completions", _openai.ChatReader),
        _Endpoint("beta.chat.completions", "/chat/completions", _openai.ChatReader),
        _Endpoint("responses", "/responses", _openai.ResponsesReader),
    ],
    "anthropic": [
        _Endpoint("messages", "/v1/messages", _anthropic.MessagesReader),
        _Endpoint("beta.messages", "/v1/messages", _anthropic.MessagesReader),
    ],
}

_HOSTS = {"api.x.ai": "xai", "googleapis.com": "google"}
"""Services that speak OpenAI's protocol, told by the client's base URL."""


def watch(client: T, capture_content: bool = False) -> T:
    """Records each LLM call of `client` in the active trace, and returns the same client.

    Recorded are the model, tokens, temperature, latency, errors and the names of the tools that the
    model asked for; with `capture_content` also what was sent and answered. What the client does is
    not changed. Known are the clients of `openai` and `anthropic`, sync and async, streaming too.

    Raises:
        ConfigurationError: The client is of no known kind.
    """
    family = _family(client)
    if family is None:
        kind = type(client)
        raise ConfigurationError(
            f"watch() knows the clients of openai and anthropic, not"
            f" {kind.__module__}.{kind.__qualname__}",
            config_key="client",
        )
    hooked = False
    for endpoint in _ENDPOINTS[family]:
        resource: Any = client
        for name in endpoint.attribute.split("."):
            resource = getattr(resource, name, None)
        if resource is not None:
            _hook(resource, endpoint, _provider(client, family), capture_content)
            hooked = True
    if not hooked:
        raise ConfigurationError(f"this version of {family} is not known", config_key="client")
    return client


def _family(client: object) -> str | None:
    for base in type(client).__mro__:
        family = base.__module__.partition(".")[0]
        if family in _ENDPOINTS:
            return family
    return None


def _provider(client: object, family: str) -> str:
    url = str(getattr(client, "base_url", ""))
    return next((name for host, name in _HOSTS.items() if host in url), family)


def _hook(resource: Any, endpoint: _Endpoint, provider: str, capture_content: bool) -> None:
    replaced = "create" in vars(resource) and "_post" not in _hooked(resource)
    place = "create" if replaced or not hasattr(resource, "_post") else "_post"
    original = _hooked(resource).get(place, getattr(resource, place))
    hook = _AsyncHook if _is_async(resource, original) else _Hook
    setattr(resource, place, hook(original, endpoint, provider, capture_content).call)
    resource.__dict__["_infinium_hooked"] = {place: original}


def _hooked(resource: Any) -> dict[str, Any]:
    """What `watch` put its hooks on before, so that watching twice records once."""
    return getattr(resource, "_infinium_hooked", {})


def _is_async(resource: Any, original: Any) -> bool:
    return inspect.iscoroutinefunction(original) or type(resource).__name__.startswith("Async")


class _Hook:
    """Stands before one function of a blocking client."""

    def __init__(
        self, original: Any, endpoint: _Endpoint, provider: str, capture_content: bool
    ) -> None:
        self._original = original
        self._endpoint = endpoint
        self._provider = provider
        self._capture_content = capture_content
        self.call: Callable[..., Any] = functools.wraps(original)(self._caller())

    def _caller(self) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            seen = self._begin(args, kwargs)
            if seen is None:
                return self._original(*args, **kwargs)
            try:
                result = self._original(*args, **kwargs)
            except BaseException as error:
                seen.failed(error)
                raise
            seen.answered(result)
            return result

        return call

    def _begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Seen | None:
        """None where there is no active trace, or the call is for another path."""
        context = get_current_trace_context()
        if context is None:
            return None
        try:
            body: Any = kwargs
            if "cast_to" in kwargs or "body" in kwargs:  # the call is a `_post`
                path = args[0] if args else kwargs.get("path")
                if path is None or str(path).partition("?")[0] != self._endpoint.path:
                    return None
                body = kwargs.get("body")
            request: dict[str, Any] = {}
            if isinstance(body, Mapping):
                request.update(cast("Mapping[str, Any]", body))
            seen = _Seen(self._endpoint.reader, request, self._provider, self._capture_content)
        except Exception:
            _logger.warning("an LLM call was not recorded", exc_info=True)
            return None
        context.calls.append(seen.call)
        return seen


class _AsyncHook(_Hook):
    """Stands before one function of an asyncio client."""

    def _caller(self) -> Callable[..., Any]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            seen = self._begin(args, kwargs)
            if seen is None:
                return await self._original(*args, **kwargs)
            try:
                result = await self._original(*args, **kwargs)
            except BaseException as error:
                seen.failed(error)
                raise
            seen.answered(result)
            return result

        return call


class _Seen:
    """One call under way. No fault of the recording leaves it."""

    def __init__(
        self,
        reader: type[Reader],
        request: Mapping[str, Any],
        provider: str,
        capture_content: bool,
    ) -> None:
        model = request.get("model")
        temperature = request.get("temperature")
        self.call = CapturedLlmCall(
            provider=provider,
            model=model if isinstance(model, str) else "unknown",
            temperature=temperature if isinstance(temperature, (int, float)) else None,
            open_step=open_step.get(),
        )
        self._began_ns = time.perf_counter_ns()
        self._reader = reader(self.call, capture_content)
        if capture_content:
            self.call.input_preview = shown(self._reader.input_of(request))

    def failed(self, error: BaseException) -> None:
        """The call raised."""
        self._note(lambda: setattr(self.call, "error", describe_exception(error)))
        self._end()

    def answered(self, result: Any) -> None:
        """The answer is there, or begins to come."""
        self._note(lambda: self._listen(result))

    def _listen(self, result: Any) -> None:
        iterator = getattr(result, "_iterator", None)
        if isinstance(iterator, AsyncIterator):
            result._iterator = self._heard_async(cast("AsyncIterator[Any]", iterator))
        elif isinstance(iterator, Iterator):
            result._iterator = self._heard(cast("Iterator[Any]", iterator))
        elif inspect.isasyncgen(result) or inspect.isgenerator(result):
            self._end()
        else:
            self._reader.whole(result)
            self.call.complete = True
            self._end()

    def _heard(self, events: Iterator[Any]) -> Iterator[Any]:
        try:
            for event in events:
                self._note(lambda event=event: self._reader.part(event))
                yield event
            self.call.complete = True
        except GeneratorExit:
            raise
        except BaseException as error:
            self.failed(error)
            raise
        finally:
            self._end_of_stream()

    async def _heard_async(self, events: AsyncIterator[Any]) -> AsyncIterator[Any]:
        try:
            async for event in events:
                self._note(lambda event=event: self._reader.part(event))
                yield event
            self.call.complete = True
        except GeneratorExit:
            raise
        except BaseException as error:
            self.failed(error)
            raise
        finally:
            self._end_of_stream()
            close = getattr(events, "aclose", None)
            if close is not None:
                await close()

    def _end_of_stream(self) -> None:
        self._note(self._reader.end)
        self._end()

    def _end(self) -> None:
        self.call.latency_ms = (time.perf_counter_ns() - self._began_ns) // 1_000_000

    def _note(self, record: Callable[[], object]) -> None:
        try:
            record()
        except Exception:
            _logger.warning("a part of an LLM call was not recorded", exc_info=True)
