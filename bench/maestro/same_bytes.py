"""Whether Maestro gives the same bytes in every run, on any number of threads, on other processors
and from another compiler."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import planted
import timing

ROOT = Path(__file__).resolve().parents[2]
BUILDS = ROOT / "build"
# glibc picks functions by what the processor can do; without these it picks those of older ones.
OLDER_PROCESSORS = {
    "no AVX-512": "-AVX512F,-AVX512VL,-AVX512BW",
    "no AVX2": "-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-FMA,-FMA4",
    "no AVX": "-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-FMA,-FMA4,-XSAVE,-XSAVEC",
    "SSE2 alone": "-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-FMA,-FMA4,-XSAVE,-XSAVEC,-SSE4_2,-SSE4_1,-SSSE3,-BMI2,-BMI1,-ERMS",
}


def golden() -> list[dict[str, Any]]:
    files = sorted((ROOT / "tests" / "golden").glob("*/trace.json"))
    return [json.loads(file.read_text()) for file in files]


def corpus() -> list[dict[str, Any]]:
    """Golden cases, planted runs and a long one."""
    return [*golden(), *(row["trace"] for row in planted.load("look")), timing.usual(400)]


def digest_of(program: Path, traces: list[dict[str, Any]], environment: dict[str, str]) -> str:
    """The SHA-256 of what `infinium interpret` prints, the time of day aside."""
    text = "\n".join(json.dumps(trace) for trace in traces)
    done = subprocess.run(
        [str(program), "interpret", "-", "--json", "--history"],
        input=text, capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return hashlib.sha256(re.sub(r'"interpretedAt":"[^"]*"', "", done.stdout).encode()).hexdigest()


def same(name: str, equal: int, of: int) -> dict[str, Any]:
    return {"figure": f"same bytes: {name}", "value": equal / of, "n": of, "must": 1.0}


def figures() -> Iterator[dict[str, Any]]:
    traces = corpus()
    few = golden()[::3] + traces[len(golden()) :: 30]
    often = timing.run(few, 1_000, 1)[-1]
    yield same(f"1,000 runs of {len(few)} traces", int(often["equal"]), 1)
    one, four = timing.run(traces, 1, 1)[-1], timing.run(traces, 2, 4)[-1]
    yield same(f"1 thread and 4, {len(traces)} traces", int(four["equal"] and one["digest"] == four["digest"]), 1)
    program = BUILDS / "release" / "bin" / "infinium"
    here = digest_of(program, traces, {})
    again = [digest_of(program, traces, {"MALLOC_PERTURB_": str(byte)}) for byte in (0, 165)]
    yield same("fresh processes, memory filled before use", again.count(here), len(again))
    for name, mask in OLDER_PROCESSORS.items():
        there = digest_of(program, traces, {"GLIBC_TUNABLES": f"glibc.cpu.hwcaps={mask}"})
        yield same(f"a processor with {name}", int(there == here), 1)
    other = BUILDS / "clang" / "bin" / "infinium"
    if other.exists():
        yield same("built by clang", int(digest_of(other, traces, {}) == here), 1)
    else:
        print("no build/clang (scripts/clang makes it): not compared with clang", file=sys.stderr)
