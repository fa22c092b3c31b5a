"""TraceBuilder: what is recorded, and in which order."""

from __future__ import annotations

import sys

import pytest

from infinium import (
    Customer,
    EnvironmentContext,
    ErrorDetail,
    ExpectedOutcome,
    LlmCall,
    LlmUsage,
    RunContext,
    ToolCall,
    TraceBuilder,
    ValidationError,
    __version__,
)
from infinium._core import encode_task


def test_a_trace_is_built_from_its_parts() -> None:
    trace = TraceBuilder("n", "d")
    trace.set_input_summary("in").set_output_summary("out")
    trace.set_expected_outcome("goal", constraints=["c"]).set_section("customer", Customer("Ada"))
    trace.set_environment(framework="f", custom_tags={"a": "b"}).set_context(RunContext("s"))
    with trace.step("tool_use", "first") as step:
        step.set_input("i").set_output("o").set_metadata({"a": 1}).set_metadata({"b": 2})
        step.record_tool_call("t", duration_ms=3, http_status=200)
    with trace.step("llm_inference", "second") as step:
        step.record_llm_call("m", provider="p", prompt_tokens=10, latency_ms=5)
    task = trace.build()
    assert task.duration > 0
    assert task.expected_outcome == ExpectedOutcome("goal", constraints=["c"])
    assert task.environment is not None
    assert task.environment.sdk_version == __version__
    assert task.environment.python_version == ".".join(map(str, sys.version_info[:3]))
    assert (task.customer, task.context) == (Customer("Ada"), RunContext("s"))
    first, second = task.steps or []
    assert (first.step_number, first.action, first.description) == (1, "tool_use", "first")
    assert (first.input_preview, first.output_preview) == ("i", "o")
    assert first.metadata == {"a": 1, "b": 2}
    assert first.tool_call == ToolCall("t", 3, http_status=200)
    assert first.duration_ms is not None
    assert second.llm_call == LlmCall("m", "p", 10, latency_ms=5)
    assert encode_task(task)


def test_usage_is_summed_unless_it_is_given() -> None:
    trace = TraceBuilder("n", "d")
    for tokens in (10, 5):
        with trace.step("llm_inference", "x") as step:
            step.record_llm_call("m", provider="p", prompt_tokens=tokens, latency_ms=7)
    usage = trace.build().llm_usage
    assert usage is not None
    assert (usage.model, usage.provider, usage.api_calls_count) == ("m", "p", 2)
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (15, None, 15)
    assert usage.total_latency_ms == 14
    assert len(usage.calls or []) == 2
    trace.set_llm_usage(LlmUsage(model="own"))
    assert trace.build().llm_usage == LlmUsage(model="own")


def test_an_exception_becomes_the_steps_error_and_goes_on() -> None:
    trace = TraceBuilder("n", "d")
    with pytest.raises(KeyError), trace.step("tool_use", "x"):
        raise KeyError("gone")
    (step,) = trace.build().steps or []
    assert step.error is not None
    assert (step.error.error_type, step.error.message) == ("KeyError", "'gone'")
    assert step.error.recoverable is False
    assert "Traceback" in (step.error.stack_trace or "")


def test_errors_may_be_given_in_any_form() -> None:
    trace = TraceBuilder("n", "d")
    with trace.step("tool_use", "x") as step:
        step.set_error(OSError("disk"), recoverable=True, retry_count=2)
    with trace.step("tool_use", "x") as step:
        step.set_error({"error_type": "E", "message": "m"})
    trace.add_error(ValueError("v")).add_error({"error_type": "E", "message": "m"})
    task = trace.build()
    first, second = task.steps or []
    assert first.error is not None
    assert (first.error.recoverable, first.error.retry_count) == (True, 2)
    assert second.error == ErrorDetail("E", "m")
    assert [error.error_type for error in task.errors or []] == ["ValueError", "E"]


def test_setters_take_dicts_and_say_what_does_not_fit() -> None:
    trace = TraceBuilder("n", "d")
    trace.set_expected_outcome({"task_objective": "o"}).set_environment({"region": "eu"})
    trace.set_llm_usage({"model": "m", "calls": [{"model": "m"}]})
    trace.set_section("customer", {"customer_name": "Ada"})
    task = trace.build()
    assert task.expected_outcome == ExpectedOutcome("o")
    assert task.environment == EnvironmentContext(region="eu")
    assert task.llm_usage == LlmUsage("m", calls=[LlmCall("m")])
    with trace.step("x", "y") as step:
        step.record_tool_call({"tool_name": "t"}).record_llm_call({"model": "m"})
        with pytest.raises(ValidationError) as caught:
            step.record_tool_call({})
    assert caught.value.field == "tool_call.tool_name"
    with pytest.raises(ValidationError) as caught:
        trace.set_section("sales", {"deal_value": "much"})
    assert caught.value.field == "sales.deal_value"
    with pytest.raises(TypeError, match="weather"):
        trace.set_section("weather", {})


def test_a_trace_can_be_built_again_later() -> None:
    trace = TraceBuilder("n", "d")
    with trace.step("a", "first"):
        early = trace.build()
    with trace.step("b", "second"):
        pass
    assert [step.step_number for step in early.steps or []] == [1]
    assert [step.step_number for step in trace.build().steps or []] == [1, 2]


def test_as_a_block_it_takes_the_exception_that_leaves_it() -> None:
    with pytest.raises(ValueError, match="no"), TraceBuilder("n", "d") as trace:
        raise ValueError("no")
    assert [error.message for error in trace.build().errors or []] == ["no"]
