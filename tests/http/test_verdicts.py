"""People's verdicts: who may give them, what they may say, and which verdict counts."""

from __future__ import annotations

import http.client
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from harness import (
    JSON_TYPE,
    PATIENCE_S,
    Agent,
    Launch,
    Reviewer,
    Server,
    cli_json,
    encode,
    payload,
    refused,
    run_cli,
)

NOTE_CHARS_MAX = 2_000


@pytest.fixture
def person(server: Server) -> Reviewer:
    """A new reviewer of the shared server."""
    return server.reviewer()


@pytest.fixture
def trace_id(agent: Agent) -> str:
    """An interpreted trace; Maestro says undetermined."""
    sent = agent.send_ok(payload())
    assert agent.result(sent, wait=30).json["interpretedTraceResult"]["verdict"] == "undetermined"
    return sent


def counts(answer: Any) -> tuple[str | None, str | None]:
    """Whose verdict counts, and which it is."""
    return answer["verdictBy"], answer["decidingVerdict"]


# --- who may do what ------------------------------------------------------------------------------

READS = {
    "trace": ("GET", "/traces/{t}"),
    "list": ("GET", "/traces"),
    "result": ("GET", "/interpreted-result/{t}"),
    "verdicts": ("GET", "/traces/{t}/verdicts"),
}
VERDICTS = {"give": ("POST", "/traces/{t}/verdict"), "withdraw": ("DELETE", "/traces/{t}/verdict")}
INGEST = {"send": ("POST", "/trace"), "batch": ("POST", "/traces")}
BODIES = {
    "give": {"verdict": "failed"},
    "send": payload(),
    "batch": [payload()],
}
ALLOWED = {"give": 201, "send": 201, "batch": 207}
UNKNOWN = (401, "unauthenticated")
LACKING = (403, "forbidden")


def expected(who: str, call: str) -> tuple[int, str | None]:
    """The row of the permission matrix."""
    allowed = (ALLOWED.get(call, 200), None)
    if who == "agent":
        return LACKING if call in VERDICTS else allowed
    if who == "reviewer":
        return LACKING if call in INGEST else allowed
    return UNKNOWN


@pytest.mark.parametrize(
    "who",
    ["nobody", "agent", "other agent", "wrong agent key", "reviewer", "wrong reviewer key",
     "disabled reviewer", "agent as reviewer", "reviewer as agent"],
)  # fmt: skip
def test_the_permission_matrix(launch: Launch, who: str) -> None:
    server = launch()  # its own: eight refusals each would meet the throttle of a shared one
    agent, other = server.agent(), server.agent("other")
    person, disabled = server.reviewer(), server.reviewer("disabled")
    cli_json("reviewer", "disable", disabled.id, "--data", server.data)
    sent = agent.send_ok(payload())
    assert agent.result(sent, wait=30).status == 200
    credentials = {
        "nobody": {},
        "agent": agent.credentials,
        "other agent": other.credentials,
        "wrong agent key": {**agent.credentials, "x-agent-key": person.key},
        "reviewer": person.credentials,
        "wrong reviewer key": {**person.credentials, "x-reviewer-key": agent.secret},
        "disabled reviewer": disabled.credentials,
        "agent as reviewer": {"x-reviewer-id": agent.id, "x-reviewer-key": agent.secret},
        "reviewer as agent": {"x-agent-id": person.id, "x-agent-key": person.key},
    }[who]
    for call, (method, path) in {**READS, **VERDICTS, **INGEST}.items():
        reply = server.call(
            method,
            f"/api/v1/agents/{agent.id}" + path.format(t=sent),
            encode(BODIES[call]) if call in BODIES else None,
            {**credentials, **JSON_TYPE},
        )
        status, code = expected(who, call)
        assert reply.status == status, (call, reply.body)
        if code:
            refused(reply, status, code)
    given = 1 if who == "reviewer" else 0
    assert len(person.verdicts(agent, sent)["ended"]) == given, "given and withdrawn"
    assert person.verdicts(agent, sent)["opinions"][0]["by"] == "maestro"


def test_both_credentials_count_as_what_the_call_is_for(
    server: Server, agent: Agent, person: Reviewer, trace_id: str
) -> None:
    both = {**agent.credentials, **person.credentials, **JSON_TYPE}
    base = f"/api/v1/agents/{agent.id}"
    given = server.call(
        "POST", f"{base}/traces/{trace_id}/verdict", encode({"verdict": "failed"}), both
    )
    assert given.status == 201
    assert server.call("POST", f"{base}/trace", encode(payload()), both).status == 201
    spoilt = {**both, "x-reviewer-key": "wrong"}
    refused(
        server.call("DELETE", f"{base}/traces/{trace_id}/verdict", None, spoilt),
        401,
        "unauthenticated",
    )


