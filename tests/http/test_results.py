"""Polling for an interpretation: ready, pending, unknown, held."""

from __future__ import annotations

import threading
import time

import pytest

from harness import Agent, Reply, payload, refused, uuid7


def test_ready(agent: Agent) -> None:
    trace_id = agent.send_ok(payload())
    reply = agent.result(trace_id, wait=30)
    assert reply.status == 200
    body = reply.json
    assert body["success"] is True
    assert body["traceId"] == trace_id
    assert body["status"] == "completed"
    result = body["interpretedTraceResult"]
    assert result["schemaVersion"] == 1
    assert result["traceId"] == trace_id
    assert result["verdict"] in ("succeeded", "partially_succeeded", "failed", "undetermined")
    assert agent.result(trace_id).body == reply.body, "the stored bytes, as they are"


def test_every_part_of_the_result_is_there(agent: Agent) -> None:
    trace = payload(
        expected_outcome={"task_objective": "Total", "constraints": ["At most 2 calls"]},
        output_summary="The total is 12.",
        steps=[{"step_number": 1, "action": "tool_use", "description": "adds"}],
    )
    result = agent.result(agent.send_ok(trace), wait=30).json["interpretedTraceResult"]
    assert set(result) >= {
        "schemaVersion", "traceId", "interpretedAt", "engine", "verdict", "undetermined",
        "objectiveSource", "score", "scoreParts", "coverage", "successProbability", "confidence",
        "summary", "rubric", "findings", "rootCause", "behavior", "baseline", "completeness",
    }  # fmt: skip
    assert result["successProbability"] is None
    assert abs(sum(part["points"] for part in result["scoreParts"]) - result["score"]) < 0.01
    assert {item["status"] for item in result["rubric"]} <= {"met", "unmet", "unclear"}
    assert len(result["rubric"]) == 2


def test_pending(pending_agent: Agent) -> None:
    reply = pending_agent.result(pending_agent.send_ok(payload()))
    assert reply.status == 202
    body = reply.json
    assert body["success"] is False and body["status"] == "pending" and body["message"]
    assert "interpretedTraceResult" not in body
    assert int(reply.headers["retry-after"]) >= 1


def test_unknown(agent: Agent) -> None:
    refused(agent.result(uuid7()), 404, "not_found")
    refused(agent.result(uuid7(), wait=30), 404, "not_found")


def test_a_held_poll_ends_at_its_time(pending_agent: Agent) -> None:
    trace_id = pending_agent.send_ok(payload())
    start = time.monotonic()
    assert pending_agent.result(trace_id, wait=1).status == 202
    assert 0.9 < time.monotonic() - start < 10


def test_a_held_poll_is_answered_when_the_result_is_there(agent: Agent) -> None:
    trace_id = uuid7()
    answers: list[Reply] = []

    def poll() -> None:
        while not answers or answers[-1].status == 404:
            answers.append(agent.result(trace_id, wait=30))

    waiter = threading.Thread(target=poll)
    waiter.start()
    start = time.monotonic()
    agent.send_ok(payload(), idempotency_key=trace_id)
    waiter.join()
    assert answers[-1].status == 200
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("wait", ["-1", "61", "x", "nan", "inf", ""])
def test_a_wait_out_of_range(agent: Agent, wait: str) -> None:
    trace_id = agent.send_ok(payload())
    reply = agent.call("GET", f"/interpreted-result/{trace_id}?wait={wait}")
    refused(reply, 422, "validation_error", "wait")


def test_an_id_that_is_none(agent: Agent) -> None:
    refused(agent.result("x"), 422, "validation_error", "trace_id")
    refused(agent.read("x"), 422, "validation_error", "trace_id")


def test_head_has_no_body(agent: Agent) -> None:
    trace_id = agent.send_ok(payload())
    reply = agent.call("HEAD", f"/traces/{trace_id}")
    assert reply.status == 200 and reply.body == b""
