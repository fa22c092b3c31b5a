"""The native module reads dataclasses straight: bytes, errors with paths, limits."""

# Wrong arguments are the point here.
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false
# pyright: reportOptionalMemberAccess=false

from __future__ import annotations

import enum
import json
import math
import threading
from collections import OrderedDict
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest

import infinium
from infinium import (
    Customer,
    EnvironmentContext,
    ErrorDetail,
    ExecutionStep,
    ExpectedOutcome,
    General,
    LlmCall,
    LlmUsage,
    Research,
    TaskData,
    ToolCall,
    _native,
)

NOW = "2026-01-31T12:00:00Z"


def task(**changes: Any) -> TaskData:
    return replace(TaskData("Name", "What was done", NOW, 1.5), **changes)


def step(**changes: Any) -> ExecutionStep:
    return replace(ExecutionStep(1, "tool_use", "Reads"), **changes)


def encoded(trace: object) -> dict[str, Any]:
    return json.loads(_native.encode_trace(trace))


def fault(trace: object) -> tuple[str, str]:
    """Kind and place of the error; the message is checked to be a sentence for a person."""
    with pytest.raises(_native.NativeError) as caught:
        _native.encode_trace(trace)
    error = caught.value
    assert error.message
    assert str(error) == error.message
    return error.kind, error.where


def test_the_bytes_of_a_trace() -> None:
    trace = task(
        input_summary="in",
        customer=Customer(customer_name="Zoë"),
        steps=[
            step(
                duration_ms=12,
                error=ErrorDetail("ValueError", "bad", recoverable=True),
                tool_call=ToolCall("search", http_status=200),
                llm_call=LlmCall("m", temperature=0.5),
                metadata={"rows": [1, 2.0, None, True, "x", {"k": ()}], "big": 2**70},
            )
        ],
        llm_usage=LlmUsage(prompt_tokens=3, calls=[LlmCall("m")]),
        expected_outcome=ExpectedOutcome("Goal", constraints=["short"]),
        environment=EnvironmentContext(custom_tags={"a": "b"}),
    )
    assert (
        _native.encode_trace(trace, sdk_version="9")
        == (
            '{"name":"Name","description":"What was done",'
            '"current_datetime":"2026-01-31T12:00:00Z",'
            '"duration":1.5,"input_summary":"in",'
            '"expected_outcome":{"task_objective":"Goal","constraints":["short"]},'
            '"steps":[{"step_number":1,"action":"tool_use","description":"Reads","duration_ms":12,'
            '"error":{"error_type":"ValueError","message":"bad","recoverable":true,"retry_count":0},'
            '"tool_call":{"tool_name":"search","http_status":200},'
            '"llm_call":{"model":"m","temperature":0.5},'
            '"metadata":{"rows":[1,2.0,null,true,"x",{"k":[]}],"big":1180591620717411303424}}],'
            '"llm_usage":{"prompt_tokens":3,"calls":[{"model":"m"}]},'
            '"sections":{"customer":{"customer_name":"Zoë"}},'
            '"environment":{"sdk_version":"9","custom_tags":{"a":"b"}}}'
        ).encode()
    )


def test_the_caller_s_trace_is_only_read() -> None:
    trace = task(environment=None, steps=[step(input_preview="x" * 600)])
    before = repr(trace)
    assert b'"sdk_version":"9"' in _native.encode_trace(trace, sdk_version="9")
    assert repr(trace) == before


def test_a_version_of_the_caller_is_kept() -> None:
    trace = task(environment=EnvironmentContext(sdk_version="mine"))
    assert b'"sdk_version":"mine"' in _native.encode_trace(trace, sdk_version="9")


def test_the_schema_is_that_of_the_dataclasses() -> None:
    schema = _native.schema()
    for name, described in schema.items():
        python_type = getattr(infinium, name, None) or getattr(infinium.types, name)
        assert is_dataclass(python_type), name
        assert {field.name for field in fields(python_type)} == set(described), name
        required = {name for name, is_required in described.items() if is_required}
        positional = {f.name for f in fields(python_type) if f.default is f.default_factory}
        assert positional == required, name


