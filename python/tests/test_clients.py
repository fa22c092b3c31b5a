"""Both clients against a server whose answers the test writes."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from conftest import AGENT_ID, TRACE_ID, Call, Client, finish
from infinium import (
    ApiResponse,
    AuthenticationError,
    ConfigurationError,
    EnvironmentContext,
    ExecutionStep,
    InfiniumClient,
    InfiniumError,
    InfiniumTimeoutError,
    NetworkError,
    NotFoundError,
    PayloadTooLargeError,
    RateLimitError,
    ServerError,
    TaskData,
    ValidationError,
    __version__,
)
from scripted_server import Answer, ScriptedServer

STORED = {"success": True, "message": "stored", "traceId": TRACE_ID, "url": "/t"}
PENDING = {"success": False, "status": "pending", "message": "Maestro is at work"}
READY = {"success": True, "status": "completed", "interpretedTraceResult": {"verdict": "failed"}}


def task(**fields: Any) -> TaskData:
    return TaskData("n", "d", "2026-01-01T00:00:00Z", 1.5, **fields)


def test_a_trace_is_sent(server: ScriptedServer, client: Client) -> None:
    server.answer(201, STORED)
    response = finish(client.send_task_data(task(output_summary="done")))
    assert response == ApiResponse(True, 201, "stored", STORED)
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", f"/api/v1/agents/{AGENT_ID}/trace")
    assert seen.headers["x-agent-id"] == AGENT_ID
    assert seen.headers["x-agent-key"] == "s3cret-s3cret"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"] == f"infinium-python/{__version__}"
    assert seen.headers["idempotency-key"][14] == "7"
    assert seen.json() == {
        "name": "n",
        "description": "d",
        "current_datetime": "2026-01-01T00:00:00Z",
        "duration": 1.5,
        "output_summary": "done",
        "environment": {"sdk_version": __version__},
    }


def test_send_task_builds_the_trace(server: ScriptedServer, client: Client) -> None:
    server.answer(201, STORED)
    response = finish(
        client.send_task(
            "n", "d", 2, steps=[{"step_number": 1, "action": "a", "description": "d", "mood": "ok"}]
        )
    )
    assert response.data["traceId"] == TRACE_ID
    sent = server.seen[0].json()
    assert sent["steps"][0]["metadata"] == {"mood": "ok"}
    assert sent["current_datetime"].endswith("Z")


def test_a_dict_is_sent_too(server: ScriptedServer, client: Client) -> None:
    server.answer(201, STORED)
    fields = {"name": "n", "description": "d", "current_datetime": "2026-01-01", "duration": 1}
    finish(client.send_task_data(fields))
    assert server.seen[0].json()["name"] == "n"


def test_the_sent_copy_alone_is_completed_and_cut(server: ScriptedServer, client: Client) -> None:
    server.answer(201, STORED)
    sent_task = task(
        environment=EnvironmentContext(region="eu"),
        steps=[ExecutionStep(1, "a", "d", input_preview="é" * 501)],
    )
    finish(client.send_task_data(sent_task))
    assert sent_task.environment == EnvironmentContext(region="eu")
    assert sent_task.steps == [ExecutionStep(1, "a", "d", input_preview="é" * 501)]
    sent = server.seen[0].json()
    assert sent["environment"] == {"region": "eu", "sdk_version": __version__}
    assert sent["steps"][0]["input_preview"] == "é" * 499 + "…"
    assert sent["steps"][0]["metadata"] == {"full_input": "é" * 501}


def test_retries_carry_the_same_key(server: ScriptedServer, make_client: Call) -> None:
    server.answers(
        Answer(503, {"error": "busy"}, {"Retry-After": "0"}),
        Answer(429, {"error": "slow"}, {"Retry-After": "0"}),
        Answer(201, STORED),
    )
    finish(make_client(max_retries=3).send_task_data(task()))
    keys = [seen.headers["idempotency-key"] for seen in server.seen]
    assert len(keys) == 3
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ValidationError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, NotFoundError),
        (409, InfiniumError),
        (413, PayloadTooLargeError),
        (422, ValidationError),
        (429, RateLimitError),
        (500, ServerError),
        (503, ServerError),
        (302, InfiniumError),
        (418, InfiniumError),
    ],
)
def test_a_status_becomes_its_exception(
    server: ScriptedServer, client: Client, status: int, kind: type[InfiniumError]
) -> None:
    body = {"success": False, "error": "because", "code": "c", "field": "steps[0].action"}
    server.answer(status, body, Retry_After="7", Location="http://127.0.0.1:1/")
    with pytest.raises(kind) as caught:
        finish(client.send_task_data(task()))
    assert type(caught.value) is kind
    assert caught.value.status_code == status
    assert caught.value.message == "because"
    assert caught.value.details["response_data"] == body
    if isinstance(caught.value, ValidationError):
        assert caught.value.field == "steps[0].action"
    if isinstance(caught.value, RateLimitError):
        assert caught.value.retry_after == 7
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_4xx_is_never_retried(server: ScriptedServer, make_client: Call, status: int) -> None:
    server.answer(status, {"error": "no"})
    with pytest.raises(InfiniumError):
        finish(make_client(max_retries=3).send_task_data(task()))
    assert len(server.seen) == 1


def test_an_answer_that_is_no_json_keeps_its_status(server: ScriptedServer, client: Client) -> None:
    server.answer(502, b"<html>bad gateway</html>")
    with pytest.raises(ServerError) as caught:
        finish(client.send_task_data(task()))
    assert caught.value.status_code == 502
    assert caught.value.details["response_data"] is None


def test_a_refused_connection_is_a_network_error(make_client: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = make_client(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(NetworkError) as caught:
            finish(client.send_task_data(task()))
    assert not isinstance(caught.value, InfiniumTimeoutError)
    assert caught.value.original_error is not None


def test_a_silent_server_is_a_timeout(server: ScriptedServer, make_client: Call) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(gate=gate)
    with pytest.raises(InfiniumTimeoutError) as caught:
        finish(make_client(timeout=0.2).send_task_data(task()))
    assert caught.value.timeout_duration == 0.2


def test_an_invalid_trace_is_not_sent(server: ScriptedServer, client: Client) -> None:
    with pytest.raises(ValidationError) as caught:
        finish(client.send_task_data(task(steps=[{"step_number": 1, "action": "a"}])))
    assert caught.value.field == "steps[0].description"
    with pytest.raises(PayloadTooLargeError):
        finish(client.send_task_data(task(output_summary="x" * 1_048_576)))
    with pytest.raises(TypeError, match="colour"):
        finish(client.send_task("n", "d", 1, colour="red"))
    assert server.seen == []


def test_a_result_that_is_ready(server: ScriptedServer, client: Client) -> None:
    server.answer(200, READY)
    response = finish(client.get_interpreted_task_result(TRACE_ID))
    assert response.success
    assert response.data["interpretedTraceResult"] == {"verdict": "failed"}
    assert server.seen[0].path == f"/api/v1/agents/{AGENT_ID}/interpreted-result/{TRACE_ID}"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (202, PENDING, "Maestro is at work"),
        (404, {"error": "no such trace"}, "no such trace"),
        (200, {"success": True}, "not ready yet"),
    ],
)
def test_a_result_that_is_not_there(
    server: ScriptedServer, client: Client, status: int, body: Any, message: str
) -> None:
    server.answer(status, body)
    response = finish(client.get_interpreted_task_result(TRACE_ID))
    assert response == ApiResponse(False, status, message, body)


def test_an_id_that_is_no_uuid_is_refused(server: ScriptedServer, client: Client) -> None:
    with pytest.raises(ValidationError) as caught:
        finish(client.get_interpreted_task_result("../prompts"))
    assert caught.value.field == "task_id"
    with pytest.raises(ValidationError) as caught:
        finish(client.wait_for_interpretation(""))
    assert caught.value.field == "trace_id"
    assert server.seen == []


def test_waiting_asks_the_server_to_hold(server: ScriptedServer, client: Client) -> None:
    server.answer(200, READY)
    assert finish(client.wait_for_interpretation(TRACE_ID, timeout=20)).success
    assert server.seen[0].path.endswith(f"/interpreted-result/{TRACE_ID}?wait=3")
    finish(client.get_interpreted_task_result(TRACE_ID))
    assert server.seen[1].path.endswith(TRACE_ID)


def test_waiting_makes_one_attempt_a_poll(server: ScriptedServer, make_client: Call) -> None:
    server.answers(Answer(503, {"error": "busy"}, {"Retry-After": "0"}), Answer(200, READY))
    client = make_client(max_retries=3)
    with pytest.warns(UserWarning, match="poll_interval"):
        response = finish(client.wait_for_interpretation(TRACE_ID, 20, poll_interval=0.01))
    assert response.success
    assert len(server.seen) == 2


def test_waiting_goes_through_the_public_method(make_client: Call) -> None:
    client = make_client()
    asked: list[str] = []

    def ready(task_id: str) -> ApiResponse:
        asked.append(task_id)
        return ApiResponse(True, 200)

    async def ready_later(task_id: str) -> ApiResponse:
        return ready(task_id)

    replacement: Any = ready if isinstance(client, InfiniumClient) else ready_later
    client.get_interpreted_task_result = replacement
    assert finish(client.wait_for_interpretation(TRACE_ID)).success
    assert asked == [TRACE_ID]


def test_a_wait_cut_off_by_its_deadline_returns(server: ScriptedServer, make_client: Call) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(gate=gate)
    response = finish(make_client().wait_for_interpretation(TRACE_ID, timeout=0.3))
    assert response == ApiResponse(False, None, "no answer within 0.3 s")


def test_a_wait_raises_when_a_request_times_out(server: ScriptedServer, make_client: Call) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(gate=gate)
    with pytest.raises(InfiniumTimeoutError):
        finish(make_client(timeout=0.2).wait_for_interpretation(TRACE_ID, timeout=20))


def test_a_connection_is_tested(server: ScriptedServer, client: Client) -> None:
    server.script = lambda seen: (
        Answer(200, {"ready": True}) if seen.path == "/readyz" else Answer(404, {"error": "none"})
    )
    assert finish(client.test_connection()).success
    server.script = lambda seen: (
        Answer(200, {}) if seen.path == "/readyz" else Answer(401, {"error": "wrong"})
    )
    with pytest.raises(AuthenticationError):
        finish(client.test_connection())
    server.answer(503, {"error": "starting"})
    with pytest.raises(ServerError):
        finish(client.test_connection())
    server.answer(404, b"<html>another program</html>")
    with pytest.raises(NotFoundError):
        finish(client.test_connection())


def test_a_closed_client_says_so(make_client: Call) -> None:
    client = make_client()
    assert finish(client.flush(1)) is True
    finish(client.close())
    finish(client.close())
    with pytest.raises(NetworkError):
        finish(client.send_task_data(task()))


def test_settings_come_from_the_environment(
    server: ScriptedServer, make_client: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFINIUM_AGENT_ID", AGENT_ID)
    monkeypatch.setenv("INFINIUM_AGENT_SECRET", "from-environment")
    monkeypatch.setenv("INFINIUM_BASE_URL", server.url)
    kind = type(make_client())
    client = kind()
    assert (client.agent_id, client.base_url) == (AGENT_ID, f"{server.url}/api/v1")
    finish(client.close())
    monkeypatch.delenv("INFINIUM_BASE_URL")
    client = kind()
    assert client.base_url == "http://127.0.0.1:8400/api/v1"
    finish(client.close())
    monkeypatch.delenv("INFINIUM_AGENT_SECRET")
    with pytest.raises(ValidationError) as caught:
        kind()
    assert caught.value.field == "agent_secret"


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"base_url": "ftp://host"}, "base_url"),
        ({"timeout": 0}, "timeout"),
        ({"max_retries": -1}, "max_retries"),
        ({"requests_per_second": 0}, "requests_per_second"),
        ({"enable_logging": True, "log_level": "LOUD"}, "log_level"),
    ],
)
def test_wrong_settings_are_named(make_client: Call, settings: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_client(**settings)
    assert caught.value.config_key == key


def test_a_secret_is_not_shown(client: Client) -> None:
    assert "s3cret" not in repr(client)
