"""Bodies that are wrong: the answer of the error table with the field's path, nothing stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness import PAYLOAD_BYTES_MAX, Agent, encode, payload, refused

STEP = {"step_number": 1, "action": "a", "description": "b"}
GOOD = encode(payload())


def with_raw(key: str, raw: str) -> bytes:
    """A payload with the text `raw` in place of one value."""
    marked = encode(payload(**{key: "@@"}))
    return marked.replace(b'"@@"', raw.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"not json",
        b"{",
        GOOD[:-1],
        GOOD + b"x",
        GOOD + GOOD,
        GOOD + b"\x00",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b'"duration"', b'"duration":1,"duration"'),
        b'{"unknown":{"a":1,"a":2},' + GOOD[1:],
        b'{"unknown":{"a":[1,2,}},' + GOOD[1:],
        b'{"unknown":nul,' + GOOD[1:],
        b'{"unknown":01,' + GOOD[1:],
        b'{"unknown":1.,' + GOOD[1:],
        b'{"unknown":+1,' + GOOD[1:],
        b'{"unknown":.5,' + GOOD[1:],
        b'{"unknown":NaN,' + GOOD[1:],
        b'{"unknown":-Infinity,' + GOOD[1:],
        b"{\"unknown\":'x'," + GOOD[1:],
        b'{"unknown":"\x01",' + GOOD[1:],
        b'{"unknown":"\\x41",' + GOOD[1:],
        b'{"unknown":"\\u12g4",' + GOOD[1:],
        b'{"unknown":"\xff",' + GOOD[1:],
        b'{"unknown":"\xc0\x80",' + GOOD[1:],
        b'{"unknown":"\xed\xa0\x80",' + GOOD[1:],
        b'{"unknown":"\xf4\x90\x80\x80",' + GOOD[1:],
        b'{"unknown":/* */1,' + GOOD[1:],
        b'{"unknown":1 "x":2,' + GOOD[1:],
        with_raw("duration", "NaN"),
        with_raw("duration", "Infinity"),
        b'{"unknown":' + b"[" * 64 + b"]" * 64 + b"," + GOOD[1:],
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_not_json(agent: Agent, body: bytes) -> None:
    reply = agent.send(body)
    refused(reply, 400, "bad_request")
    assert any(character.isdigit() for character in reply.json["error"]), "the byte offset"
    assert agent.list()["traces"] == []


def test_the_deepest_nesting(agent: Agent) -> None:
    agent.send_ok(b'{"unknown":' + b"[" * 63 + b"]" * 63 + b"," + GOOD[1:])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"description": None}, "description"),
        ({"description": "x" * 10_001}, "description"),
        ({"description": ["x"]}, "description"),
        ({"current_datetime": None}, "current_datetime"),
        ({"current_datetime": "yesterday"}, "current_datetime"),
        ({"current_datetime": "2026-02-30T00:00:00Z"}, "current_datetime"),
        ({"current_datetime": "1899-12-31T23:59:59Z"}, "current_datetime"),
        ({"current_datetime": "2101-01-01T00:00:00Z"}, "current_datetime"),
        ({"current_datetime": 1_700_000_000}, "current_datetime"),
        ({"duration": None}, "duration"),
        ({"duration": -0.001}, "duration"),
        ({"duration": 86_400.001}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": "1"}, "duration"),
        ({"steps": {}}, "steps"),
        ({"steps": [STEP, 7]}, "steps[1]"),
        ({"steps": [{**STEP, "step_number": "1"}]}, "steps[0].step_number"),
        ({"steps": [{**STEP, "step_number": 1.5}]}, "steps[0].step_number"),
        ({"steps": [{**STEP, "step_number": True}]}, "steps[0].step_number"),
        ({"steps": [{**STEP, "duration_ms": "fast"}]}, "steps[0].duration_ms"),
        ({"steps": [STEP, STEP, {**STEP, "action": None}]}, "steps[2].action"),
        ({"steps": [{**STEP, "tool_call": "x"}]}, "steps[0].tool_call"),
        ({"steps": [{**STEP, "tool_call": {}}]}, "steps[0].tool_call.tool_name"),
        (
            {"steps": [{**STEP, "tool_call": {"tool_name": "t", "http_status": "x"}}]},
            "steps[0].tool_call.http_status",
        ),
        (
            {"steps": [{**STEP, "tool_call": {"tool_name": "t", "error": {"message": "m"}}}]},
            "steps[0].tool_call.error.error_type",
        ),
        (
            {"steps": [{**STEP, "llm_call": {"model": "m", "prompt_tokens": 1.5}}]},
            "steps[0].llm_call.prompt_tokens",
        ),
        (
            {"steps": [{**STEP, "error": {"error_type": "E", "message": "m", "recoverable": 1}}]},
            "steps[0].error.recoverable",
        ),
        ({"steps": [{**STEP, "metadata": []}]}, "steps[0].metadata"),
        ({"errors": [{"error_type": "E"}]}, "errors[0].message"),
        ({"llm_usage": {"calls": [{}]}}, "llm_usage.calls[0].model"),
        ({"llm_usage": {"estimated_cost_usd": "1"}}, "llm_usage.estimated_cost_usd"),
        ({"expected_outcome": {}}, "expected_outcome.task_objective"),
        (
            {"expected_outcome": {"task_objective": "t", "constraints": "x"}},
            "expected_outcome.constraints",
        ),
        (
            {"expected_outcome": {"task_objective": "t", "constraints": ["x", 7]}},
            "expected_outcome.constraints[1]",
        ),
        ({"environment": {"custom_tags": {"a": 1}}}, "environment.custom_tags.a"),
        ({"sections": []}, "sections"),
        ({"sections": {"customer": {"customer_name": 7}}}, "sections.customer.customer_name"),
        ({"context": {"tags": [1]}}, "context.tags[0]"),
        ({"prompt_studio": {"prompts_used": [{"version": "1"}]}},
         "prompt_studio.prompts_used[0].version"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule(agent: Agent, changes: dict[str, Any], field: str) -> None:
    refused(agent.send(payload(**changes)), 422, "validation_error", field)
    assert agent.list()["traces"] == []


@pytest.mark.parametrize("raw", ["1e400", "-1e400", "9" * 400, "1e-999999999999", "1" + "0" * 5_000])
def test_huge_numbers(agent: Agent, raw: str) -> None:
    known = agent.send(with_raw("duration", raw))
    assert known.status in ((201, 422) if raw.startswith("1e-") else (422,)), known.body
    trace_id = agent.send_ok(with_raw("unknown", raw))
    assert f'"unknown":{raw}'.encode() in agent.read(trace_id).body


def test_a_step_number_beyond_64_bits(agent: Agent) -> None:
    body = encode(payload(steps=[{**STEP, "step_number": 2**63}]))
    refused(agent.send(body), 422, "validation_error", "steps[0].step_number")


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"x"', b"true"])
def test_json_that_is_no_object(agent: Agent, body: bytes) -> None:
    reply = agent.send(body)
    assert reply.status == 422 and reply.json["code"] == "validation_error"


def test_null_is_absent(agent: Agent) -> None:
    body = json.dumps({**payload(), "steps": None, "environment": None, "output_summary": None})
    agent.send_ok(body.encode())
    refused(agent.send(with_raw("name", "null")), 422, "validation_error", "name")


def test_one_byte_too_many(agent: Agent) -> None:
    body = GOOD + b" " * (PAYLOAD_BYTES_MAX - len(GOOD))
    assert len(body) == PAYLOAD_BYTES_MAX
    agent.send_ok(body)
    refused(agent.send(body + b" "), 413, "payload_too_large")
    assert len(agent.list()["traces"]) == 1


@pytest.mark.parametrize("type_", ["text/plain", "application/xml", "application/json; charset=latin-1"])
def test_a_wrong_content_type(agent: Agent, type_: str) -> None:
    refused(agent.send(GOOD, content_type=type_), 400, "bad_request")


def test_what_is_malformed_wins_over_what_is_invalid(agent: Agent) -> None:
    refused(agent.send(encode(payload(name=7))[:-1] + b",}"), 400, "bad_request")
