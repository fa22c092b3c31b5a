"""Prompts: versions, keys, who may fetch."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from harness import Reply, Server, cli_json, refused, run_cli


class Prompt:
    """A prompt made by the program while the server holds the folder."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.file = folder / "content"
        self.file.write_text("Hello {{name}} — version 1\n", encoding="utf-8")
        made = cli_json(
            "prompt", "create", "greeting", "--content-file", self.file, "--data", server.data
        )
        self.id, self.key = made["prompt_id"], made["prompt_key"]
        assert made["version"] == 1

    def push(self, content: str) -> int:
        """Adds a version."""
        self.file.write_text(content, encoding="utf-8")
        arguments = ("--content-file", self.file, "--data", self.server.data)
        return cli_json("prompt", "push", self.id, *arguments)["version"]

    def fetch(self, version: str, key: str | None = None) -> Reply:
        """GET as an agent does."""
        headers = {"x-prompt-id": self.id, "x-prompt-key": key or self.key}
        return self.server.call("GET", f"/api/v1/prompts/{self.id}/v/{version}", None, headers)


@pytest.fixture
def prompt(server: Server, tmp_path: Path) -> Prompt:
    """A prompt with one version."""
    return Prompt(server, tmp_path)


def test_fetch(prompt: Prompt) -> None:
    reply = prompt.fetch("1")
    assert reply.status == 200
    body = reply.json
    assert body["promptId"] == prompt.id
    assert body["name"] == "greeting"
    assert body["version"] == 1
    assert body["content"] == "Hello {{name}} — version 1\n"
    assert body["createdAt"].endswith("Z")


def test_versions_stay(prompt: Prompt) -> None:
    assert prompt.push("two") == 2
    assert prompt.fetch("latest").json["content"] == "two"
    assert prompt.fetch("latest").json["version"] == 2
    assert prompt.fetch("1").json["content"].endswith("version 1\n")


def test_a_version_that_is_not_there(prompt: Prompt) -> None:
    refused(prompt.fetch("2"), 404, "not_found")
    refused(prompt.fetch("99999999999999999999"), 404, "not_found")
    refused(prompt.fetch("staging"), 404, "not_found")
    assert prompt.fetch("0").status in (404, 422)
    assert prompt.fetch("-1").status in (404, 422)


def test_a_wrong_key(prompt: Prompt) -> None:
    refused(prompt.fetch("1", key="ifp_wrong"), 403, "forbidden")


def test_an_unknown_prompt(server: Server) -> None:
    unknown = str(uuid.uuid4())
    reply = server.call(
        "GET",
        f"/api/v1/prompts/{unknown}/v/latest",
        None,
        {"x-prompt-id": unknown, "x-prompt-key": "k"},
    )
    refused(reply, 404, "not_found")


def test_the_program_lists_and_shows(prompt: Prompt) -> None:
    prompt.push("two")
    data = prompt.server.data
    rows = cli_json("prompt", "list", "--data", data)
    assert any(row["prompt_id"] == prompt.id and row["version"] == 2 for row in rows)
    assert run_cli("prompt", "show", prompt.id, "--data", data).stdout == "two"
    first = run_cli("prompt", "show", prompt.id, "--version", "1", "--data", data)
    assert first.stdout.startswith("Hello")
    assert run_cli("prompt", "show", str(uuid.uuid4()), "--data", data).returncode == 6


def test_content_that_is_refused(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "content"
    for content, code in ((b"", 2), (b"\xff", 3), (b"x" * 1_048_577, 8)):
        file.write_bytes(content)
        done = run_cli("prompt", "create", "p", "--content-file", file, "--data", server.data)
        assert done.returncode == code, done.stderr
        assert "error: " in done.stderr
