"""Requests that are wrong as HTTP, too large, or too slow."""

from __future__ import annotations

import gzip
import time

import pytest

from harness import (
    PAYLOAD_BYTES_MAX,
    Agent,
    Launch,
    Server,
    closed_by_peer,
    encode,
    payload,
    read_reply,
    refused,
)

GOOD = encode(payload())


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/3.0\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nbroken line\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
    ],
)
def test_malformed_http(server: Server, request_: bytes) -> None:
    refused(server.raw(request_), 400, "bad_request")


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: -1"],
        ["Content-Length: 0x10"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: nonsense"],
    ],
)
def test_lengths_that_contradict(agent: Agent, server: Server, lines: list[str]) -> None:
    reply = server.raw(agent.head("/trace", *lines) + b"0\r\n\r\n")
    refused(reply, 400, "bad_request")
    assert reply.headers["connection"] == "close"
    assert agent.list()["traces"] == []


def test_unknown_routes_and_methods(agent: Agent, server: Server) -> None:
    for path in ("/nothing", "/api/v1/agents", "/api/v2/x", f"/api/v1/agents/{agent.id}/trace/x"):
        refused(server.call("GET", path), 404, "not_found")
    for method, path in (
        ("GET", f"/api/v1/agents/{agent.id}/trace"),
        ("PUT", f"/api/v1/agents/{agent.id}/traces"),
        ("DELETE", "/healthz"),
        ("BREW", "/healthz"),
    ):
        reply = server.call(method, path)
        assert reply.status == 405 and reply.json["success"] is False, reply.body
        assert reply.json["error"] and reply.headers["allow"]


def test_a_long_target(server: Server) -> None:
    for length in (8_192, 100_000):
        reply = server.raw(b"GET /" + b"a" * length + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert reply.status == 414 and reply.json["error"]


def test_large_headers(server: Server) -> None:
    lines = b"".join(b"x-%d: y\r\n" % i for i in range(101))
    many = server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
    long = server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nx: " + b"y" * 17_000 + b"\r\n\r\n")
    for reply in (many, long):
        assert reply.status == 431 and reply.json["error"]


def test_a_large_body_is_refused_unread(agent: Agent, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(agent.head("/trace", f"Content-Length: {PAYLOAD_BYTES_MAX + 1}"))
        reply = read_reply(connection)
        refused(reply, 413, "payload_too_large")
        assert reply.headers["connection"] == "close"
        assert closed_by_peer(connection)


def test_an_early_refusal_arrives_while_the_client_still_sends(agent: Agent, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(agent.head("/trace", f"Content-Length: {PAYLOAD_BYTES_MAX * 2}"))
        connection.sendall(b" " * 1_500_000)
        refused(read_reply(connection), 413, "payload_too_large")


def test_chunks(agent: Agent, server: Server) -> None:
    chunks = b"%x\r\n%b\r\n" % (20, GOOD[:20]) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD) - 20, GOOD[20:])
    reply = server.raw(agent.head("/trace", "Transfer-Encoding: chunked") + chunks)
    assert reply.status == 201
    assert agent.read(reply.json["traceId"]).body.endswith(b'"trace":' + GOOD + b"}")


def test_chunks_past_the_limit(agent: Agent, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(agent.head("/trace", "Transfer-Encoding: chunked"))
        for _ in range(17):
            connection.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        refused(read_reply(connection), 413, "payload_too_large")


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"-5\r\nhello\r\n", b"f" * 40 + b"\r\n", b"5\r\nhelloXXXX\r\n"])
def test_broken_chunks(agent: Agent, server: Server, chunk: bytes) -> None:
    reply = server.raw(agent.head("/trace", "Transfer-Encoding: chunked") + chunk)
    assert reply.status in (400, 413), reply.body
    assert agent.list()["traces"] == []


def test_a_compressed_trace(agent: Agent) -> None:
    trace_id = agent.send_ok(gzip.compress(GOOD), content_encoding="gzip")
    assert agent.read(trace_id).body.endswith(b'"trace":' + GOOD + b"}")


def test_a_bomb(agent: Agent) -> None:
    packed = gzip.compress(b'{"a":"' + b"x" * (64 << 20) + b'"}')
    refused(agent.send(packed, content_encoding="gzip"), 413, "payload_too_large")


@pytest.fixture
def impatient(launch: Launch) -> Server:
    """A server that waits shortly."""
    return launch("--header-timeout", "0.5", "--body-timeout", "0.5", "--idle-timeout", "0.5")


def test_slow_headers(impatient: Server) -> None:
    with impatient.connect() as connection:
        start = time.monotonic()
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        reply = read_reply(connection)
        assert reply.status == 408 and reply.json["error"]
        assert closed_by_peer(connection)
        assert time.monotonic() - start < 20


def test_headers_that_trickle(impatient: Server) -> None:
    with impatient.connect() as connection:
        start = time.monotonic()
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nx: ")
        while not closed_by_peer(connection, within_s=0.1):
            assert time.monotonic() - start < 20
            try:
                connection.sendall(b"y")
            except ConnectionError:
                break


def test_a_slow_body(impatient: Server) -> None:
    agent = impatient.agent()
    with impatient.connect() as connection:
        connection.sendall(agent.head("/trace", f"Content-Length: {len(GOOD)}") + GOOD[:10])
        reply = read_reply(connection)
        assert reply.status == 408 and reply.json["success"] is False
    assert agent.list()["traces"] == []


def test_an_idle_connection_is_closed(impatient: Server) -> None:
    with impatient.connect() as connection:
        assert closed_by_peer(connection)


def test_a_body_cut_off(agent: Agent, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(agent.head("/trace", f"Content-Length: {len(GOOD)}") + GOOD[:-1])
    assert agent.list()["traces"] == []


def test_requests_in_a_row_on_one_connection(agent: Agent, server: Server) -> None:
    one = agent.head("/trace", f"Content-Length: {len(GOOD)}") + GOOD
    with server.connect() as connection:
        connection.sendall(one * 3)
        statuses = []
        for _ in range(3):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += connection.recv(1)
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            while length:
                length -= len(connection.recv(length))
            statuses.append(head.split()[1])
    assert statuses == [b"201"] * 3


def test_expect_continue(agent: Agent, server: Server) -> None:
    with server.connect() as connection:
        lines = (f"Content-Length: {len(GOOD)}", "Expect: 100-continue")
        connection.sendall(agent.head("/trace", *lines))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100")
        connection.sendall(GOOD)
        assert read_reply(connection).status == 201
