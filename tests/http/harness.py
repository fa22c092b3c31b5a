"""The real program under test: starting it, speaking to it, stopping it."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get("INFINIUM_BIN", ROOT / "build" / "release" / "bin" / "infinium"))
PATIENCE_S = 30
PAYLOAD_BYTES_MAX = 1_048_576
JSON_TYPE = {"content-type": "application/json"}

Json = dict[str, Any]


@dataclass
class Reply:
    """One HTTP answer, read in full."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def payload(**changes: Any) -> Json:
    """A small valid trace; None leaves a key out."""
    trace = {
        "name": "Total the invoices",
        "description": "Adds up the invoices of May",
        "current_datetime": "2026-05-31T12:00:00Z",
        "duration": 1.5,
        **changes,
    }
    return {key: value for key, value in trace.items() if value is not None}


def encode(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def uuid7() -> str:
    """A UUIDv7 (RFC 9562)."""
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=value & ~(3 << 62) | 2 << 62))


def read_reply(connection: socket.socket, method: str = "GET") -> Reply:
    """The next answer on a raw connection."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())


class Server:
    """`infinium serve` on a free loopback port over one folder."""

    def __init__(self, data: Path, log: Path, *options: str, **popen: Any) -> None:
        self.data = data
        self.log = log
        self.ended = False
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", data, *options],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                **popen,
            )
        assert self.process.stdout is not None
        self.ready_line = self.process.stdout.readline().strip()
        if "http://" not in self.ready_line:
            code = self.process.wait(PATIENCE_S)
            raise AssertionError(f"exit {code}: {log.read_text()}")
        described = self.ready_line.startswith("{")
        self.url = json.loads(self.ready_line)["url"] if described else self.ready_line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def connect(self) -> socket.socket:
        """A raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S + 60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, names, response.read())
        finally:
            connection.close()

    def raw(self, request: bytes) -> Reply:
        """The answer to bytes that need not be valid HTTP."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_reply(connection)

    def healthy(self) -> bool:
        """Whether it still answers."""
        return self.process.poll() is None and self.call("GET", "/healthz").status == 200

    def agent(self, name: str = "tester") -> Agent:
        """A new agent, made while the server holds the folder."""
        made = cli_json("agent", "create", name, "--data", self.data)
        return Agent(self, made["agent_id"], made["agent_secret"])

    def reviewer(self, name: str = "Ada") -> Reviewer:
        """A new reviewer, made while the server holds the folder."""
        made = cli_json("reviewer", "create", name, "--data", self.data)
        return Reviewer(self, made["reviewer_id"], made["reviewer_key"])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it by a signal, unless it has ended; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        self.stop(signal.SIGKILL)

    def wait(self) -> int:
        """Waits until it has ended by itself; gives the exit code."""
        self.ended = True
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@dataclass
class Agent:
    """One agent's view of a server."""

    server: Server
    id: str
    secret: str
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    @property
    def credentials(self) -> dict[str, str]:
        """The headers of every request."""
        return {"x-agent-id": self.id, "x-agent-key": self.secret}

    def head(self, path: str, *lines: str) -> bytes:
        """The head of a POST, for a raw connection; `lines` are more header lines."""
        named = [f"{name}: {value}" for name, value in self.credentials.items()]
        return "\r\n".join(
            [
                f"POST /api/v1/agents/{self.id}{path} HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                *named,
                *lines,
                "",
                "",
            ]
        ).encode()

    @property
    def environment(self) -> dict[str, str]:
        """What the program and the SDKs read."""
        return {
            "INFINIUM_BASE_URL": self.server.url,
            "INFINIUM_AGENT_ID": self.id,
            "INFINIUM_AGENT_SECRET": self.secret,
        }

    def call(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> Reply:
        """A request below /agents/{id}; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.server.call(
            method, f"/api/v1/agents/{self.id}{path}", body, {**self.credentials, **named}
        )

    def send(self, trace: Json | bytes, **headers: str) -> Reply:
        """Posts one trace."""
        body = trace if isinstance(trace, bytes) else encode(trace)
        return self.call("POST", "/trace", body, **{"content_type": "application/json", **headers})

    def send_ok(self, trace: Json | bytes, **headers: str) -> str:
        """Posts one trace that must be stored; gives its id."""
        reply = self.send(trace, **headers)
        assert reply.status == 201, reply.body
        return reply.json["traceId"]

    def batch(self, body: bytes, **headers: str) -> Reply:
        """Posts a batch."""
        return self.call(
            "POST", "/traces", body, **{"content_type": "application/json", **headers}
        )

    def result(self, trace_id: str, wait: float | None = None) -> Reply:
        """Polls for the interpretation."""
        query = "" if wait is None else f"?wait={wait}"
        return self.call("GET", f"/interpreted-result/{trace_id}{query}")

    def read(self, trace_id: str) -> Reply:
        """Reads a trace back."""
        return self.call("GET", f"/traces/{trace_id}")

    def list(self, query: str = "") -> Json:
        """One page of traces."""
        reply = self.call("GET", f"/traces{query}")
        assert reply.status == 200, reply.body
        return reply.json


@dataclass
class Reviewer:
    """A reviewer's view of a server."""

    server: Server
    id: str
    key: str

    @property
    def credentials(self) -> dict[str, str]:
        """The headers of every request."""
        return {"x-reviewer-id": self.id, "x-reviewer-key": self.key}

    def call(self, method: str, agent: Agent, path: str, body: Any = None) -> Reply:
        """A request below an agent's traces."""
        raw = body if body is None or isinstance(body, bytes) else encode(body)
        headers = {**self.credentials, **(JSON_TYPE if raw is not None else {})}
        return self.server.call(method, f"/api/v1/agents/{agent.id}/traces{path}", raw, headers)

    def give(self, agent: Agent, trace_id: str, verdict: str, **more: Any) -> Reply:
        """Gives a verdict."""
        return self.call("POST", agent, f"/{trace_id}/verdict", {"verdict": verdict, **more})

    def withdraw(self, agent: Agent, trace_id: str) -> Reply:
        """Takes the verdict back."""
        return self.call("DELETE", agent, f"/{trace_id}/verdict")

    def verdicts(self, agent: Agent, trace_id: str) -> Any:
        """All that is said of a trace."""
        reply = self.call("GET", agent, f"/{trace_id}/verdicts")
        assert reply.status == 200, reply.body
        return reply.json


def run_cli(
    *arguments: str | Path, stdin: str | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end."""
    return subprocess.run(
        [PROGRAM, *arguments],
        input=stdin,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def cli_json(*arguments: str | Path, stdin: str | None = None) -> Any:
    """Runs a command that must succeed with --json and gives what it printed."""
    done = run_cli(*arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def closed_by_peer(connection: socket.socket, within_s: float = PATIENCE_S) -> bool:
    """Whether the other side closes, reading and dropping what it still says."""
    deadline = time.monotonic() + within_s
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([connection], [], [], left)[0]:
            return False
        try:
            if not connection.recv(65_536):
                return True
        except ConnectionError:
            return True
    return False


def refused(reply: Reply, status: int, code: str, where: str | None = None) -> bool:
    """Asserts that an answer is that row of the error table, with a sentence for a person."""
    assert reply.status == status, reply.body
    body = reply.json
    assert body["success"] is False
    assert body["code"] == code, body
    assert len(body["error"].split()) >= 3, body
    assert body.get("field") == where, body
    return True


Launch = Callable[..., Server]
