"""The dataclasses: fields, order and defaults are promised to users."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import typing

import pytest

import infinium
from infinium import _native
from infinium.types import (
    ApiResponse,
    BatchResult,
    EnvironmentContext,
    ErrorDetail,
    ExecutionStep,
    ExpectedOutcome,
    LlmCall,
    LlmUsage,
    PromptContent,
    TaskData,
    ToolCall,
)

PROMISED = {
    TaskData: "name! description! current_datetime! duration! time_tracking customer support sales"
    " marketing content research project development executive general llm_usage input_summary"
    " output_summary steps expected_outcome environment errors",
    ApiResponse: "success! status_code message data",
    BatchResult: "successful! failed! results! errors!",
    PromptContent: "prompt_id! name! version! content! created_at! rendered_content",
    ExecutionStep: "step_number! action! description! duration_ms input_preview output_preview"
    " error tool_call llm_call metadata",
    ErrorDetail: "error_type! message! recoverable retry_count stack_trace error_code",
    ToolCall: "tool_name! duration_ms input_summary output_summary error http_status",
    LlmCall: "model! provider prompt_tokens completion_tokens latency_ms temperature purpose",
    LlmUsage: "model provider prompt_tokens completion_tokens total_tokens estimated_cost_usd"
    " api_calls_count total_latency_ms calls",
    ExpectedOutcome: "task_objective! required_deliverables constraints acceptance_criteria",
    EnvironmentContext: "framework framework_version python_version sdk_version runtime region"
    " custom_tags",
}
NOT_NONE = {"recoverable": False, "retry_count": 0, "message": ""}
TYPES = [
    value
    for value in vars(infinium).values()
    if isinstance(value, type) and dataclasses.is_dataclass(value)
]


@pytest.mark.parametrize("cls", PROMISED, ids=lambda cls: cls.__name__)
def test_documented_fields_come_first_and_in_order(cls: type) -> None:
    fields = dataclasses.fields(cls)
    promised = PROMISED[cls].split()
    for field, text in zip(fields, promised, strict=False):
        assert field.name == text.rstrip("!")
        assert (field.default is dataclasses.MISSING) == text.endswith("!")
        if not text.endswith("!"):
            assert field.default == NOT_NONE.get(field.name)
    assert len(fields) >= len(promised)
    assert all(field.default is None for field in fields[len(promised) :])


@pytest.mark.parametrize("cls", TYPES, ids=lambda cls: cls.__name__)
def test_type_hints_resolve(cls: type) -> None:
    assert set(typing.get_type_hints(cls)) == {field.name for field in dataclasses.fields(cls)}


def test_every_field_is_described() -> None:
    for cls in PROMISED:
        for field in dataclasses.fields(cls):
            assert f"{field.name}:" in (cls.__doc__ or ""), (cls, field.name)


def test_values_can_be_copied_pickled_and_replaced() -> None:
    task = TaskData("n", "d", "2026-01-01", 1.0, steps=[ExecutionStep(1, "tool_use", "x")])
    assert pickle.loads(pickle.dumps(task)) == task
    assert copy.deepcopy(task) == task
    assert dataclasses.replace(task, name="m").steps == task.steps
    assert dataclasses.asdict(task)["steps"][0]["action"] == "tool_use"


def test_native_types_have_the_same_fields() -> None:
    schema = _native.schema()
    ours = {cls.__name__: cls for cls in TYPES}
    compared = schema.keys() & ours.keys()
    assert {"TaskData", "ExecutionStep", "General", "RunContext", "PromptUse"} <= compared
    for name in compared:
        required = {
            field.name: field.default is dataclasses.MISSING
            for field in dataclasses.fields(ours[name])
        }
        assert schema[name] == required, name


def test_the_versions_agree() -> None:
    assert infinium.__version__ == _native.__version__
