"""Maestro in this process."""

from __future__ import annotations

from typing import Any

import pytest

from infinium import TraceBuilder, ValidationError, maestro


def good_trace() -> TraceBuilder:
    """An agent that looked a number up and gave it back."""
    trace = TraceBuilder("Count orders", "Counts the orders of a customer")
    trace.set_input_summary("How many orders has customer C-17?")
    trace.set_expected_outcome("Give the number of orders of customer C-17")
    with trace.step("tool_use", "Query the orders") as step:
        step.set_input('{"customer": "C-17"}').set_output('{"orders": 42}')
        step.record_tool_call("query", input_summary="C-17", output_summary="42")
    trace.set_output_summary("Customer C-17 has 42 orders.")
    return trace


def test_a_trace_is_judged_offline() -> None:
    result = maestro.interpret(good_trace().build())
    assert result["schemaVersion"] == 1
    assert result["traceId"] == ""
    assert result["engine"]["version"] == maestro.engine_version()
    assert result["behavior"]["toolCalls"] == 1
    assert [item["kind"] for item in result["rubric"]] == ["objective"]
    assert [finding for finding in result["findings"] if finding["severity"] == "critical"] == []


def test_an_error_that_the_output_hides_is_found() -> None:
    trace = good_trace()
    with trace.step("tool_use", "Save the report") as step:
        step.record_tool_call("save", error={"error_type": "OSError", "message": "disk full"})
        step.set_error({"error_type": "OSError", "message": "disk full"})
    trace.set_output_summary("The report was saved successfully.")
    result = maestro.interpret(trace.build())
    assert result["verdict"] != "succeeded"
    assert any(2 in finding["steps"] for finding in result["findings"])


def test_a_dict_is_judged_like_the_trace_it_describes() -> None:
    payload: dict[str, Any] = {
        "name": "n",
        "description": "d",
        "current_datetime": "2026-01-01T00:00:00Z",
        "duration": 1.0,
        "output_summary": "done",
    }
    first, second = maestro.interpret(payload), maestro.interpret(dict(payload))
    first.pop("interpretedAt")
    second.pop("interpretedAt")
    assert first == second
    with pytest.raises(ValidationError) as caught:
        maestro.interpret({**payload, "steps": [{"step_number": 1}]})
    assert caught.value.field == "steps[0].action"
