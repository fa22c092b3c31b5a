"""Running it: readiness, metrics, rate limits, signals, one folder one server."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from harness import PATIENCE_S, PROGRAM, Agent, Launch, Server, encode, payload, refused, run_cli


def test_health(server: Server) -> None:
    assert server.call("GET", "/healthz").status == 200
    assert server.call("GET", "/readyz").status == 200


def test_metrics_name_no_agent(agent: Agent, server: Server) -> None:
    named = server.agent("a-name-that-nobody-should-see")
    trace_id = named.send_ok(payload(name="a-trace-name"))
    named.result(trace_id, wait=30)
    reply = server.call("GET", "/metrics")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/plain")
    text = reply.body.decode()
    for word in ("a-name-that-nobody-should-see", named.id, agent.id, trace_id, "a-trace-name"):
        assert word not in text
    samples = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(samples) > 5
    for sample in samples:
        float(sample.rsplit(" ", 1)[1])


def test_a_rate_limit(launch: Launch) -> None:
    server = launch("--rate-limit", "5")
    agent = server.agent()
    replies = [agent.send(payload()) for _ in range(40)]
    statuses = [reply.status for reply in replies]
    assert statuses[:10] == [201] * 10, "the burst is twice the rate"
    assert set(statuses) == {201, 429}
    limited = next(reply for reply in replies if reply.status == 429)
    refused(limited, 429, "rate_limited")
    assert int(limited.headers["retry-after"]) >= 1
    assert server.agent("other").send(payload()).status == 201, "each agent has its own"
    trace_id = replies[0].json["traceId"]
    assert {agent.result(trace_id).status for _ in range(30)} <= {200, 202}, "polls are apart"
    results = agent.batch(encode([payload()] * 30)).json["results"]
    assert results[-1]["status"] == 429 and results[-1]["code"] == "rate_limited"
    assert any("retry" in key.lower() for key in results[-1])
    stored = [r for r in results if r["status"] == 201]
    assert len(agent.list("?limit=200")["traces"]) == statuses.count(201) + len(stored)


def test_it_says_when_it_is_ready(launch: Launch, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    server = launch("--ready-file", str(ready))
    assert server.ready_line == f"infinium ready on {server.url}"
    assert ready.read_text() == server.url + "\n"
    described = launch("--json", data=tmp_path / "other")
    line = json.loads(described.ready_line)
    assert line["url"] == described.url and line["pid"] == described.process.pid


def test_its_log_is_json_lines(launch: Launch) -> None:
    server = launch()
    server.agent().send_ok(payload())
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert len(lines) >= 2
    assert all({"time", "level", "event"} <= set(line) for line in lines)
    assert str(server.data) in server.log.read_text()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(launch: Launch, how: signal.Signals) -> None:
    server = launch()
    server.agent().send_ok(payload())
    assert server.stop(how) == 0
    assert not (server.data / "control.sock").exists()


def in_flight(server: Server) -> float:
    """Requests that the server is answering, this one perhaps included."""
    for line in server.call("GET", "/metrics").body.decode().splitlines():
        if line.startswith("infinium_http_requests_in_flight "):
            return float(line.split()[1])
    raise AssertionError("the metric is missing")


def test_a_held_poll_does_not_keep_it_from_ending(launch: Launch) -> None:
    server = launch("--maestro-threads", "0")
    agent = server.agent()
    trace_id = agent.send_ok(payload())
    baseline = in_flight(server)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    path = f"/api/v1/agents/{agent.id}/interpreted-result/{trace_id}?wait=60"
    connection.request("GET", path, headers=agent.credentials)
    held = baseline + 1
    while in_flight(server) < held:
        pass
    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 15
    assert connection.getresponse().status == 202
    connection.close()


def test_a_second_interrupt_ends_it_at_once(launch: Launch) -> None:
    server = launch("--drain", "600")
    with server.connect() as stuck:
        stuck.sendall(b"POST /api/v1/agents/x/trace HTTP/1.1\r\nHost: x\r\n")
        server.process.send_signal(signal.SIGINT)
        while "stopping" not in server.log.read_text():
            assert server.process.poll() is None or server.process.returncode == 0
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGINT)
    assert server.wait() in (0, 130)


def test_a_second_server_on_the_folder(launch: Launch) -> None:
    server = launch()
    done = run_cli("serve", "--listen", "127.0.0.1:0", "--data", server.data)
    assert done.returncode == 7
    assert done.stdout == ""
    assert str(server.data) in done.stderr and "error:" in done.stderr
    server.agent().send_ok(payload())


def test_a_port_in_use(launch: Launch, tmp_path: Path) -> None:
    server = launch()
    address = f"127.0.0.1:{server.port}"
    done = run_cli("serve", "--listen", address, "--data", tmp_path / "other")
    assert done.returncode == 10
    assert str(server.port) in done.stderr and "in use" in done.stderr
    assert run_cli("agent", "list", "--data", tmp_path / "other").returncode == 0, "not left held"


def test_beyond_loopback_needs_tls_or_consent(tmp_path: Path) -> None:
    done = run_cli("serve", "--listen", "0.0.0.0:0", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "insecure" in done.stderr


@pytest.mark.parametrize("listen", ["8400", "nowhere:x", "127.0.0.1:65536", ""])
def test_an_address_that_is_none(tmp_path: Path, listen: str) -> None:
    done = run_cli("serve", "--listen", listen, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert not (tmp_path / "data").exists()


def test_a_long_folder_path(launch: Launch, tmp_path: Path) -> None:
    data = tmp_path / ("a" * 120) / ("b" * 120)
    server = launch(data=data)
    assert (data / "control.sock").is_socket()
    server.agent().send_ok(payload())


def test_the_control_socket_is_the_owners(server: Server) -> None:
    assert (server.data / "control.sock").stat().st_mode & 0o777 == 0o600
    assert server.data.stat().st_mode & 0o077 == 0


def test_nonsense_on_the_control_socket(server: Server) -> None:
    for line in (b"", b"\n", b"nonsense\n", b"\xff\xfe\n", b'{"op":"drop"}\n', b"[" * 9000 + b"\n"):
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(server.data / "control.sock"))
            control.sendall(line)
            control.shutdown(socket.SHUT_WR)
            answer = control.makefile("rb").readline()
            assert answer == b"" or json.loads(answer)["ok"] is False
    server.agent("still works")


def test_the_page_is_for_this_machine(server: Server) -> None:
    page = server.call("GET", "/")
    assert page.status == 200 and b"<html" in page.body.lower()
    assert "content-security-policy" in page.headers
    assert server.call("GET", "/", None, {"Host": "evil.example"}).status == 421
    assert server.call("GET", "/", None, {"X-Forwarded-For": "10.0.0.1"}).status == 421
    assert server.call("GET", "/api/v1/traces", None, {"Host": "evil.example"}).status == 421


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/usr/sbin/runuser").exists(), reason="runuser")
def test_a_read_only_folder(launch: Launch, tmp_path: Path) -> None:
    data = launch().data
    launch_stopped = run_cli("agent", "list", "--data", data)
    assert launch_stopped.returncode == 0
    frozen = tmp_path / "frozen"
    frozen.mkdir(mode=0o500)
    command = [str(PROGRAM), "serve", "--listen", "127.0.0.1:0", "--data", str(frozen / "data")]
    if os.geteuid() == 0:  # root writes anywhere: be nobody, who owns none of this
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o055)
        program = tmp_path / "infinium"
        program.write_bytes(PROGRAM.read_bytes())
        program.chmod(0o755)
        command = ["runuser", "-u", "nobody", "--", str(program), *command[1:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 10, done.stderr
    assert "frozen" in done.stderr and "ermission" in done.stderr
