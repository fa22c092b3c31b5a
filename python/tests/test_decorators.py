"""Decorated functions do what they did before, whatever becomes of their traces."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

import pytest

from conftest import Call, Client, finish
from infinium import InfiniumClient, TaskData, async_trace_agent, trace_agent
from infinium._recording import get_current_trace_context
from scripted_server import ScriptedServer


class Collector:
    """Stands in for a client."""

    def __init__(self) -> None:
        self.tasks: list[TaskData] = []

    def send_task_data(self, task: TaskData) -> None:
        self.tasks.append(task)


class AsyncCollector(Collector):
    async def send_task_data(self, task: TaskData) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        self.tasks.append(task)


class Broken:
    def send_task_data(self, task: TaskData) -> None:
        raise OSError("no network")


@pytest.fixture(params=[Collector, AsyncCollector])
def collector(request: pytest.FixtureRequest) -> Collector:
    return request.param()


def test_a_plain_function(collector: Collector) -> None:
    @trace_agent("Adder", collector)
    def add(first: int, second: int = 2) -> dict[str, int]:
        """Adds two numbers."""
        return {"sum": first + second}

    assert add(1) == {"sum": 3}
    assert add.__name__ == "add"
    assert str(inspect.signature(add)).startswith("(first: 'int', second")
    (task,) = collector.tasks
    assert (task.name, task.description) == ("Adder", "Adds two numbers.")
    assert (task.input_summary, task.output_summary) == ('{"first": 1}', '{"sum": 3}')
    (step,) = task.steps or []
    assert (step.action, step.error) == ("execution", None)


def test_an_exception_is_recorded_and_raised_again(collector: Collector) -> None:
    fault = ValueError("no")

    @trace_agent("x", collector, description="own words")
    def fail() -> None:
        raise fault

    with pytest.raises(ValueError, match="no") as caught:
        fail()
    assert caught.value is fault
    (task,) = collector.tasks
    assert task.description == "own words"
    assert [error.error_type for error in task.errors or []] == ["ValueError"]
    assert task.steps is not None
    assert task.steps[0].error is not None
    assert task.output_summary is None


def test_a_coroutine(collector: Collector) -> None:
    @async_trace_agent("x", collector)
    async def double(value: int) -> int:
        await asyncio.sleep(0)
        return value * 2

    assert inspect.iscoroutinefunction(double)
    assert asyncio.run(double(4)) == 8
    assert collector.tasks[0].output_summary == "8"


def test_a_cancelled_coroutine_is_not_held_up() -> None:
    started = asyncio.Event()

    class Slow(Collector):
        async def send_task_data(self, task: TaskData) -> None:  # type: ignore[override]
            self.tasks.append(task)
            await asyncio.Event().wait()

    slow = Slow()

    @trace_agent("x", slow)
    async def forever() -> None:
        started.set()
        await asyncio.Event().wait()

    async def main() -> None:
        task = asyncio.create_task(forever())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_a_generator_keeps_its_protocol(collector: Collector) -> None:
    closed: list[str] = []

    @trace_agent("x", collector)
    def echo() -> Generator[str, str, str]:
        got = "start"
        try:
            for _ in range(3):
                try:
                    got = yield got
                except KeyError:
                    got = "caught"
        finally:
            closed.append("yes")
        return "end"

    assert inspect.isgeneratorfunction(echo)
    generator = echo()
    assert next(generator) == "start"
    assert get_current_trace_context() is None
    assert generator.send("sent") == "sent"
    assert generator.throw(KeyError("thrown")) == "caught"
    with pytest.raises(StopIteration) as stop:
        generator.send("last")
    assert stop.value.value == "end"
    assert closed == ["yes"]
    assert collector.tasks[0].output_summary == "startsentcaught"


def test_a_generator_may_be_left_early_or_fail(collector: Collector) -> None:
    @trace_agent("x", collector)
    def count() -> Generator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    generator = count()
    next(generator)
    generator.close()
    assert collector.tasks[0].output_summary == "[1]"
    assert collector.tasks[0].errors is None
    with pytest.raises(ValueError, match="three"):
        list(count())
    assert collector.tasks[1].output_summary == "[1, 2]"
    assert [error.message for error in collector.tasks[1].errors or []] == ["three"]


def test_an_async_generator(collector: Collector) -> None:
    @trace_agent("x", collector)
    async def letters(fail: bool) -> AsyncGenerator[str, str]:
        got = yield "a"
        try:
            yield got or "b"
        except KeyError:
            yield "caught"
        if fail:
            raise ValueError("no")

    async def main() -> None:
        assert [letter async for letter in letters(False)] == ["a", "b"]
        generator = letters(True)
        assert await generator.__anext__() == "a"
        assert await generator.asend("sent") == "sent"
        assert await generator.athrow(KeyError()) == "caught"
        with pytest.raises(ValueError, match="no"):
            await generator.__anext__()
        left = letters(False)
        await left.__anext__()
        await left.aclose()
        while len(collector.tasks) < 3:
            await asyncio.sleep(0)

    assert inspect.isasyncgenfunction(letters)
    asyncio.run(main())
    assert [task.output_summary for task in collector.tasks] == ["ab", "asentcaught", "a"]
    assert [bool(task.errors) for task in collector.tasks] == [False, True, False]


def test_methods_and_callables(collector: Collector) -> None:
    class Agent:
        @trace_agent("method", collector)
        def answer(self, question: str) -> str:
            return question.upper()

        async def __call__(self, value: int) -> int:
            return value + 1

    assert Agent().answer("why") == "WHY"
    assert asyncio.run(trace_agent("call", collector)(Agent())(1)) == 2
    assert [task.input_summary for task in collector.tasks] == [
        '{"question": "why"}',
        '{"value": 1}',
    ]


def test_nothing_about_the_trace_breaks_the_function(caplog: pytest.LogCaptureFixture) -> None:
    class Rude:
        def __repr__(self) -> str:
            raise RuntimeError("not shown")

    rude = Rude()

    @trace_agent("x" * 600, Broken())
    def hand_back(value: Any) -> Any:
        return value

    assert hand_back(rude) is rude
    assert "was not sent" in caplog.text

    @trace_agent("x")
    def alone() -> int:
        return 1

    assert alone() == 1


def test_a_wrong_call_raises_as_before(collector: Collector) -> None:
    @trace_agent("x", collector)
    def one(value: int) -> int:
        return value

    wrong: Callable[..., Any] = one
    with pytest.raises(TypeError, match="positional"):
        wrong(1, 2, 3)


def test_long_texts_are_cut_and_say_so() -> None:
    collector = Collector()

    @trace_agent("x", collector)
    def long(text: str) -> str:
        return text

    long("y" * 30_000)
    (task,) = collector.tasks
    assert len(task.output_summary or "") == 20_000
    assert (task.output_summary or "").endswith("y…")
    assert (task.input_summary or "").endswith("y…")


def test_traces_nest_without_mixing(collector: Collector) -> None:
    @trace_agent("inner", collector)
    def inner() -> object:
        return get_current_trace_context()

    @trace_agent("outer", collector)
    def outer() -> tuple[object, object, object]:
        return get_current_trace_context(), inner(), get_current_trace_context()

    before, within, after = outer()
    assert before is after
    assert before is not within
    assert get_current_trace_context() is None
    assert [task.name for task in collector.tasks] == ["inner", "outer"]


@pytest.mark.parametrize("auto_send", [True, False])
def test_either_client_traces_either_kind(
    server: ScriptedServer, make_client: Call, auto_send: bool
) -> None:
    server.answer(201, {"traceId": "x"})
    client: Client = make_client()

    @client.trace("plain", auto_send=auto_send)
    def plain() -> int:
        return 1

    @client.trace("coroutine", auto_send=auto_send)
    async def coroutine() -> int:
        return 2

    @client.trace("within", auto_send=auto_send)
    def within() -> int:
        return 3

    async def main() -> None:
        assert await coroutine() == 2
        assert within() == 3
        if not isinstance(client, InfiniumClient):
            assert await client.flush(10)

    assert plain() == 1
    asyncio.run(main())
    finish(client.flush(0))
    names = [seen.json()["name"] for seen in server.seen]
    assert names == (["plain", "coroutine", "within"] if auto_send else [])
