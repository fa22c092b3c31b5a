"""Prompts: fetched, filled in, recorded, and served from memory when the server is away."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Call, Client, finish
from infinium import (
    AuthenticationError,
    NotFoundError,
    PromptContent,
    ServerError,
    TraceBuilder,
    ValidationError,
)
from scripted_server import ScriptedServer

PROMPT_ID = "0197c1f0-0000-7000-8000-000000009207"
BODY = {
    "promptId": PROMPT_ID,
    "name": "Greeting",
    "version": 3,
    "content": "Dear {{name}}, {{ spaced }} {{unknown}}",
    "createdAt": "2026-01-01T00:00:00Z",
}


def test_a_prompt_is_fetched_and_filled_in(server: ScriptedServer, client: Client) -> None:
    server.answer(200, BODY)
    prompt = finish(client.get_prompt(PROMPT_ID, "key", variables={"name": "Ada"}))
    assert prompt == PromptContent(
        PROMPT_ID,
        "Greeting",
        3,
        "Dear {{name}}, {{ spaced }} {{unknown}}",
        "2026-01-01T00:00:00Z",
        "Dear Ada, {{ spaced }} {{unknown}}",
    )
    (seen,) = server.seen
    assert seen.path == f"/api/v1/prompts/{PROMPT_ID}/v/latest"
    assert (seen.headers["x-prompt-id"], seen.headers["x-prompt-key"]) == (PROMPT_ID, "key")
    assert "x-agent-key" not in seen.headers
    assert finish(client.get_prompt(PROMPT_ID, "key")).rendered_content is None


@pytest.mark.parametrize(("version", "path"), [(2, "2"), ("07", "7"), ("live", "live")])
def test_versions(server: ScriptedServer, client: Client, version: str | int, path: str) -> None:
    server.answer(200, BODY)
    finish(client.get_prompt(PROMPT_ID, "key", version))
    assert server.seen[0].path.endswith(f"/v/{path}")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("prompts", "key"), "prompt_id"),
        ((PROMPT_ID, " "), "prompt_key"),
        ((PROMPT_ID, "k" * 2_001), "prompt_key"),
        ((PROMPT_ID, "key", 0), "version"),
        ((PROMPT_ID, "key", True), "version"),
        ((PROMPT_ID, "key", "../../x"), "version"),
    ],
)
def test_what_is_no_prompt_is_refused(
    server: ScriptedServer, client: Client, arguments: tuple[Any, ...], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        finish(client.get_prompt(*arguments))
    assert caught.value.field == field
    assert server.seen == []


def test_the_active_trace_records_names_not_values(server: ScriptedServer, client: Client) -> None:
    server.answer(200, BODY)
    with TraceBuilder("n", "d") as trace:
        finish(client.get_prompt(PROMPT_ID, "key", variables={"name": "secret value"}))
    task = trace.build()
    assert task.prompt_studio is not None
    (used,) = task.prompt_studio.prompts_used or []
    assert (used.prompt_id, used.prompt_name, used.version) == (PROMPT_ID, "Greeting", 3)
    assert (used.source, used.variables_used) == ("prompt_studio", ["name"])
    assert "secret value" not in repr(task)


def test_the_last_copy_is_served_when_the_server_is_away(
    server: ScriptedServer, make_client: Call
) -> None:
    client = make_client()
    server.answer(200, BODY)
    finish(client.get_prompt(PROMPT_ID, "key"))
    server.answer(503, {"error": "away"})
    with TraceBuilder("n", "d") as trace:
        prompt = finish(client.get_prompt(PROMPT_ID, "key", variables={"name": "Bo"}))
    assert (prompt.rendered_content or "").startswith("Dear Bo")
    assert trace.build().prompt_studio is not None
    with pytest.raises(ServerError):
        finish(client.get_prompt(PROMPT_ID, "another key"))
    with pytest.raises(ServerError):
        finish(client.get_prompt(PROMPT_ID, "key", 2))


@pytest.mark.parametrize(("status", "kind"), [(403, AuthenticationError), (404, NotFoundError)])
def test_a_refusal_is_not_hidden_by_the_copy(
    server: ScriptedServer, client: Client, status: int, kind: type[Exception]
) -> None:
    server.answer(200, BODY)
    finish(client.get_prompt(PROMPT_ID, "key"))
    server.answer(status, {"error": "no"})
    with pytest.raises(kind):
        finish(client.get_prompt(PROMPT_ID, "key"))
