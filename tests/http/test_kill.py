"""kill -9 under load: what was acknowledged is there, and is interpreted once."""

from __future__ import annotations

import http.client
import threading

import pytest

from harness import Agent, Launch, Server, encode, payload, uuid7

ROUNDS = 5
SENDERS = 4
ENOUGH = 60


class Load:
    """Senders that post until the server dies, and what was acknowledged to them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.acknowledged: dict[str, bytes] = {}
        self.enough = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._send, args=(i,)) for i in range(SENDERS)
        ]
        for thread in self._threads:
            thread.start()

    def _send(self, sender: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.agent.server.port, timeout=30)
        number = 0
        try:
            while True:
                number += 1
                body = encode(payload(name=f"{sender}.{number}", filler="x" * (number % 7) * 500))
                key = uuid7()
                headers = {**self.agent.credentials, "Idempotency-Key": key}
                connection.request("POST", f"/api/v1/agents/{self.agent.id}/trace", body, headers)
                response = connection.getresponse()
                response.read()
                assert response.status == 201
                with self._lock:
                    self.acknowledged[key] = body
                    if len(self.acknowledged) >= ENOUGH:
                        self.enough.set()
        except (OSError, http.client.HTTPException):
            pass  # the server was killed
        finally:
            connection.close()

    def join(self) -> None:
        """Waits for the senders to see that the server is gone."""
        for thread in self._threads:
            thread.join()


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost(launch: Launch) -> None:
    server = launch()
    agent = server.agent()
    acknowledged: dict[str, bytes] = {}
    for _ in range(ROUNDS):
        load = Load(agent)
        assert load.enough.wait(60)
        server.kill()
        load.join()
        acknowledged |= load.acknowledged
        server = launch(data=server.data)
        agent.server = server
    assert len(acknowledged) >= ROUNDS * ENOUGH
    for trace_id, body in acknowledged.items():
        assert agent.result(trace_id, wait=60).status == 200
        read = agent.read(trace_id)
        assert read.body.endswith(b'"trace":' + body + b"}")
        assert read.json["interpretationCount"] == 1


def kill_with_pending(launch: Launch, count: int) -> tuple[Server, Agent, list[str]]:
    """A server that was killed before anything was interpreted, started again with Maestro."""
    server = launch("--maestro-threads", "0")
    agent = server.agent()
    sent = [agent.send_ok(payload(duration=i)) for i in range(count)]
    server.kill()
    agent.server = launch(data=server.data)
    return agent.server, agent, sent


def test_pending_traces_are_the_queue(launch: Launch) -> None:
    _, agent, sent = kill_with_pending(launch, 30)
    for trace_id in sent:
        assert agent.result(trace_id, wait=60).status == 200
        assert agent.read(trace_id).json["interpretationCount"] == 1


def test_results_are_the_same_after_a_kill(launch: Launch) -> None:
    server = launch()
    agent = server.agent()
    trace_id = agent.send_ok(payload())
    before = agent.result(trace_id, wait=60).body
    server.kill()
    agent.server = launch(data=server.data)
    assert agent.result(trace_id).body == before
    assert agent.read(trace_id).json["interpretationCount"] == 1


def test_a_retry_after_a_kill_finds_its_trace(launch: Launch) -> None:
    server = launch()
    agent = server.agent()
    key = uuid7()
    agent.send_ok(payload(), idempotency_key=key)
    server.kill()
    agent.server = launch(data=server.data)
    assert agent.send(payload(), idempotency_key=key).status == 200
    assert len(agent.list()["traces"]) == 1
