"""An HTTP server on a free loopback port whose answers a test writes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    """A request that arrived; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What to answer. `body` is JSON unless it is bytes; `chunks` are sent one by one; `gate` is
    waited for before anything is sent."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    chunks: list[bytes] | None = None
    gate: threading.Event | None = None


Script = Callable[[Seen], Answer]


class ScriptedServer:
    """Answers each request with `script`, and keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.script: Script = lambda seen: Answer(404, {"error": "no script"})
        self._gates: list[threading.Event] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, status: int = 200, body: Any = None, **headers: str) -> None:
        """The same answer to everything."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script = lambda seen: Answer(status, body, named)

    def answers(self, *answers: Answer) -> None:
        """One answer a request, in order; the last one stays."""
        left = list(answers)
        self.script = lambda seen: left.pop(0) if len(left) > 1 else left[0]

    def gate(self) -> threading.Event:
        """An event to hold answers with; set at the end of the test at the latest."""
        self._gates.append(threading.Event())
        return self._gates[-1]

    def close(self) -> None:
        for gate in self._gates:
            gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                seen = Seen(
                    self.command,
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                outer.seen.append(seen)
                answer = outer.script(seen)
                if answer.gate is not None:
                    answer.gate.wait(30)
                try:
                    self._answer(answer)
                except ConnectionError:
                    self.close_connection = True

            do_GET = do_POST  # noqa: N815

            def _answer(self, answer: Answer) -> None:
                body = answer.body
                if not isinstance(body, bytes):
                    body = b"" if body is None else json.dumps(body).encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.chunks is not None:
                    self.send_header("Connection", "close")
                    self.end_headers()
                    for chunk in answer.chunks:
                        self.wfile.write(chunk)
                    self.close_connection = True
                    return
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler
