"""How long `infinium reinterpret` takes for 100,000 stored traces: two minutes on two cores are the promise.

The store is filled with the runs of the planted corpus (the half that may be looked at) and of the golden suite, and a second
one with the labelled runs as well, where they are: long conversations beside short runs. Every trace
carries another engine's result, so that each is read, judged in its company, replaced, and the old result kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import labelled
import planted
import same_bytes

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "build" / "release" / "bin" / "infinium_reread_bench"
TRACES = 100_000
THREADS = 2
LIMIT_S = 120.0
Trace = dict[str, Any]


def planted_and_golden() -> list[Trace]:
    return [*(row["trace"] for row in planted.load("look")), *same_bytes.golden()]


def labelled_runs() -> list[Trace]:
    rows = [json.loads(line) for file in sorted(labelled.FOLDER.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    return [row.get("trace", row) for row in rows]


def seconds_for(traces: list[Trace]) -> tuple[float, float]:
    """Of the wall clock, and of the processor, for so many as the promise names."""
    with tempfile.TemporaryDirectory() as folder:
        payloads = Path(folder) / "payloads.jsonl"
        payloads.write_text("".join(json.dumps(trace, ensure_ascii=False) + "\n" for trace in traces), encoding="utf-8")
        command = [str(BENCH), folder, str(TRACES), str(THREADS), str(payloads)]
        done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return done["p50_us"] * TRACES / 1e6, done["cpu_us"] * TRACES / 1e6


def figures() -> Iterator[dict[str, Any]]:
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", file=sys.stderr)
    short, long = planted_and_golden(), labelled_runs()
    for name, traces in {"planted and golden runs": short, "and labelled runs": [*short, *long] if long else []}.items():
        if not traces:
            continue
        mean = sum(len(trace.get("steps", [])) for trace in traces) / len(traces)
        wall, processor = seconds_for(traces)
        about = f"{TRACES:,} {name}, {mean:.0f} steps on average"
        yield {"figure": f"reread: s, {about}", "value": wall, "n": TRACES, "limit": LIMIT_S}
        yield {"figure": f"reread: share of the limit, {name}", "value": wall / LIMIT_S, "n": TRACES}
        yield {"figure": f"reread: s of the processor / {THREADS}, {name}", "value": processor / THREADS, "n": TRACES}