def test_one_answer_for_every_unknown_reviewer(launch: Launch) -> None:
    server = launch()
    agent, person, disabled = server.agent(), server.reviewer(), server.reviewer("off")
    trace_id = agent.send_ok(payload())
    cli_json("reviewer", "disable", disabled.id, "--data", server.data)
    claims = [
        {},
        {"x-reviewer-id": person.id},
        {"x-reviewer-id": "x", "x-reviewer-key": person.key},
        {"x-reviewer-id": person.id, "x-reviewer-key": "wrong"},
        {"x-reviewer-id": str(uuid.uuid4()), "x-reviewer-key": person.key},
        disabled.credentials,
    ]
    path = f"/api/v1/agents/{agent.id}/traces/{trace_id}/verdict"
    replies = [server.call("DELETE", path, None, claim) for claim in claims]
    for reply in replies:
        refused(reply, 401, "unauthenticated")
    assert len({reply.body for reply in replies}) == 1


def test_guessing_a_reviewers_key_is_slowed_down(launch: Launch) -> None:
    server = launch()
    agent, guesser = server.agent(), Reviewer(server, str(uuid.uuid4()), "guess")
    replies = [guesser.withdraw(agent, str(uuid.uuid4())) for _ in range(60)]
    assert replies[0].status == 401
    assert any(reply.status == 429 for reply in replies)


def test_disable_enable_and_rotate_take_effect_at_once(
    server: Server, agent: Agent, person: Reviewer, trace_id: str
) -> None:
    assert person.give(agent, trace_id, "failed").status == 201
    cli_json("reviewer", "disable", person.id, "--data", server.data)
    refused(person.give(agent, trace_id, "succeeded"), 401, "unauthenticated")
    assert counts(agent.read(trace_id).json) == ("person", "failed"), "what was given still counts"
    cli_json("reviewer", "enable", person.id, "--data", server.data)
    assert person.give(agent, trace_id, "succeeded").status == 201
    turned = cli_json("reviewer", "rotate", person.id, "--data", server.data)
    refused(person.withdraw(agent, trace_id), 401, "unauthenticated")
    person.key = turned["reviewer_key"]
    assert person.withdraw(agent, trace_id).status == 200


def test_a_reviewers_key_is_neither_on_disk_nor_in_logs(launch: Launch) -> None:
    server = launch()
    agent, someone = server.agent(), server.reviewer()
    sent = agent.send_ok(payload())
    assert someone.give(agent, sent, "failed").status == 201
    for place in [server.log, *(file for file in server.data.iterdir() if file.is_file())]:
        assert someone.key.encode() not in place.read_bytes(), place


# --- what a verdict may say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"{", 400, "bad_request", None),
        (b'{"verdict":"failed","verdict":"failed"}', 400, "bad_request", None),
        (b"", 400, "bad_request", None),
        ([], 422, "validation_error", None),
        ({}, 422, "validation_error", "verdict"),
        ({"verdict": "good"}, 422, "validation_error", "verdict"),
        ({"verdict": "failed", "why": "x"}, 422, "validation_error", "why"),
        ({"verdict": "failed", "rootStep": 1}, 422, "validation_error", "rootStep"),
        ({"verdict": "failed", "note": 1}, 422, "validation_error", "note"),
        (
            {"verdict": "failed", "note": "é" * (NOTE_CHARS_MAX + 1)},
            422,
            "validation_error",
            "note",
        ),
        ({"verdict": "failed", "rubric": ["r1"]}, 422, "validation_error", "rubric"),
        ({"verdict": "failed", "rubric": {"r1": "yes"}}, 422, "validation_error", "rubric.r1"),
        (
            {"verdict": "failed", "rubric": {f"r{i}": "met" for i in range(201)}},
            422,
            "validation_error",
            "rubric",
        ),
        ({"verdict": "failed", "root_step": -1}, 422, "validation_error", "root_step"),
        ({"verdict": "failed", "root_step": True}, 422, "validation_error", "root_step"),
        ({"verdict": "failed", "note": "x" * 70_000}, 413, "payload_too_large", None),
    ],
)
def test_bad_bodies(
    agent: Agent, person: Reviewer, trace_id: str, body: Any, status: int, code: str, field: str
) -> None:
    refused(person.call("POST", agent, f"/{trace_id}/verdict", body), status, code, field)
    assert counts(person.verdicts(agent, trace_id)) == ("maestro", "undetermined")


