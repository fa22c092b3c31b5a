"""The batch call: arrays, JSON lines, compression; one bad item never touches its neighbours."""

from __future__ import annotations

import gzip
import json
import uuid

import pytest
import zstandard

from harness import Agent, Server, encode, payload, refused, uuid7


def stored(reply_item: dict[str, object]) -> bool:
    """Whether an item was stored now."""
    return reply_item["status"] == 201 and bool(uuid.UUID(str(reply_item["traceId"])))


def test_an_array_in_order(agent: Agent) -> None:
    reply = agent.batch(encode([payload(duration=i) for i in range(50)]))
    assert reply.status == 207
    assert reply.json["success"] is True
    results = reply.json["results"]
    assert len(results) == 50 and all(map(stored, results))
    for i, result in enumerate(results):
        assert agent.read(result["traceId"]).json["trace"]["duration"] == i


def test_lines(agent: Agent) -> None:
    body = b"\n".join(encode(payload(duration=i)) for i in range(3)) + b"\n\n"
    for type_ in ("application/x-ndjson", "application/json"):
        reply = agent.batch(body, content_type=type_)
        assert reply.status == 207, reply.body
        assert len(reply.json["results"]) == 3 and all(map(stored, reply.json["results"]))


def test_good_and_bad_side_by_side(agent: Agent) -> None:
    items = [
        encode(payload()),
        encode(payload(duration="long")),
        b'{"name":1,}',
        encode(payload(steps=[{"step_number": 1, "action": "a", "description": 3}])),
        encode(payload(name=None)),
        encode(payload(duration=2)),
    ]
    reply = agent.batch(b"\n".join(items), content_type="application/x-ndjson")
    assert reply.status == 207
    assert reply.json["success"] is False
    results = reply.json["results"]
    assert [r["status"] for r in results] == [201, 422, 400, 422, 422, 201]
    assert [r.get("field") for r in results] == [
        None,
        "duration",
        None,
        "steps[0].description",
        "name",
        None,
    ]
    assert results[2]["code"] == "bad_request" and results[1]["code"] == "validation_error"
    assert all(r["error"] for r in results if r["status"] >= 400)
    assert len(agent.list()["traces"]) == 2


def test_keys_in_items(agent: Agent) -> None:
    seven, four = uuid7(), str(uuid.uuid4())
    items = [
        {"idempotency_key": seven, "trace": payload()},
        {"idempotency_key": four, "trace": payload()},
        {"idempotency_key": seven, "trace": payload()},
        {"idempotency_key": seven, "trace": payload(duration=7)},
        {"trace": payload()},
        {"idempotency_key": "no", "trace": payload()},
    ]
    results = agent.batch(encode(items)).json["results"]
    assert [r["status"] for r in results] == [201, 201, 200, 409, 201, 422]
    assert results[0]["traceId"] == results[2]["traceId"] == seven
    assert results[1]["traceId"] != four
    assert results[3]["code"] == "idempotency_conflict"
    assert results[5]["field"] == "idempotency_key"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_compressed(agent: Agent, encoding: str) -> None:
    body = encode([payload(duration=i) for i in range(200)])
    packed = gzip.compress(body) if encoding == "gzip" else zstandard.compress(body)
    reply = agent.batch(packed, content_encoding=encoding)
    assert reply.status == 207
    assert len(reply.json["results"]) == 200 and reply.json["success"] is True


def test_unknown_encoding(agent: Agent) -> None:
    reply = agent.batch(b"x", content_encoding="br")
    assert reply.status == 415 and reply.json["success"] is False and reply.json["error"]


def test_a_broken_compression(agent: Agent) -> None:
    packed = gzip.compress(encode([payload()]))
    for body in (packed[:-9], packed + b"x", b"\x1f\x8bnonsense", b""):
        refused(agent.batch(body, content_encoding="gzip"), 400, "bad_request")
    assert agent.list()["traces"] == []


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb(agent: Agent, encoding: str) -> None:
    zeros = b"[" + b" " * (64 << 20) + b"]"
    packed = gzip.compress(zeros) if encoding == "gzip" else zstandard.compress(zeros)
    assert len(packed) < 100_000
    refused(agent.batch(packed, content_encoding=encoding), 413, "payload_too_large")


def test_too_many_items(agent: Agent) -> None:
    refused(agent.batch(encode([payload()] * 1_001)), 413, "payload_too_large")
    assert agent.list()["traces"] == []
    assert len(agent.batch(encode([payload()] * 1_000)).json["results"]) == 1_000


def test_too_many_bytes(agent: Agent, server: Server) -> None:
    reply = server.raw(agent.head("/traces", f"Content-Length: {(16 << 20) + 1}"))
    refused(reply, 413, "payload_too_large")
    assert reply.headers["connection"] == "close"


def test_the_most_bytes(agent: Agent) -> None:
    items = encode([payload(filler="x" * 1_000_000)] * 16)
    reply = agent.batch(items + b" " * ((16 << 20) - len(items)))
    assert reply.status == 207 and reply.json["success"] is True


def test_one_item_too_large(agent: Agent) -> None:
    big = payload(filler="x" * 1_048_576)
    results = agent.batch(encode([payload(), big, payload()])).json["results"]
    assert [r["status"] for r in results] == [201, 413, 201]
    assert results[1]["code"] == "payload_too_large"


def test_nothing_to_tell_apart(agent: Agent) -> None:
    for body in (b"", b"[", b'[{"a":1}', b"[1,,2]", b"[1] x", b'["\xff"'):
        refused(agent.batch(body), 400, "bad_request")


def test_items_that_are_no_payloads(agent: Agent) -> None:
    reply = agent.batch(b'[1,null,[],"x",{}]')
    assert reply.status == 207
    assert [r["status"] for r in reply.json["results"]] == [422] * 5
    assert json.loads(reply.body)["success"] is False


def test_an_empty_batch(agent: Agent) -> None:
    reply = agent.batch(b"[]")
    assert reply.status == 207 and reply.json["results"] == []
