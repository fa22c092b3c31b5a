"""How long Maestro takes: a usual trace, and 1 MiB built to be slow."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RUNS = ROOT / "build" / "release" / "bin" / "infinium_maestro_runs"
MIB = 1_048_576
MS_A_MIB = 100  # the promise
HOSTILE_RUNS = 5
Trace = dict[str, Any]


def run(traces: list[Trace], runs: int, threads: int, environment: dict[str, str] | None = None) -> list[Trace]:
    """What infinium_maestro_runs says of the traces: a line each, and the digest."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "payloads.jsonl"
        file.write_text("".join(json.dumps(t, ensure_ascii=False, separators=(",", ":")) + "\n" for t in traces))
        command = [str(RUNS), str(file), str(runs), str(threads)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return [json.loads(line) for line in done.stdout.splitlines()]


def payload(**changes: Any) -> Trace:
    """A trace with a rubric of each kind."""
    return {
        "name": "Monthly report",
        "description": "An agent gathered the figures and wrote the report.",
        "current_datetime": "2026-06-30T18:00:00Z",
        "duration": 42.0,
        "input_summary": "Write the report for June and send it to Mara Lind, order 4411, total 310.50 EUR.",
        "output_summary": "The report for June is done: 17 orders, 310.50 EUR in total, sent to Mara Lind.",
        "expected_outcome": {
            "task_objective": "Write the report for June and send it to Mara Lind.",
            "required_deliverables": [
                "A report with the total of each week",
                "The refunded amount in EUR, the invoice number and the delivery date",
                "A link to the report",
            ],
            "constraints": [
                "At most 60 calls of `query`",
                "No personal data",
                "At most 150 words, in English, as a bulleted list",
                "Do not mention discounts",
                "Do not send the report before the totals are checked",
                "Do not change an order unless Mara Lind has confirmed it",
                "Use net, not gross amounts",
            ],
            "acceptance_criteria": [
                "The total of order 4411 is named",
                "Every figure comes from the orders table",
                "All five weeks are listed",
            ],
        },
        **changes,
    }


def steps(texts: list[str]) -> list[Trace]:
    """Calls of one tool with these results."""
    return [
        {
            "step_number": i + 1,
            "action": "tool_use",
            "description": "Called query",
            "input_preview": json.dumps({"week": i, "table": "orders"}),
            "output_preview": text,
            "tool_call": {"tool_name": "query", "http_status": 200},
        }
        for i, text in enumerate(texts)
    ]


def usual(count: int) -> Trace:
    """A trace of so many steps with small JSON results."""
    rows = [
        json.dumps({"order": f"A-{4000 + i}", "total_eur": 18.25 * (i % 9 + 1), "paid": i % 3 > 0, "day": f"2026-06-{i % 28 + 1:02}"})
        for i in range(count)
    ]
    return payload(steps=steps(rows))


def filled(make: Callable[[int], str], separator: str = " ", size: int = 1_040_000) -> str:
    """make(0), make(1), … up to so many bytes."""
    parts: list[str] = []
    left = size
    while left > 0:
        parts.append(make(len(parts)))
        left -= len(parts[-1].encode()) + len(separator)
    return separator.join(parts[:-1])


def word(i: int) -> str:
    letters = ""
    while i or not letters:
        letters += "etaoinshrdlu"[i % 12]
        i //= 12
    return letters


def half(make: Callable[[int], str], separator: str = " ") -> str:
    return filled(make, separator, 515_000)


def tiny_steps(count: int) -> list[Trace]:
    return [{"step_number": i, "action": "a", "description": "b", "output_preview": str(i)} for i in range(count)]


def hostile() -> dict[str, Trace]:
    """About 1 MiB each, of shapes that are slow wherever work is not linear."""
    url = lambda i: f"https://example.com/{word(i)}?id={i}"  # noqa: E731
    sentence = lambda i: f"Do not {word(i)} unless {word(i + 7)} is {i}."  # noqa: E731
    calls = [
        {"step_number": i, "action": "tool_use", "description": "Called f", "input_preview": f'{{"a":{i}}}', "tool_call": {"tool_name": f"f{i % 99}"}}
        for i in range(8_400)
    ]
    failing = [
        {"step_number": i, "action": "x", "description": "y", "error": {"error_type": "E", "message": f"no row {i}"}}
        for i in range(9_000)
    ]
    return {
        "words": payload(output_summary=filled(word)),
        "words in a result and the output": payload(output_summary=half(word), steps=steps([half(word)])),
        "a JSON list of 90,000": payload(steps=steps([json.dumps([10_000_000 + i for i in range(90_000)])])),
        "a JSON list of records": payload(
            output_summary=half(lambda i: f"R-{i}"),
            steps=steps(["[" + half(lambda i: f'{{"id":"R-{i}","v":{i * 7}}}', ",") + "]"]),
        ),
        "12,000 steps": payload(steps=tiny_steps(12_000)),
        "8,400 calls": payload(steps=calls),
        "9,000 failed steps": payload(steps=failing),
        "350,000 bare numbers": payload(output_summary=filled(lambda i: str(10 + i % 90))),
        "numbers in a result and the output": payload(
            output_summary=half(lambda i: str(i * 31)), steps=steps([half(lambda i: str(i * 37))])
        ),
        "dates and URLs": payload(output_summary=filled(lambda i: f"2026-{i % 12 + 1:02}-{i % 28 + 1:02} {url(i)}")),
        "a rubric of 20,000 words": payload(
            expected_outcome={"task_objective": filled(sentence, " ", 120_000), "constraints": [filled(sentence, " ", 90_000)] * 9}
        ),
        "amounts in one sentence": payload(output_summary=filled(lambda i: f"{i}.50 EUR")),
        "amounts in a result and the output": payload(
            output_summary=half(lambda i: f"{i}.50 EUR"), steps=steps([half(lambda i: f"{i}.75 EUR")])
        ),
        "invoice numbers": payload(output_summary=filled(lambda i: f"INV-{10_000 + i}")),
        "invoice numbers of a result": payload(
            output_summary=half(lambda i: f"INV-{10_000 + i}"),
            steps=steps([json.dumps({"invoices": half(lambda i: f"INV-{20_000 + i}").split()})]),
        ),
        "names": payload(output_summary=filled(lambda i: f"{word(i).capitalize()} {word(i + 5).capitalize()},")),
        "e-mail addresses": payload(steps=steps([half(lambda i: f"{word(i)}@example.com")]), output_summary=half(lambda i: f"{word(i)}@example.org")),
        "one long line": payload(output_summary="a" * 1_040_000),
        "brackets": payload(output_summary="[" * 500_000 + "]" * 500_000),
        "quotes": payload(steps=steps(["'" * 1_000_000])),
        "messages of a talk": payload(
            steps=[
                {"step_number": i, "action": "user_message" if i % 2 else "assistant_message", "description": "d", "output_preview": f"Please refund order {i}, I confirm {i * 3}.50 EUR."}
                for i in range(6_500)
            ]
        ),
        "Japanese": payload(output_summary=filled(lambda i: "注文番号" + str(i) + "は確認済みです。", "")),
        "list items": payload(output_summary=filled(lambda i: f"- {word(i)}: {i}", "\n")),
    }


def figures() -> Iterator[dict[str, Any]]:
    fifty = run([usual(50)], 2_000, 1)[0]
    yield {"figure": "time: ms, 50 steps, p50", "value": fifty["p50_ms"], "n": 2_000}
    yield {"figure": "time: ms, 50 steps, p99", "value": fifty["p99_ms"], "n": 2_000}
    yield {"figure": "time: ms of the processor, 50 steps, p50", "value": fifty["cpu_ms"], "n": 2_000}
    shapes = hostile()
    for name, line in zip(shapes, run(list(shapes.values()), HOSTILE_RUNS, 1)[:-1], strict=True):
        limit = MS_A_MIB * max(1.0, line["bytes"] / MIB)
        # Of the processor: on a shared machine the wall clock says what the others do.
        yield {"figure": f"time: ms of the processor, {line['bytes'] / MIB:.2f} MiB of {name}", "value": line["cpu_ms"], "n": HOSTILE_RUNS, "limit": limit}
