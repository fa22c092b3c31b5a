#!/usr/bin/env python3
"""Renders the planted-fault scenarios to trace payloads with their truth, one JSON object a line.

    expand.py [--half look|report|both] [--check] [--show ID [KIND]] [--scenarios FOLDER]

A line: {"id", "agent", "scenario", "kind", "trace", "label"}; `kind` is "clean" or the planted fault."""

from __future__ import annotations

import argparse
import collections
import copy
import datetime
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

SCENARIOS = Path(__file__).parent / "scenarios"
STYLES = ("sdk", "chat", "team", "bare")
VERDICTS = ("succeeded", "partially_succeeded", "failed", "undetermined")
ROOT_KINDS = (
    "instruction_or_plan_adherence",
    "invention_of_information",
    "invalid_invocation",
    "misinterpretation_of_tool_output",
    "intent_plan_misalignment",
    "underspecified_user_intent",
    "intent_not_supported",
    "guardrails_triggered",
    "system_failure",
    "inconclusive",
)
KINDS = tuple(
    re.findall(r"^\| `([a-z_]+)` \|.*\|.*\|$", (Path(__file__).parent / "README.md").read_text(), re.M)
)
PREVIEW_MAX = 500


class Wrong(Exception):
    """A scenario that does not keep the format; the text says where."""


def half_of(scenario_id: str) -> str:
    return "look" if hashlib.sha256(scenario_id.encode()).digest()[0] < 128 else "report"


def as_text(value: Any) -> str:
    """A value as an agent would have sent it."""
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False, default=str)


def as_call_text(value: Any) -> str:
    """`key=value` pairs in the manner of a decorated function."""
    if isinstance(value, dict):
        return ", ".join(f"{key}={item!r}" for key, item in plain(value).items())
    return as_text(value)


def plain(value: Any) -> Any:
    """Dates of YAML as the texts they were written as."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


# --- edits -----------------------------------------------------------------------------------------


def place(run: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The mapping that holds `path` and the key in it."""
    parts = path.split(".")
    if parts[0] != "steps":
        holder: Any = run
        for part in parts[:-1]:
            holder = holder[part]
        if parts[-1] not in holder:
            raise Wrong(f"no {path}")
        return holder, parts[-1]
    for step in run["steps"]:
        if str(step["id"]) == parts[1]:
            if len(parts) > 3:
                return place(step, ".".join(parts[2:]))
            return step, parts[2]
    raise Wrong(f"no step {parts[1]}")