@pytest.mark.parametrize(
    ("trace", "where"),
    [
        (task(name=None), "name"),
        (task(name=7), "name"),
        (task(name=""), "name"),
        (task(name="x" * 501), "name"),
        (task(description="é" * 10_001), "description"),
        (task(current_datetime="yesterday"), "current_datetime"),
        (task(duration=True), "duration"),
        (task(duration="1"), "duration"),
        (task(duration=math.nan), "duration"),
        (task(duration=math.inf), "duration"),
        (task(duration=10**400), "duration"),
        (task(duration=-1), "duration"),
        (task(duration=86_401), "duration"),
        (task(input_summary=b"bytes"), "input_summary"),
        (task(steps={}), "steps"),
        (task(steps="no"), "steps"),
        (task(steps=[None]), "steps[0]"),
        (task(steps=[step(), 7]), "steps[1]"),
        (task(steps=[ToolCall("not a step")]), "steps[0]"),
        (task(steps=[step(step_number=1.5)]), "steps[0].step_number"),
        (task(steps=[step(step_number=True)]), "steps[0].step_number"),
        (task(steps=[step(step_number=2**63)]), "steps[0].step_number"),
        (task(steps=[step(step_number=math.nan)]), "steps[0].step_number"),
        (task(steps=[step(action=None)]), "steps[0].action"),
        (task(steps=[step(error="text")]), "steps[0].error"),
        (
            task(steps=[step(error=ErrorDetail("E", "m", recoverable=1))]),
            "steps[0].error.recoverable",
        ),
        (task(steps=[step(tool_call=ToolCall(None))]), "steps[0].tool_call.tool_name"),
        (
            task(steps=[step(tool_call=ToolCall("t", error=ErrorDetail("E", 5)))]),
            "steps[0].tool_call.error.message",
        ),
        (task(steps=[step(metadata=[1])]), "steps[0].metadata"),
        (task(steps=[step(metadata={"a": object()})]), "steps[0].metadata.a"),
        (task(steps=[step(metadata={"a": [0, {1, 2}]})]), "steps[0].metadata.a[1]"),
        (task(steps=[step(metadata={"a": {"b": math.inf}})]), "steps[0].metadata.a.b"),
        (task(steps=[step(metadata={7: 1})]), "steps[0].metadata"),
        (task(llm_usage=LlmUsage(calls=[LlmCall("m"), 1])), "llm_usage.calls[1]"),
        (task(llm_usage=LlmUsage(calls=[LlmCall(1)])), "llm_usage.calls[0].model"),
        (task(expected_outcome=ExpectedOutcome(None)), "expected_outcome.task_objective"),
        (
            task(expected_outcome=ExpectedOutcome("g", constraints=["a", 1])),
            "expected_outcome.constraints[1]",
        ),
        (
            task(expected_outcome=ExpectedOutcome("g", constraints="abc")),
            "expected_outcome.constraints",
        ),
        (task(environment=EnvironmentContext(custom_tags={"a": 1})), "environment.custom_tags.a"),
        (task(environment=EnvironmentContext(custom_tags={1: "a"})), "environment.custom_tags"),
        (task(environment=EnvironmentContext(custom_tags=[])), "environment.custom_tags"),
        (task(customer=Research()), "customer"),
        (task(customer=Customer(customer_name=1)), "customer.customer_name"),
        (task(research=Research(sources_consulted="many")), "research.sources_consulted"),
        (
            task(general=General(errors_encountered=[ErrorDetail("E", "m"), None])),
            "general.errors_encountered[1]",
        ),
        (task(general=General(tags="a")), "general.tags"),
        (
            task(errors=[ErrorDetail("E", "m", retry_count=None, stack_trace=3)]),
            "errors[0].stack_trace",
        ),
        ({"name": "x"}, "description"),
        ("no trace", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_a_broken_rule_is_named_by_its_path(trace: object, where: str) -> None:
    assert fault(trace) == ("invalid", where)
    with pytest.raises(_native.NativeError) as caught:
        _native.validate_trace(trace)
    assert caught.value.where == where


def test_free_form_fields_take_their_kinds_only() -> None:
    assert encoded(task(research=Research(data_sources="one")))["sections"]["research"] == {
        "data_sources": "one"
    }
    assert encoded(task(research=Research(data_sources=["a", "b"])))
    wrong = task(research=Research(data_sources={"a": 1}))
    assert fault(wrong) == ("invalid", "research.data_sources")


def test_numbers_of_every_size_and_kind() -> None:
    class Index:
        def __index__(self) -> int:
            return 42

    class Color(enum.IntEnum):
        RED = 3

    trace = task(
        duration=1,
        steps=[
            step(
                step_number=12.0,
                duration_ms=Index(),
                metadata={
                    "n": [0, -1, 2**63, -(2**63), 10**300, 0.1, 1e300, -0.0, 5e-324],
                    "e": Color.RED,
                    "i": Index(),
                },
            )
        ],
    )
    sent = encoded(trace)["steps"][0]
    assert sent["step_number"] == 12
    assert sent["duration_ms"] == 42
    assert sent["metadata"] == {
        "n": [0, -1, 2**63, -(2**63), 10**300, 0.1, 1e300, -0.0, 5e-324],
        "e": 3,
        "i": 42,
    }
    huge = task(steps=[step(metadata={"n": 10**5000})])
    assert fault(huge) == ("invalid", "steps[0].metadata.n")


def test_lone_surrogates_become_replacement_characters() -> None:
    trace = task(
        name="a\ud800b",
        description="\ud83d\ude00 \udc00",
        steps=[step(metadata={"\udfff": "\ud800"})],
    )
    sent = encoded(trace)
    assert sent["name"] == "a\ufffdb"
    assert sent["description"] == "\U0001f600 \ufffd"
    assert sent["steps"][0]["metadata"] == {"\ufffd": "\ufffd"}


def test_mappings_stand_for_dataclasses() -> None:
    trace = {
        "name": "Name",
        "description": "d",
        "current_datetime": NOW,
        "duration": 1,
        "steps": (
            MappingProxyType(
                {
                    "step_number": 1,
                    "action": "a",
                    "description": "d",
                    "metadata": OrderedDict(kept=1, both="mine"),
                    "both": "other",
                    "more": [1],
                }
            ),
        ),
        "unknown": {"x": 1},
    }
    sent = encoded(trace)
    assert sent["steps"][0]["metadata"] == {"kept": 1, "both": "mine", "more": [1]}
    assert sent["unknown"] == {"x": 1}


def test_unknown_keys_of_an_instance_are_sent() -> None:
    trace = task(customer=Customer(customer_name="n"))
    trace._extra = {"new_field": [1, 2]}
    trace.customer._extra = {"tier": "gold"}
    sent = encoded(trace)
    assert sent["new_field"] == [1, 2]
    assert sent["sections"]["customer"] == {"customer_name": "n", "tier": "gold"}
    trace._extra = {"name": "twice"}
    assert fault(trace)[0] == "invalid"


def test_previews_are_cut_and_kept_whole() -> None:
    long = "é" * 501
    sent = encoded(task(steps=[step(input_preview=long, output_preview="x" * 500)]))["steps"][0]
    assert sent["input_preview"] == "é" * 499 + "…"
    assert sent["output_preview"] == "x" * 500
    assert sent["metadata"] == {"full_input": long}
    sent = encoded(task(steps=[step(output_preview="x" * 2_000_000)]))["steps"][0]
    assert len(sent["output_preview"]) == 500
    assert sent["metadata"] == {"output_truncated_chars": 2_000_000 - 499}
    _native.validate_trace(task(steps=[step(output_preview="x" * 2_000_000)]))


def test_the_limit_of_a_payload() -> None:
    empty = len(_native.encode_trace(task(output_summary="")))
    fits = "x" * (_native.PAYLOAD_BYTES_MAX - empty - len(',"output_summary":""'))
    room = len(_native.encode_trace(task(output_summary=fits)))
    assert room <= _native.PAYLOAD_BYTES_MAX
    assert fault(task(output_summary=fits + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))[0] == "too_large"
    kind, where = fault(task(steps=[step(metadata={"rows": ["x" * 2_000_000]})]))
    assert (kind, where) == ("too_large", "steps[0].metadata.rows[0]")


def test_depth_cycles_and_shared_lists_end() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    kind, where = fault(task(steps=[step(metadata={"deep": deep})]))
    assert kind == "invalid"
    assert where.startswith("steps[0].metadata.deep[0][0]")
    cycle: dict[str, Any] = {}
    cycle["self"] = cycle
    assert fault(task(steps=[step(metadata=cycle)]))[0] == "invalid"
    shared: list[Any] = ["x"]
    for _ in range(50):
        shared = [shared] * 10
    assert fault(task(steps=[step(metadata={"shared": shared})]))[0] == "too_large"


def test_depth_64_is_accepted_and_65_is_not() -> None:
    def nested(levels: int) -> list[Any]:
        value: list[Any] = []
        for _ in range(levels - 1):
            value = [value]
        return value

    # The payload, steps, the step and its metadata are four levels.
    assert encoded(task(steps=[step(metadata={"v": nested(60)})]))
    assert fault(task(steps=[step(metadata={"v": nested(61)})]))[0] == "invalid"


def test_what_the_caller_s_own_code_raises_comes_through() -> None:
    class Broken:
        @property
        def name(self) -> str:
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        _native.encode_trace(Broken())


def test_a_list_that_changes_while_it_is_read() -> None:
    items: list[Any] = []

    class Shrinks:
        def __index__(self) -> int:
            items.clear()
            return 1

    items.extend([Shrinks(), *range(1000)])
    assert encoded(task(steps=[step(metadata={"items": items})]))["steps"][0]["metadata"] == {
        "items": [1]
    }


def test_many_threads_encode_at_once() -> None:
    trace = task(steps=[step(step_number=i, metadata={"i": i}) for i in range(50)])
    expected = _native.encode_trace(trace)
    wrong: list[bytes] = []

    def work() -> None:
        wrong.extend(p for p in (_native.encode_trace(trace) for _ in range(50)) if p != expected)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_interpret_is_offline_and_stable() -> None:
    payload = _native.encode_trace(task(steps=[step()], output_summary="done"))
    first, second = (json.loads(_native.interpret(payload)) for _ in range(2))
    assert first.pop("interpretedAt")
    assert second.pop("interpretedAt")
    assert first == second
    assert first["schemaVersion"] == 1
    assert first["engine"]["version"] == _native.engine_version()


@pytest.mark.parametrize(
    ("payload", "kind", "where"),
    [
        (b"", "malformed", ""),
        (b"{", "malformed", ""),
        (b'{"name":"\xff"}', "malformed", ""),
        (b'{"name":1}', "invalid", "name"),
        (b"[" * 100_000, "malformed", ""),
        (b" " * 1_048_577, "too_large", ""),
    ],
)
def test_interpret_refuses_what_is_no_payload(payload: bytes, kind: str, where: str) -> None:
    with pytest.raises(_native.NativeError) as caught:
        _native.interpret(payload)
    assert (caught.value.kind, caught.value.where) == (kind, where)


def test_values() -> None:
    assert _native.is_uuid(_native.make_id())
    assert _native.make_id()[14] == "7"
    assert not _native.is_uuid("\ud800")
    assert _native.parse_iso_datetime("2026-01-31T12:00:00.5+02:00") == 1_769_853_600_500
    assert _native.parse_iso_datetime("2026-02-30") is None
    assert _native.normalize_base_url("http://[::1]:8400/") == "http://[::1]:8400/api/v1"
    with pytest.raises(_native.NativeError) as caught:
        _native.normalize_base_url("localhost:8400")
    assert caught.value.kind == "invalid"
    with pytest.raises(TypeError):
        _native.is_uuid(7)
