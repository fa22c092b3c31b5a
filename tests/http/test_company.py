"""What a result knows of the agent's earlier traces: through the server, and after a restart."""

from __future__ import annotations

from harness import PATIENCE_S, Agent, Json, Launch, payload

OBJECTIVE = "Book the meeting room for the planning session of the sales team on the requested day"


def booking(room: str = "blue", **changes: object) -> Json:
    """A run that books a room; all of them are of one task."""
    step = {
        "step_number": 1,
        "action": "tool_use",
        "description": "books",
        "tool_call": {
            "tool_name": "book_room",
            "input_summary": f'{{"room":"{room}"}}',
            "output_summary": '{"ok":true}',
        },
    }
    return payload(
        name="Book a room",
        input_summary="Book a room for order A-4711.",
        expected_outcome={"task_objective": OBJECTIVE},
        steps=[step],
        output_summary="Booked the meeting room for the planning session of the sales team.",
        **changes,
    )


def baseline(agent: Agent, trace_id: str) -> Json:
    """The part of the result that compares."""
    reply = agent.result(trace_id, wait=PATIENCE_S)
    assert reply.status == 200, reply.body
    assert reply.json["stale"] is False
    return reply.json["interpretedTraceResult"]["baseline"]


def test_a_trace_knows_the_earlier_ones_of_its_task(launch: Launch) -> None:
    server = launch()
    agent, other = server.agent(), server.agent("other")
    other.send_ok(booking())
    sent = [agent.send_ok(booking(duration=n)) for n in (1, 2, 3)]
    stranger = agent.send_ok(payload(duration=4))
    assert baseline(agent, sent[0])["siblings"] == []
    assert baseline(agent, sent[0])["asOf"] is None
    third = baseline(agent, sent[2])
    assert third["siblings"] == sent[:2]
    assert third["sampleSize"] == 2
    assert third["asOf"] == agent.read(sent[1]).json["receivedAt"]
    assert len(third["digest"]) == 16
    assert baseline(agent, stranger)["siblings"] == []
    assert baseline(agent, stranger)["sampleSize"] == 3
    assert server.stop() == 0

    agent.server = launch()
    assert baseline(agent, sent[2]) == third
    fourth = baseline(agent, agent.send_ok(booking(duration=5)))
    assert fourth["siblings"] == sent
    assert fourth["sampleSize"] == 4
    assert [row["stale"] for row in agent.list()["traces"]] == [False] * 5
