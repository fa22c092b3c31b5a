"""A disk that is full, or nearly: a clear 503, nothing half stored, and life afterwards."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import Agent, Launch, encode, payload, refused


def noise(length: int) -> str:
    """Text that does not compress."""
    return os.urandom(length // 2).hex()


def fill(agent: Agent) -> list[str]:
    """Sends until the store refuses; gives what it acknowledged."""
    stored: list[str] = []
    for _ in range(400):
        reply = agent.send(payload(filler=noise(200_000)))
        if reply.status != 201:
            refused(reply, 503, "unavailable")
            assert int(reply.headers["retry-after"]) >= 1
            return stored
        stored.append(reply.json["traceId"])
    raise AssertionError("the disk never became full")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("mounting needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk(launch: Launch, small_disk: Path) -> None:
    server = launch("--disk-reserve", "0", data=small_disk / "data")
    agent = server.agent()
    stored = fill(agent)
    assert stored
    for trace_id in stored:
        assert agent.read(trace_id).status == 200
    listed = {row["traceId"] for row in agent.list("?limit=200")["traces"]}
    assert listed == set(stored)


def test_the_reserve_is_kept(launch: Launch, small_disk: Path) -> None:
    server = launch(data=small_disk / "data")
    agent = server.agent()
    refused(agent.send(payload()), 503, "unavailable")
    results = agent.batch(encode([payload()] * 2))
    refused(results, 503, "unavailable")
    assert agent.list()["traces"] == []


def limit_files() -> None:
    """Runs in the child: no file may grow beyond 6 MiB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))


def test_a_file_that_cannot_grow(launch: Launch) -> None:
    server = launch(preexec_fn=limit_files)
    agent = server.agent()
    stored = fill(agent)
    assert {row["traceId"] for row in agent.list("?limit=200")["traces"]} == set(stored)
    assert server.stop() == 0
    agent.server = launch(data=server.data)
    for trace_id in stored:
        assert agent.result(trace_id, wait=60).status == 200
    agent.send_ok(payload())
