"""The client that users have today, unmodified from the package index, works against our server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness import ROOT, Agent, Server, cli_json

CLIENT = "infinium-o2==1.2.0"


@pytest.fixture(scope="session")
def field_python() -> Path:
    """A Python with nothing but that client; kept between runs."""
    environment = ROOT / "build" / f"field-client-{sys.version_info.major}{sys.version_info.minor}"
    python = environment / "bin" / "python"
    complete = environment / "complete"
    if not complete.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", CLIENT]
        subprocess.run(install, check=True)
        complete.touch()
    return python


@pytest.mark.timeout(300)
def test_it_sends_batches_polls_waits_and_fetches(
    field_python: Path, agent: Agent, server: Server, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    content.write_text("Hello {{name}}")
    made = cli_json("prompt", "create", "p", "--content-file", content, "--data", server.data)
    program = Path(__file__).with_name("field_client.py")
    done = subprocess.run(
        [field_python, program, server.url, agent.id, agent.secret, made["prompt_id"], made["prompt_key"]],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    sync = got["sync"]
    assert sync["sent"][:2] == [True, 201]
    assert sync["full"][:2] == [True, 201]
    assert sync["batch"] == [5, 0, 5]
    assert sync["waited"][0] is True
    assert sync["polled"] == [True, sync["full"][2]]
    assert sync["prompt"] == [1, "Hello {{name}}", "Hello Ada"]
    assert sync["wrong_secret"] == "AuthenticationError"
    assert sync["wrong_key"] == "InfiniumError"
    assert sync["invalid"] == "ValidationError"
    assert got["async"] == {"waited": True, "batch": [5, 0]}
    assert len(agent.list()["traces"]) == 13
    stored = agent.read(sync["full"][2]).json["trace"]
    assert stored["name"] == "Task 1"
    assert stored["sections"]["customer"] == {"customer_name": "C"}
    assert stored["steps"][0]["tool_call"]["tool_name"] == "sum"