def test_wrong_type_and_encoding(agent: Agent, person: Reviewer, trace_id: str) -> None:
    path = f"/api/v1/agents/{agent.id}/traces/{trace_id}/verdict"
    body = encode({"verdict": "failed"})
    plain = {**person.credentials, "content-type": "text/plain"}
    refused(agent.server.call("POST", path, body, plain), 400, "bad_request")
    squeezed = {**person.credentials, **JSON_TYPE, "content-encoding": "br"}
    refused(agent.server.call("POST", path, body, squeezed), 415, "unsupported_encoding")


def test_unknown_traces_and_agents(
    server: Server, agent: Agent, person: Reviewer, trace_id: str
) -> None:
    other = server.agent("other")
    unknown = str(uuid.uuid4())
    nobody = Agent(server, unknown, "")
    for reply in (
        person.give(agent, unknown, "failed"),
        person.withdraw(agent, unknown),
        person.call("GET", agent, f"/{unknown}/verdicts"),
        person.give(other, trace_id, "failed"),
        person.give(nobody, trace_id, "failed"),
        person.call("GET", nobody, ""),
        agent.call("GET", f"/traces/{unknown}/verdicts"),
        other.call("GET", f"/traces/{trace_id}/verdicts"),
    ):
        refused(reply, 404, "not_found")
    refused(person.give(agent, "x", "failed"), 422, "validation_error", "trace_id")


# --- which verdict counts -------------------------------------------------------------------------


def everywhere(agent: Agent, trace_id: str) -> list[Any]:
    """The answers that tell which verdict counts."""
    rows = agent.list()["traces"]
    page = agent.server.call("GET", f"/api/v1/traces/{trace_id}/interpretation").json
    return [
        agent.result(trace_id).json,
        agent.read(trace_id).json,
        next(row for row in rows if row["traceId"] == trace_id),
        agent.call("GET", f"/traces/{trace_id}/verdicts").json,
        page,
    ]


def test_before_and_after_a_verdict(agent: Agent, person: Reviewer, trace_id: str) -> None:
    native = agent.result(trace_id).body.split(b'"interpretedTraceResult":')[1]
    for answer in everywhere(agent, trace_id):
        assert counts(answer) == ("maestro", "undetermined")
        assert [one["by"] for one in answer["opinions"]] == ["maestro"]
    given = person.give(
        agent,
        trace_id,
        "partially_succeeded",
        note="Half of it — 半分",
        rubric={"r1": "met", "r2": "unclear"},
        root_step=3,
    )
    assert given.status == 201
    opinion = given.json["opinion"]
    assert opinion == {
        "by": "person",
        "status": "ok",
        "verdict": "partially_succeeded",
        "reviewerId": person.id,
        "reviewerName": "Ada",
        "note": "Half of it — 半分",
        "rubric": {"r1": "met", "r2": "unclear"},
        "rootStep": 3,
        "createdAt": opinion["createdAt"],
    }
    for answer in [given.json, *everywhere(agent, trace_id)]:
        assert counts(answer) == ("person", "partially_succeeded")
        assert [one["by"] for one in answer["opinions"]] == ["person", "maestro"]
        assert answer["opinions"][1]["verdict"] == "undetermined"
    row = everywhere(agent, trace_id)[2]
    assert row["verdict"] == "undetermined", "the row's own verdict stays Maestro's"
    brief = {key: value for key, value in opinion.items() if key not in ("note", "rubric")}
    assert row["opinions"][0] == brief
    assert agent.result(trace_id).body.split(b'"interpretedTraceResult":')[1] == native
    assert person.withdraw(agent, trace_id).json["withdrawn"] is True
    for answer in everywhere(agent, trace_id):
        assert counts(answer) == ("maestro", "undetermined")


def test_a_second_verdict_replaces_the_first(
    agent: Agent, person: Reviewer, trace_id: str
) -> None:
    first = person.give(agent, trace_id, "failed", note="first")
    second = person.give(agent, trace_id, "succeeded", note="second")
    assert (first.status, second.status) == (201, 201)
    said = person.verdicts(agent, trace_id)
    assert [one["note"] for one in said["opinions"] if one["by"] == "person"] == ["second"]
    assert [(one["note"], one["standing"]) for one in said["ended"]] == [("first", "replaced")]
    assert said["ended"][0]["endedAt"] >= said["ended"][0]["createdAt"]
    assert counts(said) == ("person", "succeeded")