def mapping_again(text: str) -> Any:
    """An edited mapping stays one, so that it is rendered like its clean twin."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def apply(run: dict[str, Any], edit: dict[str, Any]) -> None:
    ((verb, what),) = edit.items()
    if verb == "replace":
        holder, key = place(run, what["at"])
        if key not in holder:
            raise Wrong(f"no {what['at']}")
        old = as_text(holder[key])
        if str(what["old"]) not in old:
            raise Wrong(f"{what['old']!r} is not in {what['at']}: {old[:80]!r}")
        new = old.replace(str(what["old"]), str(what["new"]))
        holder[key] = new if isinstance(holder[key], str) else mapping_again(new)
    elif verb == "set":
        parts = what["at"].split(".")
        if parts[0] == "steps" and len(parts) == 3:
            holder, key = next((s, parts[2]) for s in run["steps"] if str(s["id"]) == parts[1])
        else:
            holder, key = place(run, what["at"])
        holder[key] = plain(what["to"])
    elif verb == "insert":
        added = [dict(plain(step)) for step in what["steps"]]
        for i, step in enumerate(added):
            step.setdefault("id", f"new-{what['after']}-{i}-{len(run['steps'])}")
        at = 0
        if str(what["after"]) != "0":
            at = 1 + next(
                (i for i, s in enumerate(run["steps"]) if str(s["id"]) == str(what["after"])), -2
            )
            if at < 0:
                raise Wrong(f"no step {what['after']}")
        run["steps"][at:at] = added
    elif verb == "remove":
        gone = {str(number) for number in what["steps"]}
        if not gone <= {str(step["id"]) for step in run["steps"]}:
            raise Wrong(f"no steps {gone}")
        run["steps"] = [step for step in run["steps"] if str(step["id"]) not in gone]
    elif verb == "cut":
        holder, key = place(run, what["at"])
        text = as_text(holder[key])
        if len(text) <= what["keep"]:
            raise Wrong(f"{what['at']} has only {len(text)} characters")
        holder[key] = text[: what["keep"]] + "\u2026"
        if what["at"].startswith("steps."):
            holder.setdefault("cut", []).append(key)
    else:
        raise Wrong(f"unknown edit {verb}")


# --- rendering -------------------------------------------------------------------------------------


def preview(step: dict[str, Any], key: str, text: str, out: dict[str, Any], name: str, full: str) -> None:
    """Sets a preview; a long text breaks off there and is sent whole in the metadata."""
    if key in step.get("cut", []) or len(text) <= PREVIEW_MAX:
        out[name] = text
    else:
        out[name] = text[: PREVIEW_MAX - 1] + "\u2026"
        out.setdefault("metadata", {})[full] = text


def render_step(step: dict[str, Any], number: int, run: dict[str, Any]) -> dict[str, Any]:
    style = run["style"]
    actor = step.get("agent", run["agent"])
    out: dict[str, Any] = {"step_number": number}
    if "tool" in step:
        render_tool(step, out, style)
    elif "llm" in step:
        out |= {"action": "llm_inference", "description": step.get("desc", "Asked the model")}
        preview(step, "in", as_text(step.get("in", "")), out, "input_preview", "full_input")
        preview(step, "out", as_text(step.get("out", "")), out, "output_preview", "full_output")
        tokens = step.get("tokens", [0, 0])
        out["llm_call"] = {"model": step["llm"], "prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    elif "user" in step:
        out |= {"action": "user_message", "description": "User message"}
        full = "full_text" if style == "chat" else "full_output"
        preview(step, "user", as_text(step["user"]), out, "output_preview", full)
        actor = "User"
    else:
        key = "say" if "say" in step else "think"
        action = {"say": "agent_message" if style == "team" else "assistant_message", "think": "decision"}[key]
        words = f"{actor} spoke" if style == "team" else "Agent replied" if key == "say" else "Reasoned"
        out |= {"action": action, "description": step.get("desc", words)}
        full = "full_text" if style == "chat" else "full_output"
        preview(step, key, as_text(step[key]), out, "output_preview", full)
    if "ms" in step:
        out["duration_ms"] = step["ms"]
    if style != "bare":
        role = "user" if "user" in step else "assistant"
        out.setdefault("metadata", {}).update({"agent": actor} | ({"role": role} if style == "chat" else {}))
    return out


def render_tool(step: dict[str, Any], out: dict[str, Any], style: str) -> None:
    given = as_call_text(step.get("in", "")) if style == "bare" else as_text(step.get("in", ""))
    answer = as_text(step["out"]) if "out" in step else None
    out["action"] = step["tool"] if style == "bare" else "tool_use"
    called = f"Called {step['tool']}"
    out["description"] = step.get("desc", "" if style == "bare" else called) or called
    if given:
        preview(step, "in", given, out, "input_preview", "full_input")
    if answer is not None:
        full = "full_text" if style == "chat" else "full_output"
        preview(step, "out", answer, out, "output_preview", full)
    if "error" in step:
        out["error"] = plain(step["error"])
    if style in ("sdk", "team"):
        out["tool_call"] = {"tool_name": step["tool"]}
        if "status" in step:
            out["tool_call"]["http_status"] = step["status"]
        if "ms" in step:
            out["tool_call"]["duration_ms"] = step["ms"]


def render(run: dict[str, Any]) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "name": run["name"],
        "description": run["description"],
        "current_datetime": run.get("at", "2026-03-20T10:00:00Z"),
        "duration": float(run["duration"]),
        "input_summary": as_text(run["input"]),
    }
    if run.get("output") is not None:
        trace["output_summary"] = as_text(run["output"])
    trace["steps"] = [render_step(step, i + 1, run) for i, step in enumerate(run["steps"])]
    if run.get("objective"):
        trace["expected_outcome"] = {
            "task_objective": run["objective"],
            "required_deliverables": run.get("deliverables", []),
            "constraints": run.get("constraints", []),
            "acceptance_criteria": run.get("criteria", []),
        }
        trace["expected_outcome"] = {key: value for key, value in trace["expected_outcome"].items() if value}
    return trace | run.get("sections", {})


# --- truth -----------------------------------------------------------------------------------------


def rubric_ids(run: dict[str, Any]) -> list[str]:
    count = sum(len(run.get(key, [])) for key in ("deliverables", "constraints", "criteria"))
    return [f"r{i + 1}" for i in range(count + 1)] if run.get("objective") else []


def label_of(run: dict[str, Any], truth: dict[str, Any], clean: dict[str, Any]) -> dict[str, Any]:
    rubric = dict.fromkeys(rubric_ids(run), "met")
    for source in (clean, truth):
        for status in ("unmet", "unclear"):
            for item in source.get(status, []):
                if item not in rubric:
                    raise Wrong(f"no rubric item {item}")
                rubric[item] = status
    if truth["verdict"] not in VERDICTS:
        raise Wrong(f"no verdict {truth['verdict']}")
    numbers = {str(step["id"]): i + 1 for i, step in enumerate(run["steps"])}

    def number(where: Any) -> int | str:
        if str(where) != "output" and str(where) not in numbers:
            raise Wrong(f"truth names step {where}, which the run does not have")
        return "output" if str(where) == "output" else numbers[str(where)]

    label: dict[str, Any] = {"verdict": truth["verdict"], "rubric": rubric}
    if "step" in truth:
        first = number(truth["step"])
        label["places"] = [first, *(number(other) for other in truth.get("at", []))]
        if truth.get("root", True):
            label["root_step"] = first
            if truth.get("root_kind") not in ROOT_KINDS:
                raise Wrong(f"no root_kind {truth.get('root_kind')}")
            label["root_kind"] = truth["root_kind"]
    elif truth["verdict"] == "failed":
        raise Wrong("a failed run needs truth.step")
    return label


def expand(path: Path) -> list[dict[str, Any]]:
    source = plain(yaml.safe_load(path.read_text()))
    if source["id"] != path.stem:
        raise Wrong("id is not the file's name")
    if source["style"] not in STYLES:
        raise Wrong(f"no style {source['style']}")
    for i, step in enumerate(source["steps"]):
        step["id"] = i + 1
    clean_truth = {"verdict": "succeeded"} | source.get("truth", {})
    rows = []
    seen: set[str] = set()
    for fault in [{"kind": "clean", "edits": [], "truth": clean_truth}, *source["faults"]]:
        kind = fault["kind"]
        if kind in seen or kind not in (*KINDS, "clean"):
            raise Wrong(f"{kind}: unknown, or there twice")
        seen.add(kind)
        run = copy.deepcopy(source)
        try:
            for edit in fault["edits"]:
                apply(run, edit)
            label = label_of(run, fault["truth"], source.get("truth", {}))
            trace = render(run)
        except (Wrong, KeyError, StopIteration, TypeError, ValueError) as error:
            raise Wrong(f"{kind}: {type(error).__name__} {error}") from error
        rows.append(
            {
                "id": f"{source['id']}/{kind}",
                "agent": source["agent"],
                "scenario": source["id"],
                "kind": kind,
                "trace": trace,
                "label": label,
            }
        )
    if any(row["trace"] == rows[0]["trace"] for row in rows[1:]):
        raise Wrong("a fault that changes nothing")
    return rows


def all_ok(trace: dict[str, Any]) -> bool:
    """Whether every call answered OK."""
    return all(
        "error" not in step and step.get("tool_call", {}).get("http_status", 200) < 400
        for step in trace["steps"]
    )


def check(folder: Path) -> int:
    wrong = 0
    kinds: collections.Counter[str] = collections.Counter()
    scenarios = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            rows = expand(path)
            planted = len({row["kind"] for row in rows} - {"clean", "evidence_removed"})
            if 0 < planted < 8:  # none: a clean run alone, written for its traps
                raise Wrong(f"only {planted} kinds of fault")
            kinds.update(row["kind"] for row in rows)
            scenarios.append((path.stem, rows, yaml.safe_load(path.read_text())))
        except (Wrong, KeyError, yaml.YAMLError) as error:
            wrong += 1
            print(f"{path.name}: {type(error).__name__} {error}", file=sys.stderr)
    faulty = [row for _, rows, _ in scenarios for row in rows[1:]]
    silent = sum(all_ok(row["trace"]) for row in faulty)
    count = collections.Counter
    print(f"{len(scenarios)} scenarios, {len(faulty)} twins; every call answers OK in {silent}")
    for key in ("domain", "style", "language"):
        print(f"{key}: {dict(count(source[key] for _, _, source in scenarios))}")
    print(f"halves: {dict(count(half_of(name) for name, _, _ in scenarios))}")
    print(f"kinds: {dict(kinds.most_common())}")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--half", choices=("look", "report", "both"), default="look")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--scenarios", type=Path, default=SCENARIOS, help="another folder of them")
    parser.add_argument("--show", nargs="+", metavar="ID")
    args = parser.parse_args()
    if args.check:
        return check(args.scenarios)
    for path in sorted(args.scenarios.glob("*.yaml")):
        if args.show and args.show[0] != path.stem:
            continue
        if not args.show and args.half not in ("both", half_of(path.stem)):
            continue
        for row in expand(path):
            if not args.show:
                print(json.dumps(row, ensure_ascii=False))
            elif len(args.show) == 1 or row["kind"] == args.show[1]:
                print(json.dumps(row, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
