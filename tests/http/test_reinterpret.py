"""Reading stored traces again: what would change, what did, and that nothing is lost by it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from test_company import baseline, booking

from harness import PATIENCE_S, PROGRAM, Agent, Json, Launch, cli_json, encode, run_cli


def settle(agent: Agent, ids: list[str]) -> list[Json]:
    """The results of all."""
    return [agent.result(one, wait=PATIENCE_S).json["interpretedTraceResult"] for one in ids]


def make_old(data: Path) -> None:
    """Makes every result one of an earlier engine that knew no company and thought well of all."""
    with sqlite3.connect(data / "infinium.db") as db:
        db.execute("UPDATE result SET engine_version = '0.0.9', engine_model = ''")
        db.execute("UPDATE trace SET verdict = 0, score = 100")
        db.execute("DELETE FROM contribution")
    db.close()


def results(agent: Agent, trace_id: str) -> list[Json]:
    """What the API lists."""
    reply = agent.call("GET", f"/traces/{trace_id}/results")
    assert reply.status == 200, reply.body
    return reply.json["results"]


def reinterpret(data: Path, *options: str) -> Any:
    """The command's report."""
    return cli_json("reinterpret", "--data", data, *options)


def test_shows_what_would_change_then_changes_it_and_keeps_what_was(launch: Launch) -> None:
    server = launch()
    agent = server.agent()
    ids = [agent.send_ok(booking(duration=n)) for n in range(1, 6)]
    live = settle(agent, ids)
    assert server.stop() == 0
    make_old(server.data)

    tried = reinterpret(server.data, "--dry-run")
    assert (tried["state"], tried["dry_run"], tried["read"]) == ("done", True, 5)
    assert tried["of_other_engine"] == 5
    assert sum(row["count"] for row in tried["verdicts"]) == 5
    assert all(row["from"] == "succeeded" for row in tried["verdicts"])

    agent.server = launch()
    assert results(agent, ids[0])[0]["engineVersion"] == "0.0.9", "the dry run stored nothing"
    done = reinterpret(server.data)  # through the server that holds the folder
    assert done["verdicts"] == tried["verdicts"]
    assert done["score"] == tried["score"]
    for trace_id, before in zip(ids, settle(agent, ids), strict=True):
        now, old = results(agent, trace_id)
        assert (now["number"], now["current"], now["verdict"]) == (2, True, before["verdict"])
        assert (old["number"], old["current"]) == (1, False)
        assert (old["engineVersion"], old["verdict"], old["score"]) == ("0.0.9", "succeeded", 100)
        kept = agent.call("GET", f"/traces/{trace_id}/results/1")
        assert kept.json["interpretedTraceResult"]["traceId"] == trace_id
    again = settle(agent, ids)
    for one, other in zip(live, again, strict=True):
        assert {**one, "interpretedAt": ""} == {**other, "interpretedAt": ""}
    assert baseline(agent, agent.send_ok(booking(duration=9)))["siblings"] == ids
    assert reinterpret(server.data)["read"] == 0


def test_says_it_for_a_person_and_for_one_agent_only(launch: Launch) -> None:
    server = launch()
    first, second = server.agent("first"), server.agent("second")
    for agent in (first, second):
        settle(agent, [agent.send_ok(booking())])
    assert server.stop() == 0
    make_old(server.data)
    done = run_cli("reinterpret", "--data", server.data, "--agent", "first")
    assert done.returncode == 0, done.stderr
    assert "read again: 1 of 1 traces" in done.stdout
    assert "points on average" in done.stdout
    assert reinterpret(server.data, "--dry-run")["read"] == 1
    assert run_cli("reinterpret", "--data", server.data, "--agent", "third").returncode == 6
    assert run_cli("reinterpret", "--data", server.data / "none").returncode == 6
    assert not (server.data / "none").exists()


def test_stopped_by_ctrl_c_it_goes_on_where_it_was(launch: Launch) -> None:
    server = launch("--rate-limit", "0")
    agent = server.agent()
    ids: list[str] = []
    for _ in range(8):
        reply = agent.batch(encode([booking(duration=n % 50) for n in range(250)]))
        ids += [one["traceId"] for one in reply.json["results"]]
    settle(agent, ids[-1:])
    while any(row["status"] == "pending" for row in agent.list("?limit=200")["traces"]):
        settle(agent, ids[-200:])
    settle(agent, ids)
    assert server.stop() == 0
    make_old(server.data)
    command = [PROGRAM, "reinterpret", "--data", server.data, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        lock = server.data / "infinium.db-wal"
        while process.poll() is None and (not lock.exists() or lock.stat().st_size < 100_000):
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    first = 2_000 - reinterpret(server.data, "--dry-run")["read"]
    assert first > 0
    rest = reinterpret(server.data)
    assert rest["read"] == 2_000 - first
    assert reinterpret(server.data)["read"] == 0
    agent.server = launch()
    assert {len(results(agent, one)) for one in ids[:: 100]} == {2}
