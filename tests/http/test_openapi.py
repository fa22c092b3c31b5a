"""api/openapi.yaml against the real server: every call, every documented status, every example."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from harness import ROOT, Agent, Launch, Reply, Reviewer, Server, cli_json, encode, payload, uuid7

DOCUMENT = yaml.safe_load((ROOT / "api" / "openapi.yaml").read_text(encoding="utf-8"))
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:api", Resource(contents=DOCUMENT, specification=DRAFT202012)
)
# Statuses that other tests show, because they need a clock, a full disk or a broken client:
# test_bad_http.py (408), test_full_disk.py (503), test_operation.py (readiness).
ELSEWHERE = {"408", "503"}
METHODS = ("get", "post", "put", "patch", "delete")


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Follows a local reference."""
    while "$ref" in node:
        target: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations() -> dict[str, dict[str, Any]]:
    """Every operation of the document by its id."""
    return {
        operation["operationId"]: {**operation, "path": path, "method": method.upper()}
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def schema_check(schema: dict[str, Any], value: Any) -> list[str]:
    """What a value breaks of a schema of the document."""
    text = json.dumps(schema).replace('"#/', '"urn:api#/')
    validator = Draft202012Validator(json.loads(text), registry=REGISTRY)
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


def check(operation_id: str, reply: Reply) -> None:
    """The answer's status is documented for the call, and its headers and body are as documented."""
    responses = operations()[operation_id]["responses"]
    assert str(reply.status) in responses, f"{operation_id} answered {reply.status}: {reply.body}"
    response = resolve(responses[str(reply.status)])
    for name in response.get("headers", {}):
        assert name.lower() in reply.headers, f"{operation_id} {reply.status} has no {name}"
    content = response["content"]
    kind = reply.headers["content-type"].split(";")[0]
    assert kind in content, f"{operation_id} {reply.status} is {kind}"
    if kind == "application/json":
        found = schema_check(content[kind]["schema"], reply.json)
        assert not found, f"{operation_id} {reply.status}: {found}"


class Calls:
    """Makes one real answer for each documented (operation, status)."""

    def __init__(self, agent: Agent, pending: Agent, limited: Agent) -> None:
        self.agent = agent
        self.pending = pending
        self.limited = limited
        self.stranger = Agent(agent.server, agent.id, "wrong")
        self.trace_id = agent.send_ok(payload(name="Documented"))
        assert agent.result(self.trace_id, wait=30).status == 200
        self.pending_id = pending.send_ok(payload())
        self.reviewer = agent.server.reviewer()
        self.unknown_reviewer = Reviewer(agent.server, self.reviewer.id, "wrong")
        content = agent.server.data.parent / "prompt.txt"
        content.write_text("Hello {{name}}")
        self.prompt = cli_json(
            "prompt", "create", "greeting", "--content-file", content, "--data", agent.server.data
        )

    def prompt_reply(self, version: str, key: str | None = None) -> Reply:
        headers = {
            "x-prompt-id": self.prompt["prompt_id"],
            "x-prompt-key": key or self.prompt["prompt_key"],
        }
        path = f"/api/v1/prompts/{self.prompt['prompt_id']}/v/{version}"
        return self.agent.server.call("GET", path, headers=headers)

    def as_reviewer(self, path: str) -> Reply:
        """What needs an agent, asked by a reviewer."""
        address = f"/api/v1/agents/{self.agent.id}{path}"
        return self.agent.server.call("POST", address, b"[]", self.reviewer.credentials)

    def page(self, path: str, server: Server | None = None, **headers: str) -> Reply:
        return (server or self.agent.server).call("GET", f"/api/v1/traces{path}", headers=headers)

    def repeated(self, second: bytes) -> Reply:
        key = uuid7()
        self.agent.send_ok(encode(payload()), idempotency_key=key)
        return self.agent.send(second, idempotency_key=key)

    def limited_reply(self) -> Reply:
        for _ in range(50):
            reply = self.limited.send(payload())
            if reply.status != 201:
                return reply
        raise AssertionError("no rate limit was met")

    def verdict_table(self, unknown: str) -> dict[tuple[str, str], Callable[[], Reply]]:
        agent, reviewer, stranger = self.agent, self.reviewer, self.unknown_reviewer
        own = f"/traces/{self.trace_id}/verdict"
        path = f"/api/v1/agents/{agent.id}{own}"
        squeezed = {**reviewer.credentials, "content-encoding": "br"}

        def give(**body: Any) -> Reply:
            return reviewer.call("POST", agent, f"/{self.trace_id}/verdict", body)

        def repeated() -> Reply:
            give(verdict="failed", note="Same")
            return give(verdict="failed", note="Same")

        return {
            ("giveVerdict", "201"): lambda: give(
                verdict="failed", note=unknown, rubric={"r1": "unmet"}, root_step=2
            ),
            ("giveVerdict", "200"): repeated,
            ("giveVerdict", "400"): lambda: reviewer.call(
                "POST", agent, f"/{self.trace_id}/verdict", b"{"
            ),
            ("giveVerdict", "401"): lambda: stranger.give(agent, self.trace_id, "failed"),
            ("giveVerdict", "403"): lambda: agent.call("POST", own, b"{}"),
            ("giveVerdict", "404"): lambda: reviewer.give(agent, unknown, "failed"),
            ("giveVerdict", "413"): lambda: give(verdict="failed", note="x" * 70_000),
            ("giveVerdict", "415"): lambda: agent.server.call("POST", path, b"{}", squeezed),
            ("giveVerdict", "422"): lambda: give(verdict="good"),
            ("withdrawVerdict", "200"): lambda: reviewer.withdraw(agent, self.trace_id),
            ("withdrawVerdict", "401"): lambda: stranger.withdraw(agent, self.trace_id),
            ("withdrawVerdict", "403"): lambda: agent.call("DELETE", own),
            ("withdrawVerdict", "404"): lambda: reviewer.withdraw(agent, unknown),
            ("withdrawVerdict", "422"): lambda: reviewer.withdraw(agent, "x"),
            ("listVerdicts", "200"): lambda: agent.call("GET", own + "s"),
            ("listVerdicts", "401"): lambda: self.stranger.call("GET", own + "s"),
            ("listVerdicts", "404"): lambda: agent.call("GET", f"/traces/{unknown}/verdicts"),
            ("listVerdicts", "422"): lambda: agent.call("GET", "/traces/x/verdicts"),
        }

    def result_table(self, unknown: str) -> dict[tuple[str, str], Callable[[], Reply]]:
        agent, own = self.agent, f"/traces/{self.trace_id}/results"
        return {
            ("listResults", "200"): lambda: agent.call("GET", own),
            ("listResults", "401"): lambda: self.stranger.call("GET", own),
            ("listResults", "404"): lambda: agent.call("GET", f"/traces/{unknown}/results"),
            ("listResults", "422"): lambda: agent.call("GET", "/traces/x/results"),
            ("readResult", "200"): lambda: agent.call("GET", own + "/1"),
            ("readResult", "401"): lambda: self.stranger.call("GET", own + "/1"),
            ("readResult", "404"): lambda: agent.call("GET", own + "/2"),
            ("readResult", "422"): lambda: agent.call("GET", "/traces/x/results/1"),
        }

    def table(self) -> dict[tuple[str, str], Callable[[], Reply]]:
        agent, unknown = self.agent, str(uuid.uuid4())
        outside = {"X-Forwarded-For": "192.0.2.7"}
        plain = {"content_type": "text/plain"}
        large = payload(description="d" * 10_000, extra="x" * 1_048_576)
        return {
            ("sendTrace", "201"): lambda: agent.send(payload()),
            ("sendTrace", "200"): lambda: self.repeated(encode(payload())),
            ("sendTrace", "400"): lambda: agent.send(b"{"),
            ("sendTrace", "401"): lambda: self.stranger.send(payload()),
            ("sendTrace", "403"): lambda: self.as_reviewer("/trace"),
            ("sendTrace", "409"): lambda: self.repeated(encode(payload(name="Another"))),
            ("sendTrace", "413"): lambda: agent.send(large),
            ("sendTrace", "415"): lambda: agent.send(payload(), content_encoding="br"),
            ("sendTrace", "422"): lambda: agent.send(payload(duration=-1)),
            ("sendTrace", "429"): self.limited_reply,
            ("sendTraces", "207"): lambda: agent.batch(encode([payload(), {"name": 1}])),
            ("sendTraces", "400"): lambda: agent.batch(b"[{]", **plain),
            ("sendTraces", "401"): lambda: self.stranger.batch(b"[]"),
            ("sendTraces", "403"): lambda: self.as_reviewer("/traces"),
            ("sendTraces", "413"): lambda: agent.server.raw(
                agent.head("/traces", f"Content-Length: {(16 << 20) + 1}")
            ),
            ("sendTraces", "415"): lambda: agent.batch(b"[]", content_encoding="br"),
            ("listTraces", "200"): lambda: agent.call("GET", "/traces?limit=1"),
            ("listTraces", "401"): lambda: self.stranger.call("GET", "/traces"),
            ("listTraces", "404"): lambda: self.reviewer.call(
                "GET", Agent(agent.server, unknown, ""), ""
            ),
            ("listTraces", "422"): lambda: agent.call("GET", "/traces?limit=many"),
            ("readTrace", "200"): lambda: agent.read(self.trace_id),
            ("readTrace", "401"): lambda: self.stranger.read(self.trace_id),
            ("readTrace", "404"): lambda: agent.read(unknown),
            ("fetchInterpretation", "200"): lambda: agent.result(self.trace_id),
            ("fetchInterpretation", "202"): lambda: self.pending.result(self.pending_id),
            ("fetchInterpretation", "401"): lambda: self.stranger.result(self.trace_id),
            ("fetchInterpretation", "404"): lambda: agent.result(unknown),
            ("fetchInterpretation", "422"): lambda: agent.result(self.trace_id, wait=-1),
            **self.verdict_table(unknown),
            **self.result_table(unknown),
            ("fetchPrompt", "200"): lambda: self.prompt_reply("latest"),
            ("fetchPrompt", "403"): lambda: self.prompt_reply("1", key="wrong"),
            ("fetchPrompt", "404"): lambda: self.prompt_reply("99"),
            ("pageListTraces", "200"): lambda: self.page("?limit=2"),
            ("pageListTraces", "421"): lambda: self.page("", **outside),
            ("pageListTraces", "422"): lambda: self.page("?limit=0"),
            ("pageReadTrace", "200"): lambda: self.page(f"/{self.trace_id}"),
            ("pageReadTrace", "404"): lambda: self.page(f"/{unknown}"),
            ("pageReadTrace", "421"): lambda: self.page(f"/{self.trace_id}", **outside),
            ("pageFetchInterpretation", "200"): lambda: self.page(
                f"/{self.trace_id}/interpretation"
            ),
            ("pageFetchInterpretation", "202"): lambda: self.page(
                f"/{self.pending_id}/interpretation", self.pending.server
            ),
            ("pageFetchInterpretation", "404"): lambda: self.page(f"/{unknown}/interpretation"),
            ("pageFetchInterpretation", "421"): lambda: self.page(
                f"/{self.trace_id}/interpretation", **outside
            ),
            ("health", "200"): lambda: agent.server.call("GET", "/healthz"),
            ("readiness", "200"): lambda: agent.server.call("GET", "/readyz"),
            ("metrics", "200"): lambda: agent.server.call("GET", "/metrics"),
        }


DOCUMENTED = [
    (operation_id, status)
    for operation_id, operation in operations().items()
    for status in operation["responses"]
    if status not in ELSEWHERE
]


@pytest.fixture(scope="module")
def calls(
    server: Server, idle_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    folder: Path = tmp_path_factory.mktemp("limited")
    limited = Server(folder / "data", folder / "log", "--rate-limit", "1")
    yield Calls(server.agent(), idle_server.agent(), limited.agent())
    assert limited.stop() == 0


@pytest.mark.parametrize(("operation_id", "status"), DOCUMENTED)
def test_the_server_answers_as_documented(calls: Calls, operation_id: str, status: str) -> None:
    make = calls.table().get((operation_id, status))
    assert make is not None, f"no call here makes {operation_id} answer {status}"
    reply = make()
    assert str(reply.status) == status, reply.body
    check(operation_id, reply)


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["examples"]))
def test_the_examples_are_valid_and_accepted(agent: Agent, name: str) -> None:
    value = DOCUMENT["components"]["examples"][name]["value"]
    if isinstance(value, list):
        reply = agent.batch(encode(value))
        assert reply.json["success"] is True, reply.body
    else:
        assert not schema_check({"$ref": "#/components/schemas/Trace"}, value)
        trace_id = agent.send_ok(value)
        assert agent.read(trace_id).json["trace"] == value


def test_every_interpretation_of_the_examples_is_as_documented(agent: Agent) -> None:
    value = DOCUMENT["components"]["examples"]["complete"]["value"]
    check("fetchInterpretation", agent.result(agent.send_ok(value), wait=30))


def test_the_document_names_every_route_of_the_server(launch: Launch) -> None:
    """A path that the document lacks is no route, and each of its methods but the named is 405."""
    server = launch()
    sample = str(uuid.uuid4())
    for path, item in DOCUMENT["paths"].items():
        concrete = path
        for name in ("agent_id", "trace_id", "prompt_id", "version"):
            concrete = concrete.replace("{" + name + "}", sample)
        for method in METHODS:
            reply = server.call(method.upper(), concrete, b"" if method != "get" else None)
            if method in item:
                assert reply.status != 405, (method, path)
            else:
                assert reply.status == 405, (method, path, reply.status)
                assert reply.headers["allow"]