def test_repeats_change_nothing(agent: Agent, person: Reviewer, trace_id: str) -> None:
    first = person.give(agent, trace_id, "failed", note="same")
    again = person.give(agent, trace_id, "failed", note="same")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert person.verdicts(agent, trace_id)["ended"] == []
    assert person.withdraw(agent, trace_id).json["withdrawn"] is True
    for _ in range(2):
        reply = person.withdraw(agent, trace_id)
        assert (reply.status, reply.json["withdrawn"]) == (200, False)
    assert [one["standing"] for one in person.verdicts(agent, trace_id)["ended"]] == ["withdrawn"]
    assert person.give(agent, trace_id, "failed", note="same").status == 201


def test_odd_texts_come_back_as_they_went(agent: Agent, person: Reviewer, trace_id: str) -> None:
    body = b'{"verdict":"failed","note":"a\\u0000b \\ud800 \\"<script>","rubric":{"r\\n\\u0000":"met"}}'
    assert person.call("POST", agent, f"/{trace_id}/verdict", body).status == 201
    opinion = agent.read(trace_id).json["opinions"][0]
    assert opinion["note"] == 'a\0b \ufffd "<script>'
    assert opinion["rubric"] == {"r\n\0": "met"}


def test_one_current_verdict_whatever_comes_at_once(
    agent: Agent, person: Reviewer, trace_id: str
) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(
            pool.map(lambda i: person.give(agent, trace_id, "failed", note=f"n{i}"), range(40))
        )
    assert {reply.status for reply in replies} == {201}
    said = person.verdicts(agent, trace_id)
    assert [one["by"] for one in said["opinions"]] == ["person", "maestro"]
    notes = [one["note"] for one in [said["opinions"][0], *said["ended"]]]
    assert sorted(notes) == sorted(f"n{i}" for i in range(40))


def test_the_majority_and_then_the_newest(server: Server, agent: Agent, trace_id: str) -> None:
    people = [server.reviewer(f"p{i}") for i in range(3)]
    people[0].give(agent, trace_id, "failed")
    people[1].give(agent, trace_id, "succeeded")
    assert counts(agent.read(trace_id).json) == ("person", "succeeded")
    people[2].give(agent, trace_id, "failed")
    assert counts(agent.read(trace_id).json) == ("person", "failed")
    people[2].withdraw(agent, trace_id)
    assert counts(agent.read(trace_id).json) == ("person", "succeeded")
    people[0].give(agent, trace_id, "failed", note="I insist")
    assert counts(agent.read(trace_id).json) == ("person", "failed")
    # Nobody takes back what somebody else said.
    assert people[2].withdraw(agent, trace_id).json["withdrawn"] is False


def test_a_verdict_before_maestros(idle_server: Server, pending_agent: Agent) -> None:
    waiting = pending_agent.send_ok(payload())
    read = pending_agent.read(waiting).json
    assert (counts(read), read["opinions"]) == ((None, None), [])
    early = idle_server.reviewer()
    assert early.give(pending_agent, waiting, "failed").status == 201
    assert counts(pending_agent.read(waiting).json) == ("person", "failed")
    assert counts(pending_agent.list()["traces"][0]) == ("person", "failed")
    assert pending_agent.list()["traces"][0]["verdict"] is None
    still = pending_agent.result(waiting)
    assert still.status == 202 and "interpretedTraceResult" not in still.json


def test_lists_filter_by_either_verdict(agent: Agent, person: Reviewer) -> None:
    sent = [agent.send_ok(payload(name=f"n{i}")) for i in range(3)]
    for one in sent:
        agent.result(one, wait=30)
    person.give(agent, sent[1], "failed")

    def ids(query: str) -> list[str]:
        return [row["traceId"] for row in agent.list(query)["traces"]]

    assert ids("?verdict=undetermined") == sent[::-1], "this filter means Maestro's verdict"
    assert ids("?verdict=failed") == []
    assert ids("?decidingVerdict=failed") == [sent[1]]
    assert ids("?decidingVerdict=undetermined") == [sent[2], sent[0]]
    assert ids("?decidingVerdict=failed&verdict=undetermined&q=n1") == [sent[1]]
    reply = agent.call("GET", "/traces?decidingVerdict=good")
    refused(reply, 422, "validation_error", "decidingVerdict")


def test_reviewers_have_the_rate_limit_of_reads(launch: Launch) -> None:
    server = launch("--rate-limit", "1")
    agent, someone = server.agent(), server.reviewer()
    path = f"/api/v1/agents/{agent.id}/traces/{uuid.uuid4()}/verdict"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    statuses = []
    for _ in range(1_000):
        connection.request("DELETE", path, headers=someone.credentials)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        if response.status == 429:
            break
    connection.close()
    assert set(statuses[:-1]) == {404} and statuses[-1] == 429
    assert len(statuses) > 200, "the burst of reads, not that of traces"


