"""Credentials: who is let in, and that secrets are nowhere in clear."""

from __future__ import annotations

import uuid

import pytest

from harness import Agent, Launch, Reply, Server, cli_json, encode, payload, refused, run_cli


def post(server: Server, path_id: str, headers: dict[str, str]) -> Reply:
    """A trace with any credentials at all."""
    return server.call("POST", f"/api/v1/agents/{path_id}/trace", encode(payload()), headers)


def test_one_answer_for_every_reason(agent: Agent, server: Server) -> None:
    other = server.agent("other")
    disabled = server.agent("disabled")
    cli_json("agent", "disable", disabled.id, "--data", server.data)
    unknown = str(uuid.uuid4())
    replies = [
        post(server, agent.id, {}),
        post(server, agent.id, {"x-agent-id": agent.id}),
        post(server, agent.id, {"x-agent-id": agent.id, "x-agent-key": "wrong"}),
        post(server, agent.id, {"x-agent-id": agent.id, "x-agent-key": other.secret}),
        post(server, unknown, {"x-agent-id": unknown, "x-agent-key": agent.secret}),
        post(server, other.id, agent.credentials),
        post(server, "x", agent.credentials),
        post(server, disabled.id, disabled.credentials),
    ]
    for reply in replies:
        refused(reply, 401, "unauthenticated")
    assert len({reply.body for reply in replies}) == 1


def test_a_bad_credential_is_seen_before_the_body(agent: Agent, server: Server) -> None:
    headers = {"x-agent-id": agent.id, "x-agent-key": "wrong"}
    reply = server.call("POST", f"/api/v1/agents/{agent.id}/trace", b"not json", headers)
    refused(reply, 401, "unauthenticated")


def test_guessing_is_slowed_down(launch: Launch) -> None:
    server = launch()
    known = server.agent()
    bad = {"x-agent-id": known.id, "x-agent-key": "wrong"}
    statuses = [post(server, known.id, bad).status for _ in range(60)]
    assert statuses[0] == 401
    assert 429 in statuses
    reply = next(r for r in (post(server, known.id, bad) for _ in range(200)) if r.status == 429)
    assert reply.json["code"] == "rate_limited"
    assert int(reply.headers["retry-after"]) >= 1


def test_disable_and_enable_take_effect_at_once(agent: Agent, server: Server) -> None:
    trace_id = agent.send_ok(payload())
    for _ in range(3):
        cli_json("agent", "disable", agent.id, "--data", server.data)
        refused(agent.send(payload()), 401, "unauthenticated")
        refused(agent.read(trace_id), 401, "unauthenticated")
        cli_json("agent", "enable", agent.id, "--data", server.data)
        agent.send_ok(payload())


def test_rotate_takes_effect_at_once(agent: Agent, server: Server) -> None:
    agent.send_ok(payload())
    turned = cli_json("agent", "rotate", agent.id, "--data", server.data)
    assert turned["agent_id"] == agent.id
    refused(agent.send(payload()), 401, "unauthenticated")
    agent.secret = turned["agent_secret"]
    agent.send_ok(payload())


def test_agents_by_name_and_list(server: Server) -> None:
    name = f"only {uuid.uuid4()}"
    made = server.agent(name)
    assert cli_json("agent", "disable", name, "--data", server.data)["agent_id"] == made.id
    rows = cli_json("agent", "list", "--data", server.data)
    row = next(row for row in rows if row["agent_id"] == made.id)
    assert (row["name"], row["disabled"]) == (name, True)
    assert run_cli("agent", "disable", "nobody", "--data", server.data).returncode == 6


def test_without_a_server_the_same_works(launch: Launch) -> None:
    server = launch()
    data = server.data
    before = server.agent("before")
    assert server.stop() == 0
    offline = run_cli("agent", "create", "offline", "--json", "--data", data)
    assert offline.returncode == 0 and str(data) in offline.stderr
    assert "running server" not in offline.stderr
    cli_json("agent", "disable", before.id, "--data", data)
    again = launch(data=data)
    before.server = again
    refused(before.send(payload()), 401, "unauthenticated")


def test_the_folder_is_named_and_its_creation_said(launch: Launch, tmp_path: object) -> None:
    data = launch().data.parent / "fresh"
    first = run_cli("agent", "create", "a", "--data", data)
    assert f"{data} (new store created)" in first.stderr
    assert [line.split("=")[0] for line in first.stdout.splitlines() if "=" in line][:3] == [
        "export INFINIUM_AGENT_ID",
        "export INFINIUM_AGENT_SECRET",
        "export INFINIUM_BASE_URL",
    ]
    second = run_cli("agent", "list", env={"INFINIUM_DATA": str(data)})
    assert str(data) in second.stderr and "created" not in second.stderr
    assert run_cli("agent", "list", env={"HOME": str(data), "INFINIUM_DATA": ""}).returncode == 0
    assert (data / ".local/share/infinium").is_dir()


def test_a_running_servers_address_is_handed_out(server: Server) -> None:
    made = run_cli("agent", "create", "a", "--data", server.data)
    assert f"export INFINIUM_BASE_URL={server.url}/api/v1" in made.stdout


@pytest.mark.timeout(180)
def test_secrets_are_neither_on_disk_nor_in_logs(launch: Launch, tmp_path: object) -> None:
    server = launch()
    agent = server.agent()
    content = server.data.parent / "content"
    content.write_text("x")
    prompt = cli_json("prompt", "create", "p", "--content-file", content, "--data", server.data)
    agent.send_ok(payload())
    wrong = "a-wrong-secret-of-somebody"
    post(server, agent.id, {"x-agent-id": agent.id, "x-agent-key": wrong})
    headers = {"x-prompt-id": prompt["prompt_id"], "x-prompt-key": prompt["prompt_key"]}
    path = f"/api/v1/prompts/{prompt['prompt_id']}/v/1"
    assert server.call("GET", path, None, headers).status == 200
    old = agent.secret
    agent.secret = cli_json("agent", "rotate", agent.id, "--data", server.data)["agent_secret"]
    agent.send_ok(payload())
    places = [server.log, *(file for file in server.data.iterdir() if file.is_file())]
    assert len(places) >= 3
    for place in places:
        held = place.read_bytes()
        for secret in (old, agent.secret, prompt["prompt_key"], wrong):
            assert secret.encode() not in held, place
