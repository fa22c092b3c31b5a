"""Single traces: stored, acknowledged, read back to the byte; idempotency."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Agent, Server, encode, payload, refused, uuid7


def test_a_stored_trace_is_answered_with_its_id(agent: Agent) -> None:
    reply = agent.send(payload())
    assert reply.status == 201
    body = reply.json
    assert body["success"] is True
    assert body["message"]
    assert uuid.UUID(body["traceId"]).version == 7
    assert body["url"].startswith(agent.server.url) and body["traceId"] in body["url"]
    assert reply.headers["content-type"].startswith("application/json")


def test_it_is_read_back_byte_for_byte(agent: Agent) -> None:
    body = (
        b'{ "name" : "Gr\\u00f6\xc3\x9fe \\ud83d\\ude42",\t"description":"d\\n\\/",'
        b'"current_datetime":"2026-05-31T12:00:00+02:00","duration":1.50e0,\n'
        b'"unknown":{"deep":[1,{"x":123456789012345678901234567890.12345678901234567890e-400}]},'
        b'"z":-0,"steps":[{"step_number":12.0,"action":"a","description":"b","strange":[null,true,{}],'
        b'"metadata":{"full_input":"x","n":18446744073709551617}}],"sections":{"planet":{"a":1}}}'
    )
    trace_id = agent.send_ok(body)
    reply = agent.read(trace_id)
    assert reply.status == 200
    assert reply.body.endswith(b'"trace":' + body + b"}")
    read = reply.json
    assert read["traceId"] == trace_id
    assert read["status"] in ("pending", "completed")
    assert read["receivedAt"].endswith("Z")


def test_a_lone_surrogate_is_stored_as_a_replacement(agent: Agent) -> None:
    body = encode(payload()).replace(b"Adds up", b"\\ud800 and \\uDFFF")
    read = agent.read(agent.send_ok(body))
    assert b"\\uFFFD and \\uFFFD the invoices" in read.body
    assert read.json["trace"]["description"].startswith("\ufffd and \ufffd")


def test_the_count_says_how_often_it_was_interpreted(agent: Agent) -> None:
    trace_id = agent.send_ok(payload())
    assert agent.result(trace_id, wait=30).status == 200
    read = agent.read(trace_id).json
    assert read["status"] == "completed"
    assert read["interpretationCount"] == 1


def test_a_pending_trace_says_so(pending_agent: Agent) -> None:
    read = pending_agent.read(pending_agent.send_ok(payload())).json
    assert read["status"] == "pending"
    assert read["interpretationCount"] == 0


def test_what_is_another_agents_is_unknown(agent: Agent, server: Server) -> None:
    trace_id = agent.send_ok(payload())
    other = server.agent("other")
    refused(other.read(trace_id), 404, "not_found")
    refused(other.result(trace_id), 404, "not_found")
    refused(agent.read(uuid7()), 404, "not_found")
    assert other.list()["traces"] == []


def test_the_longest_payload_is_taken(agent: Agent) -> None:
    body = encode(payload(filler=""))
    body = body.replace(b'"filler":""', b'"filler":"' + b"x" * (1_048_576 - len(body)) + b'"')
    assert len(body) == 1_048_576
    assert agent.read(agent.send_ok(body)).body.endswith(b'"trace":' + body + b"}")


@pytest.mark.parametrize(
    "when",
    ["2026-05-31", "2026-05-31T12:00:00", "2026-05-31T12:00:00.123456Z", "1900-01-01T00:00:00-11:30"],
)
def test_every_form_of_time(agent: Agent, when: str) -> None:
    assert agent.send(payload(current_datetime=when)).status == 201


def test_values_at_their_limits(agent: Agent) -> None:
    trace = payload(name="漢" * 500, description="🙂" * 10_000, duration=86_400)
    trace["steps"] = [
        {"step_number": 1, "action": "a", "description": "b", "output_preview": "x" * 5_000}
    ]
    assert agent.send(trace).status == 201


class TestIdempotency:
    """One key, one trace."""

    def test_a_repeat_is_the_same_trace(self, agent: Agent) -> None:
        key = uuid7()
        first = agent.send(payload(), idempotency_key=key)
        again = agent.send(payload(), idempotency_key=key)
        assert (first.status, again.status) == (201, 200)
        assert first.json["traceId"] == again.json["traceId"] == key
        assert len(agent.list()["traces"]) == 1

    def test_another_body_is_a_conflict(self, agent: Agent) -> None:
        key = uuid7()
        agent.send_ok(payload(), idempotency_key=key)
        reply = agent.send(payload(duration=2), idempotency_key=key)
        assert reply.status == 409
        assert reply.json["code"] == "idempotency_conflict"
        assert agent.read(key).json["trace"]["duration"] == 1.5

    def test_the_same_value_in_other_bytes_is_another_body(self, agent: Agent) -> None:
        key = uuid7()
        agent.send_ok(encode(payload()), idempotency_key=key)
        reply = agent.send(json.dumps(payload()).encode(), idempotency_key=key)
        assert reply.status == 409

    def test_a_key_of_another_version_is_not_the_id(self, agent: Agent) -> None:
        key = str(uuid.uuid4())
        first = agent.send_ok(payload(), idempotency_key=key)
        assert first != key
        assert agent.send(payload(), idempotency_key=key).json["traceId"] == first

    def test_upper_case_is_the_same_key(self, agent: Agent) -> None:
        key = uuid7()
        agent.send_ok(payload(), idempotency_key=key.upper())
        assert agent.send(payload(), idempotency_key=key).status == 200

    def test_a_key_that_is_no_uuid(self, agent: Agent) -> None:
        refused(
            agent.send(payload(), idempotency_key="x"), 422, "validation_error", "Idempotency-Key"
        )

    def test_both_calls_share_the_keys(self, agent: Agent) -> None:
        key = uuid7()
        body = encode(payload())
        agent.send_ok(body, idempotency_key=key)
        item = b'{"idempotency_key":"' + key.encode() + b'","trace":' + body + b"}"
        assert agent.batch(item).json["results"] == [{"status": 200, "traceId": key}]

    def test_agents_do_not_share_them(self, agent: Agent, server: Server) -> None:
        key = uuid7()
        other = server.agent("other")
        assert agent.send_ok(payload(), idempotency_key=key) == key
        assert other.send_ok(payload(duration=9), idempotency_key=key) == key
        assert other.read(key).json["trace"]["duration"] == 9
        assert agent.read(key).json["trace"]["duration"] == 1.5

    def test_a_refused_trace_leaves_the_key_free(self, agent: Agent) -> None:
        key = uuid7()
        assert agent.send(payload(duration=-1), idempotency_key=key).status == 422
        assert agent.send(payload(), idempotency_key=key).status == 201

    def test_many_at_once_store_one(self, agent: Agent) -> None:
        key = uuid7()
        with ThreadPoolExecutor(16) as pool:
            replies = list(
                pool.map(lambda _: agent.send(payload(), idempotency_key=key), range(48))
            )
        assert sorted(reply.status for reply in replies) == [200] * 47 + [201]
        assert {reply.json["traceId"] for reply in replies} == {key}

    def test_of_two_bodies_at_once_one_wins(self, agent: Agent) -> None:
        key = uuid7()
        with ThreadPoolExecutor(16) as pool:
            replies = list(
                pool.map(
                    lambda i: agent.send(payload(duration=i % 2), idempotency_key=key), range(40)
                )
            )
        statuses = [reply.status for reply in replies]
        assert statuses.count(201) == 1
        assert (statuses.count(200), statuses.count(409)) == (19, 20)
