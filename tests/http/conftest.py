"""Servers and agents for the tests; every test ends with every server alive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import PROGRAM, Agent, Launch, Server

_running: list[Server] = []


def pytest_sessionstart() -> None:
    """Nothing can be tested without the program."""
    if not PROGRAM.exists():
        pytest.exit(f"{PROGRAM} is missing: run scripts/build, or set INFINIUM_BIN", 1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that most tests share; each brings its own agent."""
    folder = tmp_path_factory.mktemp("shared")
    shared = Server(folder / "data", folder / "log")
    _running.append(shared)
    yield shared
    assert shared.stop() == 0


@pytest.fixture(scope="session")
def idle_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without Maestro: what it stores stays pending."""
    folder = tmp_path_factory.mktemp("idle")
    idle = Server(folder / "data", folder / "log", "--maestro-threads", "0")
    _running.append(idle)
    yield idle
    assert idle.stop() == 0


@pytest.fixture
def agent(server: Server) -> Agent:
    """A new agent of the shared server."""
    return server.agent()


@pytest.fixture
def pending_agent(idle_server: Server) -> Agent:
    """A new agent whose traces stay pending."""
    return idle_server.agent()


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts servers of this test's own; they stop cleanly with it unless they were killed."""
    mine: list[Server] = []

    def start(*options: str, data: Path | None = None, **popen: object) -> Server:
        one = Server(data or tmp_path / "data", tmp_path / "log", *options, **popen)
        mine.append(one)
        _running.append(one)
        return one

    yield start
    for one in mine:
        if not one.ended:
            assert one.stop() == 0, one.log.read_text()


@pytest.fixture(autouse=True)
def nobody_died() -> Iterator[None]:
    """Whatever a test did, the servers that it left running answer."""
    yield
    _running[:] = [one for one in _running if not one.ended]
    for one in _running:
        assert one.healthy(), one.log.read_text()