# --- durability, upgrades, the command line -------------------------------------------------------


@pytest.mark.timeout(180)
def test_a_verdict_survives_a_kill_right_after_the_201(launch: Launch) -> None:
    server = launch()
    agent, someone = server.agent(), server.reviewer()
    sent = agent.send_ok(payload())
    for number in range(5):
        given = someone.give(agent, sent, "failed", note=f"n{number}")
        server.kill()
        assert given.status == 201
        server = launch(data=server.data)
        agent.server = someone.server = server
        said = someone.verdicts(agent, sent)
        assert said["opinions"][0] == given.json["opinion"]
        assert len(said["ended"]) == number
    withdrawn = someone.withdraw(agent, sent)
    server.kill()
    assert withdrawn.json["withdrawn"] is True
    agent.server = someone.server = launch(data=server.data)
    assert someone.verdicts(agent, sent)["ended"][0]["standing"] == "withdrawn"


def test_the_commands(server: Server, agent: Agent, trace_id: str) -> None:
    made = run_cli("reviewer", "create", "Grace", "--data", server.data)
    lines = dict(
        line.removeprefix("export ").split("=", 1)
        for line in made.stdout.splitlines()
        if line.startswith("export ")
    )
    assert set(lines) == {"INFINIUM_REVIEWER_ID", "INFINIUM_REVIEWER_KEY"}
    env = {"INFINIUM_BASE_URL": server.url, "INFINIUM_AGENT_ID": agent.id, **lines}
    said = run_cli(
        "verdict", trace_id, "failed", "--note", "wrong order", "--rubric", "r1=met",
        "--rubric", "r2=unmet", "--root-step", "2", env=env,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert said.stdout == "stored; what counts now: failed (by person)\n"
    opinion = agent.read(trace_id).json["opinions"][0]
    assert (opinion["note"], opinion["rubric"], opinion["rootStep"]) == (
        "wrong order",
        {"r1": "met", "r2": "unmet"},
        2,
    )
    shown = run_cli("verdict", trace_id, "succeeded", "--json", env=env)
    assert json.loads(shown.stdout)["decidingVerdict"] == "succeeded"
    back = run_cli("verdict", trace_id, "--withdraw", env=env)
    assert back.stdout == "withdrawn; what counts now: undetermined (by maestro)\n"
    again = run_cli("verdict", trace_id, "--withdraw", env=env)
    assert (again.returncode, again.stdout) == (0, "you had given no verdict\n")
    rows = cli_json("reviewer", "list", "--data", server.data)
    assert any(row["name"] == "Grace" and not row["disabled"] for row in rows)
    off = run_cli("reviewer", "disable", lines["INFINIUM_REVIEWER_ID"], "--data", server.data)
    assert off.stdout == f"reviewer {lines['INFINIUM_REVIEWER_ID']} is disabled\n"
    assert run_cli("verdict", trace_id, "failed", env=env).returncode == 4


def test_what_the_commands_refuse(server: Server, agent: Agent, trace_id: str) -> None:
    someone = server.reviewer()
    env = {
        "INFINIUM_BASE_URL": server.url,
        "INFINIUM_AGENT_ID": agent.id,
        "INFINIUM_REVIEWER_ID": someone.id,
        "INFINIUM_REVIEWER_KEY": someone.key,
    }
    for code, arguments in (
        (2, ("x", "failed")),
        (2, (trace_id,)),
        (2, (trace_id, "good")),
        (2, (trace_id, "failed", "--withdraw")),
        (2, (trace_id, "failed", "--rubric", "r1")),
        (2, (trace_id, "failed", "--rubric", "r1=yes")),
        (2, (trace_id, "failed", "--note", "x" * (NOTE_CHARS_MAX + 1))),
        (6, (str(uuid.uuid4()), "failed")),
    ):
        done = run_cli("verdict", *arguments, env=env)
        assert done.returncode == code, (arguments, done.stderr)
    for lack in ("INFINIUM_REVIEWER_ID", "INFINIUM_REVIEWER_KEY", "INFINIUM_AGENT_ID"):
        done = run_cli("verdict", trace_id, "failed", env={**env, lack: ""})
        assert done.returncode == 2 and lack in done.stderr
    wrong = {**env, "INFINIUM_REVIEWER_KEY": "wrong"}
    assert run_cli("verdict", trace_id, "failed", env=wrong).returncode == 4
    assert run_cli("reviewer", "rotate", "nobody here", "--data", server.data).returncode == 6
