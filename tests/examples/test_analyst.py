"""The example agent: does real work, and Maestro finds the mistake that no exception shows."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from infinium import TaskData, maestro

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "analyst"
sys.path.insert(0, str(EXAMPLE))

from agent import FAULTS  # noqa: E402
from run import work  # noqa: E402

SEEDS = range(50)
RIGHT_STEP_MIN = 48


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs here are the plain agent's, whatever the environment names."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def run_in(folder: Path, seed: int, fault: str | None) -> tuple[TaskData, str | None, int | None]:
    folder.mkdir(parents=True)
    return work(seed, fault, folder)


def criticals(result: dict[str, Any]) -> list[str]:
    return [f["code"] for f in result["findings"] if f["severity"] == "critical"]


def test_maestro_names_the_step_of_a_silent_fault(tmp_path: Path) -> None:
    right = Counter[str]()
    drawn = Counter[str]()
    missed: list[str] = []
    alarms: list[str] = []
    for seed in SEEDS:
        trace, kind, step = run_in(tmp_path / f"{seed}-fault", seed, "any")
        assert kind is not None
        drawn[kind] += 1
        root = maestro.interpret(trace)["rootCause"]
        if root is not None and root["step"] == step:
            right[kind] += 1
        else:
            named = root and f"step {root['step']}: {root['reason']}"
            missed.append(f"seed {seed}, {kind} at step {step}: Maestro names {named}")
        clean, _, _ = run_in(tmp_path / f"{seed}-clean", seed, None)
        result = maestro.interpret(clean)
        if criticals(result):
            alarms.append(f"seed {seed}: {criticals(result)}")
    print(f"\nright step named: {right.total()} of {len(SEEDS)}  {dict(right)}")
    print(f"clean twins with a critical finding: {len(alarms)} of {len(SEEDS)}")
    assert set(drawn) == set(FAULTS), "the seeds must draw every kind of fault"
    assert right.total() >= RIGHT_STEP_MIN, "\n".join(missed)
    assert not alarms, "\n".join(alarms)


@pytest.mark.parametrize("kind", FAULTS)
def test_every_call_of_a_faulty_run_answers_ok(tmp_path: Path, kind: str) -> None:
    trace, _, step = run_in(tmp_path / kind, 3, kind)
    assert step is not None
    assert not trace.errors
    for done in trace.steps or []:
        assert done.error is None
        assert done.tool_call is None or (
            done.tool_call.error is None and done.tool_call.http_status == 200
        )


def test_a_clean_run_succeeds_and_says_why(tmp_path: Path) -> None:
    trace, _, _ = run_in(tmp_path / "clean", 7, None)
    result = maestro.interpret(trace)
    assert result["verdict"] == "succeeded", result["summary"]
    assert all(item["evidence"] for item in result["rubric"] if item["status"] != "unclear")


class FakeModel(BaseHTTPRequestHandler):
    """Speaks just enough of the chat-completions protocol."""

    prompts: list[str] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.prompts.append(asked["messages"][0]["content"])
        body = json.dumps(
            {
                "model": asked["model"],
                "choices": [{"message": {"role": "assistant", "content": "This is the report."}}],
                "usage": {"prompt_tokens": 31, "completion_tokens": 5},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def model_url() -> Iterator[str]:
    FakeModel.prompts = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeModel)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_model_in_the_environment_is_used(
    tmp_path: Path, model_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", model_url)
    trace, _, _ = run_in(tmp_path / "model", 7, None)
    calls = [step.llm_call for step in trace.steps or [] if step.llm_call]
    assert len(calls) == 1 and len(FakeModel.prompts) == 1
    assert calls[0].prompt_tokens == 31
    assert "This is the report." in (tmp_path / "model" / "report.md").read_text()
