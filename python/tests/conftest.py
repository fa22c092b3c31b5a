"""What the tests of the package share."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator
from typing import Any

import pytest

from infinium import AsyncInfiniumClient, InfiniumClient
from scripted_server import ScriptedServer

AGENT_ID = "0197c1f0-0000-7000-8000-00000000a6e7"
TRACE_ID = "0197c1f0-0000-7000-8000-0000000074ce"

Client = InfiniumClient | AsyncInfiniumClient
Call = Callable[..., Any]


@pytest.fixture
def server() -> Generator[ScriptedServer]:
    started = ScriptedServer()
    yield started
    started.close()


@pytest.fixture(params=[InfiniumClient, AsyncInfiniumClient], ids=["sync", "async"])
def make_client(request: pytest.FixtureRequest, server: ScriptedServer) -> Generator[Call]:
    """Makes clients of one kind after the other; a test that uses it runs for both."""
    made: list[Client] = []

    def make(**settings: Any) -> Client:
        given = {"base_url": server.url, "max_retries": 0, **settings}
        made.append(request.param(AGENT_ID, "s3cret-s3cret", **given))
        return made[-1]

    yield make
    for client in made:
        finish(client.close())


@pytest.fixture
def client(make_client: Call) -> Client:
    """One client that makes a single attempt."""
    return make_client()


def finish(result: Any) -> Any:
    """The result of a call on either client."""
    if inspect.iscoroutine(result):
        return asyncio.run(result)
    return result
