"""Lists: order, pages, filters."""

from __future__ import annotations

import urllib.parse

import pytest

from harness import Agent, payload, refused


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    """The ids of a page, in order."""
    return [row["traceId"] for row in page["traces"]]


def test_newest_first_with_what_a_list_needs(agent: Agent) -> None:
    sent = [agent.send_ok(payload(name=f"n{i}")) for i in range(3)]
    assert agent.result(sent[-1], wait=30).status == 200
    page = agent.list()
    assert ids(page) == sent[::-1]
    assert page["nextCursor"] is None
    newest = page["traces"][0]
    assert newest["name"] == "n2" and newest["status"] == "completed"
    assert newest["verdict"] and isinstance(newest["score"], int | float)
    assert newest["receivedAt"].endswith("Z")


def test_pending_rows_have_no_verdict(pending_agent: Agent) -> None:
    pending_agent.send_ok(payload())
    row = pending_agent.list()["traces"][0]
    assert (row["status"], row["verdict"], row["score"]) == ("pending", None, None)


def test_pages_hold_every_trace_once(agent: Agent) -> None:
    sent = [agent.send_ok(payload()) for _ in range(11)]
    seen: list[str] = []
    query = "?limit=4"
    while True:
        page = agent.list(query)
        seen += ids(page)
        agent.send_ok(payload(name="sent while somebody turns pages"))
        if page["nextCursor"] is None:
            break
        assert len(page["traces"]) == 4
        query = "?limit=4&cursor=" + urllib.parse.quote(page["nextCursor"])
    assert seen == sent[::-1]


def test_by_time(agent: Agent) -> None:
    sent = [agent.send_ok(payload()) for _ in range(3)]
    times = [row["receivedAt"] for row in agent.list()["traces"]]
    assert set(ids(agent.list(f"?since={times[1]}"))) >= {sent[1], sent[2]}
    assert sent[2] not in ids(agent.list(f"?until={times[0]}"))
    assert ids(agent.list("?since=2099-01-01")) == []


def test_by_verdict(agent: Agent) -> None:
    trace_id = agent.send_ok(payload())
    verdict = agent.result(trace_id, wait=30).json["interpretedTraceResult"]["verdict"]
    assert ids(agent.list(f"?verdict={verdict}")) == [trace_id]
    other = "succeeded" if verdict != "succeeded" else "failed"
    assert ids(agent.list(f"?verdict={other}")) == []


def test_by_text(agent: Agent) -> None:
    named = agent.send_ok(payload(name="Reconcile ZEBRA accounts"))
    inside = agent.send_ok(payload(output_summary="the zebra crossed"))
    agent.send_ok(payload())
    assert ids(agent.list("?q=zebra")) == [inside, named]
    assert ids(agent.list("?q=" + urllib.parse.quote("Größe"))) == []


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "limit"), ("limit=x", "limit"), ("limit=-1", "limit"),
        ("cursor=x", "cursor"), ("since=yesterday", "since"), ("until=2026-13-01", "until"),
        ("verdict=fine", "verdict"),
    ],
)  # fmt: skip
def test_what_a_filter_cannot_be(agent: Agent, query: str, where: str) -> None:
    refused(agent.call("GET", f"/traces?{query}"), 422, "validation_error", where)
