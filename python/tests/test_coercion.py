"""Dicts become dataclasses; what does not fit is named by its path."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infinium import (
    Customer,
    ErrorDetail,
    ExecutionStep,
    General,
    InfiniumClient,
    LlmCall,
    LlmUsage,
    Sales,
    TaskData,
    ToolCall,
    ValidationError,
    coerce_section,
)
from infinium._core import encode_task
from infinium.coercion import coerce, coerce_task

BASE: dict[str, Any] = {"name": "n", "description": "d", "duration": 1.0}


def make(**fields: Any) -> TaskData:
    return InfiniumClient.create_task_data(**{**BASE, **fields})


def test_dicts_and_dataclasses_are_equivalent() -> None:
    as_dict = make(
        current_datetime="2026-01-01T00:00:00Z",
        llm_usage={"model": "m", "calls": [{"model": "m", "prompt_tokens": 1}]},
        steps=[
            {
                "step_number": 1,
                "action": "tool_use",
                "description": "d",
                "tool_call": {"tool_name": "t", "error": {"error_type": "E", "message": "m"}},
            }
        ],
        general={"errors_encountered": [{"error_type": "E", "message": "m"}]},
    )
    error = ErrorDetail("E", "m")
    assert as_dict == TaskData(
        "n",
        "d",
        "2026-01-01T00:00:00Z",
        1.0,
        llm_usage=LlmUsage(model="m", calls=[LlmCall("m", prompt_tokens=1)]),
        steps=[ExecutionStep(1, "tool_use", "d", tool_call=ToolCall("t", error=error))],
        general=General(errors_encountered=[error]),
    )


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"steps": [{}]}, "steps[0].step_number"),
        (
            {
                "steps": [
                    ExecutionStep(1, "a", "d"),
                    {"step_number": 2, "action": "a", "description": "d"},
                    {"step_number": 3, "action": "a", "description": "d", "tool_call": {}},
                ]
            },
            "steps[2].tool_call.tool_name",
        ),
        ({"steps": [ExecutionStep("1", "a", "d")]}, "steps[0].step_number"),  # type: ignore[arg-type]
        ({"steps": {"step_number": 1}}, "steps"),
        ({"steps": ["walk"]}, "steps[0]"),
        ({"sales": {"deal_value": True}}, "sales.deal_value"),
        ({"sales": {"deal_value": float("nan")}}, "sales.deal_value"),
        ({"support": {"follow_up_required": 1}}, "support.follow_up_required"),
        ({"research": {"data_sources": 7}}, "research.data_sources"),
        ({"development": {"tests_run": 1.5}}, "development.tests_run"),
        ({"environment": {"custom_tags": {"a": 1}}}, "environment.custom_tags.a"),
        (
            {"expected_outcome": {"task_objective": "o", "constraints": "c"}},
            "expected_outcome.constraints",
        ),
        ({"llm_usage": 3}, "llm_usage"),
        ({"errors": [{"error_type": "E", "message": None}]}, "errors[0].message"),
        (
            {"steps": [{"step_number": 1, "action": "a", "description": "d", "metadata": []}]},
            "steps[0].metadata",
        ),
        (
            {
                "steps": [
                    {
                        "step_number": 1,
                        "action": "a",
                        "description": "d",
                        "metadata": {"x": object()},
                    }
                ]
            },
            "steps[0].metadata.x",
        ),
        ({"name": ""}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"description": "x" * 10_001}, "description"),
        ({"duration": -1}, "duration"),
        ({"duration": float("inf")}, "duration"),
        ({"duration": "1"}, "duration"),
        ({"duration": True}, "duration"),
        ({"current_datetime": "yesterday"}, "current_datetime"),
        ({"name": None}, "name"),
    ],
)
def test_what_does_not_fit_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make(**fields)
    assert caught.value.field == path
    assert caught.value.status_code is None
    assert path.rpartition(".")[2] in str(caught.value)


def test_extra_keys_become_metadata_and_explicit_metadata_wins() -> None:
    step = coerce(
        {
            "step_number": 1,
            "action": "a",
            "description": "d",
            "mood": "calm",
            "kept": "collected",
            "metadata": {"kept": "explicit"},
        },
        ExecutionStep,
    )
    assert step.metadata == {"mood": "calm", "kept": "explicit"}


def test_extra_keys_without_metadata_are_sent_and_warned_of() -> None:
    with pytest.warns(UserWarning, match="Customer has no field for: shoe_size") as caught:
        task = make(customer={"customer_name": "Ada", "shoe_size": 38})
    assert caught[0].filename == __file__
    assert json.loads(encode_task(task))["sections"] == {
        "customer": {"customer_name": "Ada", "shoe_size": 38}
    }


def test_a_payload_may_nest_its_sections() -> None:
    with pytest.warns(UserWarning, match="TaskData has no field for: customer, weather"):
        task = coerce_task(
            {
                **BASE,
                "current_datetime": "2026-01-01",
                "sections": {"customer": {"customer_name": "nested"}, "weather": {"sun": 1}},
                "customer": {"customer_name": "top"},
            }
        )
    assert task.customer == Customer(customer_name="nested")
    sent = json.loads(encode_task(task))
    assert sent["sections"] == {"customer": {"customer_name": "nested"}}
    assert sent["weather"] == {"sun": 1}
    assert sent["customer"] == {"customer_name": "top"}


def test_an_unknown_keyword_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="colour"):
        make(colour="red")


def test_the_callers_objects_stay_as_they_are() -> None:
    step = {"step_number": 1.0, "action": "a", "description": "d", "x": 1}
    fields: dict[str, Any] = {"steps": [step], "sales": {"deal_value": 3}}
    before = copy.deepcopy(fields)
    task = make(**fields)
    assert fields == before
    inner = ExecutionStep(1, "a", "d", tool_call={"tool_name": "t"})  # type: ignore[arg-type]
    task.steps = [inner]
    encode_task(task)
    assert inner.tool_call == {"tool_name": "t"}
    assert task.environment is None


def test_numbers_of_other_libraries_are_numbers() -> None:
    class Seven:
        def __index__(self) -> int:
            return 7

    class Half:
        def __float__(self) -> float:
            return 0.5

    assert coerce({"deal_value": Half()}, Sales).deal_value == 0.5
    assert coerce({"model": "m", "prompt_tokens": Seven()}, LlmCall).prompt_tokens == 7
    assert coerce({"model": "m", "latency_ms": 12.4}, LlmCall).latency_ms == 12


def test_coerce_section_leaves_what_is_no_dict() -> None:
    customer = Customer()
    assert coerce_section(customer, Customer) is customer
    assert coerce_section(None, Customer) is None
    assert coerce_section({"customer_name": "Ada"}, Customer) == Customer("Ada")


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may hold."""
    if typing.get_origin(hint) is typing.Union or "|" in str(hint):
        return st.one_of(
            [st.none() if kind is type(None) else values_of(kind) for kind in typing.get_args(hint)]
        )
    if typing.get_origin(hint) is list:
        return st.lists(values_of(typing.get_args(hint)[0]), max_size=3)
    if typing.get_origin(hint) is dict:
        return st.dictionaries(TEXT, values_of(typing.get_args(hint)[1]), max_size=3)
    if dataclasses.is_dataclass(hint):
        return st.deferred(lambda: instances_of(hint))
    return SCALARS[hint]


def instances_of(cls: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(cls)
    if cls is TaskData:
        hints = {name: hint for name, hint in hints.items() if name not in BASE}
        hints.pop("current_datetime")
        fixed = {**BASE, "current_datetime": "2026-01-01T00:00:00Z"}
        return st.fixed_dictionaries(
            {}, optional={name: values_of(hint) for name, hint in hints.items()}
        ).map(lambda fields: TaskData(**fixed, **fields))
    hints.pop("sdk_version", None)
    return st.builds(cls, **{name: values_of(hint) for name, hint in hints.items()})


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False, width=32),
    bool: st.booleans(),
    Any: st.one_of(st.none(), st.booleans(), st.integers(-99, 99), TEXT),
}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(instances_of(TaskData))
def test_a_trace_survives_the_way_through_dicts_and_the_wire(task: TaskData) -> None:
    assert coerce_task(dataclasses.asdict(task)) == task
    sent = json.loads(encode_task(task))
    assert sent["environment"]["sdk_version"]
    assert json.loads(encode_task(coerce_task(sent))) == sent
