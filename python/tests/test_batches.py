"""send_tasks_batch: one call where the server knows it, else one request a trace."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any

import pytest

from conftest import AGENT_ID, Call, Client, finish
from infinium import (
    AsyncInfiniumClient,
    BatchError,
    BatchResult,
    TaskData,
    ValidationError,
    _batching,
)
from scripted_server import Answer, ScriptedServer, Seen


def task(number: int) -> TaskData:
    return TaskData(f"task {number}", "d", "2026-01-01T00:00:00Z", 1.0)


def traces(seen: Seen) -> list[str]:
    """The names in a batch call."""
    return [item["trace"]["name"] for item in seen.json()]


def stores_all(seen: Seen) -> Answer:
    """A server that knows the batch call."""
    assert seen.path == f"/api/v1/agents/{AGENT_ID}/traces"
    results = [{"status": 201, "traceId": item["idempotency_key"]} for item in seen.json()]
    return Answer(207, {"success": True, "results": results})


def stores_singly(seen: Seen) -> Answer:
    """A server in the field, which does not."""
    if seen.path.endswith("/traces"):
        return Answer(404, {"error": "no such route"})
    name = seen.json()["name"]
    if name == "task 1":
        return Answer(422, {"error": "a bad one", "field": "name"})
    return Answer(201, {"traceId": name})


def ids(result: BatchResult) -> list[Any]:
    return [(response.data or {}).get("traceId") for response in result.results]


def test_a_batch_is_one_request(server: ScriptedServer, client: Client) -> None:
    server.script = stores_all
    result = finish(client.send_tasks_batch([task(number) for number in range(30)]))
    assert (result.successful, result.failed, result.errors) == (30, 0, [])
    (seen,) = server.seen
    assert traces(seen) == [f"task {number}" for number in range(30)]
    assert ids(result) == [item["idempotency_key"] for item in seen.json()]
    assert result.results[0].status_code == 201


def test_a_bad_item_stops_no_other(server: ScriptedServer, client: Client) -> None:
    server.script = stores_all
    result = finish(
        client.send_tasks_batch(
            [
                task(0),
                {"name": "task 1"},
                task(2),
                None,  # type: ignore[list-item]
                {"name": "task 4", "description": "d", "duration": 1, "current_datetime": "2026"},
            ]
        )
    )
    assert [response.success for response in result.results] == [True, False, True, False, False]
    assert (result.successful, result.failed) == (2, 3)
    assert "'task 1'" in result.errors[0]
    assert "description is required" in result.errors[0]
    assert result.results[1].data == {"task_name": "task 1"}
    assert traces(server.seen[0]) == ["task 0", "task 2"]


def test_items_that_the_server_refuses(server: ScriptedServer, client: Client) -> None:
    server.answer(
        207,
        {
            "success": False,
            "results": [
                {"status": 201, "traceId": "a"},
                {"status": 422, "error": "too long", "code": "validation_error", "field": "name"},
                {"status": 200, "traceId": "c"},
            ],
        },
    )
    result = finish(client.send_tasks_batch([task(0), task(1), task(2)]))
    assert [response.status_code for response in result.results] == [201, 422, 200]
    assert (result.successful, result.failed) == (2, 1)
    assert result.results[1].data["field"] == "name"
    assert "too long" in result.errors[0]


def test_items_refused_for_now_are_sent_again(server: ScriptedServer, make_client: Call) -> None:
    later = {"status": 429, "error": "later", "Retry-After": 0}
    server.answers(
        Answer(207, {"results": [{"status": 201, "traceId": "a"}, later]}),
        Answer(207, {"results": [{"status": 201, "traceId": "b"}]}),
    )
    result = finish(make_client(max_retries=2).send_tasks_batch([task(0), task(1)]))
    assert ids(result) == ["a", "b"]
    assert result.successful == 2
    first, second = (seen.json() for seen in server.seen)
    assert second == first[1:]


def test_a_rate_limit_is_waited_out_while_items_get_through(
    server: ScriptedServer, make_client: Call
) -> None:
    later = {"status": 429, "error": "later", "Retry-After": 0}

    def script(seen: Seen) -> Answer:
        stored = [{"status": 201, "traceId": item["trace"]["name"]} for item in seen.json()[:2]]
        return Answer(207, {"results": stored + [later] * (len(seen.json()) - 2)})

    server.script = script
    result = finish(make_client(max_retries=1).send_tasks_batch([task(n) for n in range(8)]))
    assert ids(result) == [f"task {number}" for number in range(8)]
    assert len(server.seen) == 4
    server.answer(207, {"results": [later, later]})
    result = finish(make_client(max_retries=1).send_tasks_batch([task(0), task(1)]))
    assert [response.status_code for response in result.results] == [429, 429]
    assert len(server.seen) == 6


def test_a_server_without_the_batch_call(server: ScriptedServer, client: Client) -> None:
    server.script = stores_singly
    tasks = [task(number) for number in range(7)]
    result = finish(client.send_tasks_batch(tasks, max_concurrent=3))
    assert [response.success for response in result.results] == [True, False] + [True] * 5
    assert ids(result)[2] == "task 2"
    assert result.results[1].status_code == 422
    assert len(server.seen) == 8
    finish(client.send_tasks_batch(tasks))
    assert [seen.path.rpartition("/")[2] for seen in server.seen].count("traces") == 1


def test_no_more_than_max_concurrent_at_a_time(server: ScriptedServer, client: Client) -> None:
    lock = threading.Lock()
    two_are_here = threading.Barrier(2, timeout=10)
    now = most = 0

    def script(seen: Seen) -> Answer:
        nonlocal now, most
        if seen.path.endswith("/traces"):
            return Answer(405)
        with lock:
            now += 1
            most = max(most, now)
        two_are_here.wait()
        with lock:
            now -= 1
        return Answer(201, {"traceId": "x"})

    server.script = script
    result = finish(client.send_tasks_batch([task(n) for n in range(6)], max_concurrent=2))
    assert result.successful == 6
    assert most == 2


def test_a_failed_call_fails_its_items(server: ScriptedServer, client: Client) -> None:
    server.answer(401, {"error": "wrong secret"})
    result = finish(client.send_tasks_batch([task(0), task(1)]))
    assert (result.successful, result.failed) == (0, 2)
    assert [response.status_code for response in result.results] == [401, 401]
    assert "wrong secret" in result.errors[1]


def test_a_large_batch_is_split(
    server: ScriptedServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = stores_all
    monkeypatch.setattr(_batching, "ITEMS_MAX", 4)
    result = finish(client.send_tasks_batch([task(number) for number in range(10)], 1))
    assert result.successful == 10
    assert [len(seen.json()) for seen in server.seen] == [4, 4, 2]
    monkeypatch.setattr(_batching, "BYTES_MAX", 500)
    finish(client.send_tasks_batch([task(number) for number in range(10)], 1))
    assert all(len(seen.body) <= 510 for seen in server.seen[3:])


def test_a_single_task_needs_no_batch_call(server: ScriptedServer, client: Client) -> None:
    server.script = stores_singly
    assert finish(client.send_tasks_batch([task(0)])).successful == 1
    assert server.seen[0].path.endswith("/trace")


def test_what_cannot_be_a_batch(client: Client) -> None:
    with pytest.raises(ValidationError):
        finish(client.send_tasks_batch([]))
    with pytest.raises(ValidationError):
        finish(client.send_tasks_batch([task(0)], max_concurrent=0))


def test_a_result_that_lacks_items_is_no_success(server: ScriptedServer, client: Client) -> None:
    server.answer(207, {"results": [{"status": 201, "traceId": "a"}]})
    result = finish(client.send_tasks_batch([task(0), task(1)]))
    assert [response.success for response in result.results] == [True, False]


@pytest.fixture
def async_client(server: ScriptedServer) -> Generator[AsyncInfiniumClient]:
    made = AsyncInfiniumClient(AGENT_ID, "s3cret-s3cret", server.url, max_retries=0)
    yield made
    finish(made.close())


def test_fail_fast_stops_at_a_bad_item(
    server: ScriptedServer, async_client: AsyncInfiniumClient
) -> None:
    with pytest.raises(BatchError) as caught:
        finish(async_client.send_tasks_batch([task(0), {"name": "x"}], fail_fast=True))
    assert caught.value.failed_count == 1
    assert server.seen == []


def test_fail_fast_stops_the_singles(
    server: ScriptedServer, async_client: AsyncInfiniumClient
) -> None:
    server.script = stores_singly
    with pytest.raises(BatchError) as caught:
        finish(async_client.send_tasks_batch([task(n) for n in range(9)], 1, fail_fast=True))
    assert caught.value.successful_count == 1
    assert "a bad one" in caught.value.message
    assert len(server.seen) == 3
