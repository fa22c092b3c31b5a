"""The program as a person or a script uses it, against a running server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from harness import PATIENCE_S, PROGRAM, Agent, encode, payload, run_cli, uuid7

RUBRIC = {"task_objective": "Total the invoices", "required_deliverables": ["A report"]}


def test_send_and_wait(agent: Agent, tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    file.write_text(json.dumps(payload(expected_outcome=RUBRIC, output_summary="12"), indent=2))
    done = run_cli("send", file, "--wait", "30", env=agent.environment)
    assert done.returncode == 0, done.stderr
    trace_id, verdict, *rest = done.stdout.splitlines()
    assert agent.read(trace_id).json["interpretationCount"] == 1
    assert re.match(r"[A-Z ]+   score [\d.]+ of 100", verdict)
    assert any("Total the invoices" in line for line in rest)
    shown = run_cli("get", trace_id, env=agent.environment)
    assert shown.stdout.splitlines() == [verdict, *rest]
    assert "\x1b" not in shown.stdout


def test_send_lines_an_array_and_stdin(agent: Agent, tmp_path: Path) -> None:
    lines = tmp_path / "traces.jsonl"
    lines.write_bytes(
        encode(payload(name="a")) + b"\n\n" + encode({"id": "x", "trace": payload(name="b")}) + b"\n"
    )
    sent = run_cli("send", lines, env=agent.environment).stdout.split()
    array = json.dumps([payload(name="c"), payload(name="d")])
    sent += run_cli("send", "-", stdin=array, env=agent.environment).stdout.split()
    assert [agent.read(one).json["trace"]["name"] for one in sent] == ["a", "b", "c", "d"]


def test_more_than_one_batch(agent: Agent, tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    file.write_bytes(b"".join(encode(payload(duration=i % 100)) + b"\n" for i in range(1_100)))
    done = run_cli("send", file, env=agent.environment)
    assert done.returncode == 0, done.stderr
    assert len(set(done.stdout.split())) == 1_100


def test_send_names_what_is_refused(agent: Agent) -> None:
    text = "\n".join(json.dumps(one) for one in (payload(), payload(duration=-1), payload()))
    done = run_cli("send", "-", stdin=text, env=agent.environment)
    assert done.returncode == 2
    assert len(done.stdout.split()) == 2
    assert "trace 2" in done.stderr and "duration" in done.stderr
    assert run_cli("send", "-", stdin="nope", env=agent.environment).returncode == 3
    big = json.dumps(payload(filler="x" * 1_048_577))
    assert run_cli("send", "-", stdin=big, env=agent.environment).returncode == 8
    assert run_cli("send", "/none", env=agent.environment).returncode == 6


def test_get_wait_and_their_failures(agent: Agent, pending_agent: Agent) -> None:
    trace_id = agent.send_ok(payload(n=12345678901234567890123))
    result = json.loads(run_cli("wait", trace_id, "--json", env=agent.environment).stdout)
    assert result == agent.result(trace_id).json["interpretedTraceResult"]
    back = run_cli("get", trace_id, "--trace", env=agent.environment)
    assert back.stdout.encode() == encode(payload(n=12345678901234567890123)) + b"\n"
    assert run_cli("get", uuid7(), env=agent.environment).returncode == 6
    assert run_cli("get", "x", env=agent.environment).returncode == 2
    waiting = pending_agent.send_ok(payload())
    for command in (("get", waiting), ("wait", waiting, "--timeout", "0.2")):
        done = run_cli(*command, env=pending_agent.environment)
        assert done.returncode == 11 and "still at work" in done.stderr
    wrong = {**agent.environment, "INFINIUM_AGENT_SECRET": "wrong"}
    assert run_cli("get", trace_id, env=wrong).returncode == 4
    nowhere = run_cli("get", trace_id, "--url", "http://127.0.0.1:1", env=agent.environment)
    assert nowhere.returncode == 10 and "127.0.0.1:1" in nowhere.stderr
    nobody = {"INFINIUM_AGENT_ID": "", "INFINIUM_AGENT_SECRET": ""}
    assert run_cli("get", trace_id, env=nobody).returncode == 2


def test_list(agent: Agent) -> None:
    sent = [agent.send_ok(payload(name=f"n{i} & more")) for i in range(3)]
    done = run_cli("list", "--limit", "2", env=agent.environment)
    assert [line.split()[0] for line in done.stdout.splitlines()] == sent[:0:-1]
    cursor = re.search(r"--cursor (\S+)", done.stderr)
    assert cursor
    rest = run_cli("list", "--cursor", cursor[1], "--json", env=agent.environment)
    assert [row["traceId"] for row in json.loads(rest.stdout)["traces"]] == sent[:1]
    found = run_cli("list", "--q", "n1 & more", env=agent.environment)
    assert [line.split()[0] for line in found.stdout.splitlines()] == [sent[1]]
    assert run_cli("list", "--verdict", "fine", env=agent.environment).returncode == 2


def test_tail_shows_each_trace_once(agent: Agent) -> None:
    first = agent.send_ok(payload())
    agent.result(first, wait=30)
    with subprocess.Popen(
        [PROGRAM, "tail", "--interval", "0.1"],
        env=agent.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as tail:
        assert tail.stdout
        assert tail.stdout.readline().split()[0] == first
        second = agent.send_ok(payload())
        assert tail.stdout.readline().split()[0] == second
        third = agent.send_ok(payload())
        assert tail.stdout.readline().split()[0] == third
        tail.send_signal(signal.SIGINT)
        assert tail.stdout.read() == ""
        tail.wait(PATIENCE_S)


def test_interpret_without_a_server(tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    rows = [
        {"id": f"t{i}", "agent": "ab"[i % 2], "trace": payload(expected_outcome=RUBRIC, duration=i)}
        for i in range(6)
    ]
    file.write_text("\n".join(json.dumps(row) for row in [*rows, payload()]))
    done = run_cli("interpret", file)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == [f"t{i}" for i in range(6)] + [None]
    assert all(line["interpretation"]["schemaVersion"] == 1 for line in lines)
    sizes = {}
    for history in ("--history", "--history=before", "--history=others"):
        out = run_cli("interpret", file, history).stdout.splitlines()
        sizes[history] = [json.loads(o)["interpretation"]["baseline"]["sampleSize"] for o in out]
    assert sizes["--history"] == sizes["--history=before"] == [0, 0, 1, 1, 2, 2, 0]
    assert sizes["--history=others"] == [2, 2, 2, 2, 2, 2, 0]
    text = run_cli("interpret", file, "--text").stdout
    assert "score" in text and "(t3)" in text


def test_interpret_goes_on_after_a_bad_line() -> None:
    good = json.dumps(payload())
    text = "\n".join([good, "{", "", json.dumps({"trace": {"name": "x"}}), good])
    done = run_cli("interpret", "-", stdin=text)
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 2
    assert "line 2:" in done.stderr and "line 4:" in done.stderr and "2 of 4" in done.stderr


def test_interpret_is_deterministic(tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    file.write_bytes(encode(payload(expected_outcome=RUBRIC, output_summary="The total is 7.")))
    outputs = set()
    for _ in range(3):
        line = json.loads(run_cli("interpret", file).stdout)
        line["interpretation"]["interpretedAt"] = ""
        outputs.add(json.dumps(line))
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "command",
    ["serve", "agent", "agent create", "agent list", "agent rotate", "agent disable",
     "agent enable", "prompt", "prompt create", "prompt push", "prompt list", "prompt show",
     "send", "get", "wait", "list", "tail", "interpret"],
)  # fmt: skip
def test_every_help_shows_an_example(command: str) -> None:
    done = run_cli(*command.split(), "--help")
    assert done.returncode == 0
    assert re.search(rf"Examples?:\n.*infinium {command}", done.stdout, re.DOTALL), done.stdout


def test_help_and_usage() -> None:
    done = run_cli("--help")
    assert done.returncode == 0 and "Exit codes:" in done.stdout
    assert re.match(r"infinium \d+\.\d+\.\d+", run_cli("--version").stdout)
    assert run_cli().returncode == 2
    unknown = run_cli("frobnicate")
    assert unknown.returncode == 2 and "frobnicate" in unknown.stderr
    assert run_cli("serve", "--port", "1").returncode == 2
