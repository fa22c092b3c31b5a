"""A program as users of the client in the field write it; runs in that client's own environment.

Prints one JSON object with what the client handed back.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from infinium import AsyncInfiniumClient, InfiniumClient
from infinium.exceptions import AuthenticationError, NotFoundError, ValidationError

URL, AGENT_ID, SECRET, PROMPT_ID, PROMPT_KEY = sys.argv[1:6]
ARGUMENTS = {"agent_id": AGENT_ID, "agent_secret": SECRET, "base_url": f"{URL}/api/v1"}


def outcome(call: Any) -> str:
    """The name of the exception that a call raises."""
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "no exception"


def task(client: Any, number: int) -> Any:
    """A trace as large as the client can describe it."""
    return client.create_task_data(
        name=f"Task {number}",
        description="Does something with steps",
        duration=1.5,
        input_summary="in",
        output_summary="The total is 12.",
        steps=[
            {"step_number": 1, "action": "tool_use", "description": "adds",
             "tool_call": {"tool_name": "sum", "input_summary": "5 7", "output_summary": "12"}},
        ],
        expected_outcome={"task_objective": "Add 5 and 7"},
        llm_usage={"model": "m", "prompt_tokens": 10},
        customer={"customer_name": "C"},
    )  # fmt: skip


def sync_part() -> dict[str, Any]:
    """The synchronous client."""
    with InfiniumClient(**ARGUMENTS) as client:
        sent = client.send_task("First", "A task", duration=2.0)
        full = client.send_task_data(task(client, 1))
        trace_id = full.data["traceId"]
        batch = client.send_tasks_batch([task(client, i) for i in range(5)])
        waited = client.wait_for_interpretation(trace_id, timeout=30.0, poll_interval=1.0)
        polled = client.get_interpreted_task_result(task_id=trace_id)
        prompt = client.get_prompt(PROMPT_ID, PROMPT_KEY, variables={"name": "Ada"})
        wrong = InfiniumClient(**{**ARGUMENTS, "agent_secret": "a-wrong-secret"}, max_retries=0)
        return {
            "sent": [sent.success, sent.status_code, sent.data["traceId"]],
            "full": [full.success, full.status_code, trace_id],
            "batch": [batch.successful, batch.failed, len(batch.results)],
            "waited": [waited.success, waited.data["interpretedTraceResult"]["verdict"]],
            "polled": [polled.success, polled.data["interpretedTraceResult"]["traceId"]],
            "prompt": [prompt.version, prompt.content, prompt.rendered_content],
            "wrong_secret": outcome(lambda: wrong.send_task("x", "y", duration=1.0)),
            "invalid": outcome(lambda: client.send_task("x", "y", duration=-1.0)),
            "wrong_key": outcome(lambda: client.get_prompt(PROMPT_ID, "a-wrong-key")),
            "errors": [e.__name__ for e in (AuthenticationError, NotFoundError, ValidationError)],
        }


async def async_part() -> dict[str, Any]:
    """The asynchronous client."""
    async with AsyncInfiniumClient(**ARGUMENTS) as client:
        sent = await client.send_task_data(task(client, 2))
        waited = await client.wait_for_interpretation(
            sent.data["traceId"], timeout=30.0, poll_interval=1.0
        )
        batch = await client.send_tasks_batch([task(client, i) for i in range(5)])
        return {"waited": waited.success, "batch": [batch.successful, batch.failed]}


if __name__ == "__main__":
    print(json.dumps({"sync": sync_part(), "async": asyncio.run(async_part())}))
