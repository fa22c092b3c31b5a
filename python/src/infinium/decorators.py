"""Decorators that make a trace of each call of a function, without changing what it does.

Plain functions, coroutines, generators and async generators all keep their kind, their result and
their exceptions.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from ._runs import Run, TraceSpec

P = ParamSpec("P")
R = TypeVar("R")


def trace_agent(
    name: str,
    client: Any = None,
    *,
    auto_send: bool = True,
    description: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Traces each call: input, output, exception, duration, and the LLM calls and prompts inside.

    Args:
        name: The trace's name.
        client: An InfiniumClient or AsyncInfiniumClient, on which `send_task_data` is called.
        auto_send: Whether the trace is sent when the call ends. A trace that cannot be sent is
            logged; the function's result is not affected.
        description: The trace's description; else the function's docstring.
    """
    spec = TraceSpec(name, client, auto_send, description)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return cast("Callable[P, R]", functools.wraps(function)(_wrapper(spec, function)))

    return decorate


async_trace_agent = trace_agent
"""The same decorator, under the name that programs use for coroutines."""


def _wrapper(spec: TraceSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    call = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    for kind in (function, call):
        if inspect.isasyncgenfunction(kind):
            return _async_generator(spec, function)
        if inspect.isgeneratorfunction(kind):
            return _generator(spec, function)
        if inspect.iscoroutinefunction(kind):
            return _coroutine(spec, function)
    return _plain(spec, function)


def _plain(spec: TraceSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        run = Run(spec, function, args, kwargs)
        try:
            with run.active():
                result = function(*args, **kwargs)
        except BaseException as error:
            run.failed(error)
            run.send()
            raise
        run.returned(result)
        run.send()
        return result

    return wrapper


def _coroutine(spec: TraceSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        run = Run(spec, function, args, kwargs)
        try:
            with run.active():
                result = await function(*args, **kwargs)
        except Exception as error:
            run.failed(error)
            await run.send_async()
            raise
        except BaseException as error:
            run.failed(error)
            run.send_in_background()
            raise
        run.returned(result)
        await run.send_async()
        return result

    return wrapper


def _generator(spec: TraceSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        run = Run(spec, function, args, kwargs)
        generator = function(*args, **kwargs)
        resume: Callable[[], Any] = functools.partial(next, generator)
        try:
            while True:
                with run.active():
                    try:
                        item = resume()
                    except StopIteration as stop:
                        result = stop.value
                        break
                run.yielded(item)
                try:
                    resume = functools.partial(generator.send, (yield item))
                except GeneratorExit:
                    with run.active():
                        generator.close()
                    raise
                except BaseException as thrown:
                    resume = functools.partial(generator.throw, thrown)
        except GeneratorExit:
            run.exhausted()
            run.send()
            raise
        except BaseException as error:
            run.exhausted()
            run.failed(error)
            run.send()
            raise
        run.exhausted(result)
        run.send()
        return result

    return wrapper


def _async_generator(spec: TraceSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        run = Run(spec, function, args, kwargs)
        generator = function(*args, **kwargs)
        resume: Callable[[], Any] = generator.__anext__
        try:
            while True:
                with run.active():
                    try:
                        item = await resume()
                    except StopAsyncIteration:
                        break
                run.yielded(item)
                try:
                    resume = functools.partial(generator.asend, (yield item))
                except GeneratorExit:
                    with run.active():
                        await generator.aclose()
                    raise
                except BaseException as thrown:
                    resume = functools.partial(generator.athrow, thrown)
        except GeneratorExit:
            run.exhausted()
            run.send_in_background()
            raise
        except Exception as error:
            run.exhausted()
            run.failed(error)
            await run.send_async()
            raise
        except BaseException as error:
            run.exhausted()
            run.failed(error)
            run.send_in_background()
            raise
        run.exhausted()
        await run.send_async()

    return wrapper
