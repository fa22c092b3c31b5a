"""Learning from people's verdicts: before and after, versions, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness import Agent, Launch, Reviewer, Server, cli_json, payload, run_cli, uuid7

RUNS = 60


def run_of(number: int) -> Any:
    """A booking; every third one fails at its end and says otherwise."""
    room = f"R{100 + number}"
    failed = number % 3 == 0
    call: dict[str, Any] = {"tool_name": "book_room", "input_summary": json.dumps({"room": room})}
    if failed:
        call["error"] = {"error_type": "ToolError", "message": "The calendar refused the booking"}
    else:
        call["output_summary"] = json.dumps({"room": room, "status": "booked"})
    return payload(
        name=f"Book room {room}",
        input_summary=f"Please book room {room} for Friday.",
        output_summary=f"Room {room} is booked for Friday.",
        expected_outcome={"task_objective": f"Room {room} is booked for Friday"},
        steps=[{"step_number": 1, "action": "tool_use", "description": "Book", "tool_call": call}],
    )


def probe(server: Server, number: int = 500) -> Any:
    """Maestro's result of a run without company, without the time and the id."""
    agent = server.agent(f"probe {uuid7()}")
    result = agent.result(agent.send_ok(run_of(number)), wait=30).json["interpretedTraceResult"]
    return {**result, "traceId": "", "interpretedAt": ""}


def judge_all(agent: Agent, people: list[Reviewer]) -> None:
    """Sixty traces; the first person judges all of them, the others every second one."""
    sent = [agent.send_ok(run_of(number)) for number in range(RUNS)]
    for number, trace_id in enumerate(sent):
        verdict = "failed" if number % 3 == 0 else "succeeded"
        for person in people if number % 2 == 0 else people[:1]:
            assert person.give(agent, trace_id, verdict).status == 201


@pytest.fixture
def judged(launch: Launch) -> Server:
    """A server of its own, whose store holds sixty judged traces."""
    server = launch()
    judge_all(server.agent(), [server.reviewer("Ada"), server.reviewer("Bo")])
    return server


def calibrate(server: Server, *arguments: str) -> Any:
    """`infinium calibrate …` with --json."""
    return cli_json("calibrate", *arguments, "--data", server.data)


def test_learning_and_the_way_back(judged: Server) -> None:
    server = judged
    shipped = probe(server)
    assert shipped["successProbability"] is None

    report = calibrate(server, "--dry-run")["report"]
    assert report["reviewed"] == RUNS
    assert report["verdicts"]["failed"] == 20 and report["verdicts"]["succeeded"] == 40
    assert report["folds_by"] == "task"
    compared = report["success_outside"]
    assert compared["helps"] and compared["runs"] == RUNS
    assert compared["after"]["brier"] < compared["before"]["brier"]
    assert compared["after"]["auc"] > 0.9
    assert {one["name"]: one["verdicts"] for one in report["reviewers"]} == {"Ada": 60, "Bo": 30}
    assert all(one["weight"] > 0.8 for one in report["reviewers"])
    assert calibrate(server, "list") == []

    text = run_cli("calibrate", "--data", server.data)
    assert text.returncode == 0, text.stderr
    assert "before → after" in text.stdout and "Brier gains" in text.stdout
    assert "saved as version 2" in text.stdout
    assert "saved" in text.stdout and calibrate(server)["saved"] is None, "in force already"
    assert [(one["version"], one["current"]) for one in calibrate(server, "list")] == [
        (2, True), (1, False)]  # fmt: skip

    taught = probe(server)
    assert taught["engine"]["model"] != shipped["engine"]["model"]
    assert taught["engine"]["version"] == shipped["engine"]["version"]
    assert taught["successProbability"] is not None
    again = cli_json("reinterpret", "--data", server.data)
    assert again["of_other_engine"] == again["read"] > RUNS, "all that was said before"
    assert cli_json("reinterpret", "--data", server.data)["read"] == 0
    failing = probe(server, 501)
    assert failing["successProbability"] < 0.5 < taught["successProbability"]

    assert calibrate(server, "rollback", "1") == {"version": 1}
    assert probe(server) == shipped
    assert calibrate(server, "rollback", "2") == {"version": 2}
    assert probe(server) == taught
    assert [one["version"] for one in calibrate(server, "list")] == [2, 1], "nothing is added"


def test_a_calibration_outlives_the_server(judged: Server, launch: Launch) -> None:
    server = judged
    assert calibrate(server)["saved"] == 2
    taught = probe(server)
    assert server.stop() == 0
    assert calibrate(server, "--dry-run")["report"]["reviewed"] == RUNS, "without a server, too"
    again = launch(data=server.data)
    assert probe(again) == taught
    assert again.stop() == 0
    assert calibrate(again, "rollback", "1") == {"version": 1}
    third = launch(data=server.data)
    assert probe(third)["successProbability"] is None


def test_too_few_and_unknown_versions(launch: Launch) -> None:
    server = launch()
    agent, person = server.agent(), server.reviewer()
    for number in range(3):
        trace_id = agent.send_ok(run_of(number))
        assert person.give(agent, trace_id, "failed").status == 201
    said = calibrate(server, "--force")
    assert said["report"]["too_few"] is True and said["saved"] is None
    text = run_cli("calibrate", "--data", server.data).stdout
    assert "too few to learn from" in text
    missing = run_cli("calibrate", "rollback", "7", "--data", server.data)
    assert missing.returncode == 6, missing.stderr
    assert run_cli("calibrate", "rollback", "0", "--data", server.data).returncode == 2
    assert run_cli("calibrate", "--force", "--dry-run", "--data", server.data).returncode == 2
