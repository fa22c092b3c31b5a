"""One call of a traced function: what is recorded of it, and how the trace is sent.

Nothing here may reach the function: every fault of the recording ends in the log.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
import json
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import Any, NamedTuple, cast

from ._recording import open_step, reset_trace_context, set_trace_context
from .builder import TraceBuilder
from .step_context import StepContext
from .types import TaskData
from .validation import MAX_DESCRIPTION_LENGTH

TEXT_MAX = 20_000
"""Longer inputs and outputs of a traced function are cut and end with an ellipsis."""

ITEMS_MAX = 1_000
"""So many items of a generator are kept for its output."""

_logger = logging.getLogger("infinium")

_background: set[Any] = set()
"""Sends that outlive the call they belong to; held here until they are done."""


class TraceSpec(NamedTuple):
    """What a decorator was told. `client` is of either kind, or None."""

    name: str
    client: Any
    auto_send: bool
    description: str | None


class Run:
    """One call of a traced function."""

    def __init__(
        self,
        spec: TraceSpec,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        self._spec = spec
        self._items: list[Any] = []
        self._item_count = 0
        name = getattr(function, "__name__", type(function).__name__)
        text = (spec.description or inspect.getdoc(function) or "").strip() or f"A call of {name}"
        self._builder = TraceBuilder(spec.name, cut(text, MAX_DESCRIPTION_LENGTH))
        self._step: StepContext = self._builder.step("execution", f"Call {name}")
        self._step.start()
        self._note(lambda: self._set_input(function, args, kwargs))

    @contextlib.contextmanager
    def active(self) -> Generator[None]:
        """Inside, what is recorded belongs to this run."""
        trace = set_trace_context(self._builder.context)
        step = open_step.get()
        open_step.set(None)
        try:
            yield
        finally:
            open_step.set(step)
            reset_trace_context(trace)

    def yielded(self, item: Any) -> None:
        """A generator gave this item."""
        self._item_count += 1
        if len(self._items) < ITEMS_MAX:
            self._items.append(item)

    def returned(self, result: Any) -> None:
        """The function ended well."""
        self._step.end()
        if result is not None:
            self._note(lambda: self._set_output(result))

    def exhausted(self, result: Any = None) -> None:
        """A generator ended, or was closed: what it gave is the output."""
        if not self._item_count:
            return self.returned(result)
        left_out = self._item_count - len(self._items)
        items = self._items
        if all(isinstance(item, str) for item in items):
            text = "".join(items)
            return self.returned(f"{text}… ({left_out} more items)" if left_out else text)
        return self.returned([*items, f"… ({left_out} more items)"] if left_out else items)

    def failed(self, error: BaseException) -> None:
        """The function raised."""
        self._step.end(error)
        self._note(lambda: self._builder.add_error(error))

    def send(self) -> None:
        """Sends the trace from a plain function, with a client of either kind."""
        task = self._built()
        if task is None:
            return
        try:
            answer = self._spec.client.send_task_data(task)
            if inspect.isawaitable(answer):
                _finish(answer)
        except Exception:
            self._not_sent()

    async def send_async(self) -> None:
        """The same from a coroutine; a client that blocks does so in another thread."""
        task = self._built()
        if task is None:
            return
        try:
            send = self._spec.client.send_task_data
            if inspect.iscoroutinefunction(send):
                await send(task)
            else:
                import asyncio

                answer = await asyncio.to_thread(send, task)
                if inspect.isawaitable(answer):
                    await answer
        except Exception:
            self._not_sent()

    def send_in_background(self) -> None:
        """For a coroutine that is being cancelled: the send must not hold it up."""
        import asyncio

        try:
            _keep(asyncio.get_running_loop().create_task(self.send_async()))
        except RuntimeError:
            self.send()

    def _set_input(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        try:
            given = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
        except (TypeError, ValueError):
            given = {"args": args, "kwargs": kwargs}
        first = next(iter(given), None)
        if first in ("self", "cls"):
            del given[first]
        text = as_text(given)
        self._builder.set_input_summary(text)
        self._step.set_input(text)

    def _set_output(self, result: Any) -> None:
        text = as_text(result)
        self._builder.set_output_summary(text)
        self._step.set_output(text)

    def _built(self) -> TaskData | None:
        if not self._spec.auto_send or self._spec.client is None:
            return None
        try:
            return self._builder.build()
        except Exception:
            self._not_sent()
            return None

    def _note(self, record: Callable[[], object]) -> None:
        try:
            record()
        except Exception:
            _logger.warning("a part of trace %r was not recorded", self._spec.name, exc_info=True)

    def _not_sent(self) -> None:
        _logger.warning("trace %r was not sent", self._spec.name, exc_info=True)


def cut(text: str, length: int = TEXT_MAX) -> str:
    """The text, at most `length` characters of it; a cut ends with an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def as_text(value: Any) -> str:
    """A value as a person would want to read it: text as it is, containers as JSON, else repr()."""
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, (dict, list, tuple)):
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            encoder = json.JSONEncoder(ensure_ascii=False, default=repr)
            parts = encoder.iterencode(cast("Any", value))
            return cut("".join(itertools.islice(parts, TEXT_MAX)))
    return cut(repr(cast("Any", value)))


def _finish(answer: Awaitable[Any]) -> None:
    """Lets an async client's send run: in the running loop, else in one of its own."""
    import asyncio

    async def wait() -> None:
        try:
            await answer
        except Exception:
            _logger.warning("a trace was not sent", exc_info=True)

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(wait())
    else:
        _keep(loop.create_task(wait()))


def _keep(task: Any) -> None:
    _background.add(task)
    task.add_done_callback(_background.discard)


async def drain(timeout: float | None) -> bool:
    """Waits for the background sends of the running loop; whether all ended in time."""
    import asyncio

    loop = asyncio.get_running_loop()
    tasks = [task for task in _background if task.get_loop() is loop]
    if not tasks:
        return True
    _, left = await asyncio.wait(tasks, timeout=timeout)
    return not left
