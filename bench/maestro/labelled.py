"""`infinium evaluate` on the labelled sets, where they are: real runs that the repository does not hold.

The folder is $INFINIUM_LABELLED, else ../shared/data/dev beside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("INFINIUM_BIN", ROOT / "build" / "release" / "bin" / "infinium"))
FOLDER = Path(os.environ.get("INFINIUM_LABELLED") or ROOT.parent / "shared" / "data" / "dev")
# What changes with the company of a trace, and is therefore measured with each.
OF_COMPANY = ("success:", "verdict:", "confidence:", "company:")


def evaluate(file: Path, history: str) -> Iterator[dict[str, Any]]:
    command = [str(PROGRAM), "evaluate", str(file), "--json", "--history", history]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{file.name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    for line in map(json.loads, done.stdout.splitlines()):
        group, _, name = line["figure"].partition(": ")
        yield {**line, "figure": f"{file.stem}, {group}: {name}"}


def figures() -> Iterator[dict[str, Any]]:
    files = sorted(FOLDER.glob("*.jsonl"))
    if not files:
        print(f"no labelled sets in {FOLDER}", file=sys.stderr)
    for file in files:
        yield from evaluate(file, "before")
        for history in ("none", "others"):
            for figure in evaluate(file, history):
                name = figure["figure"].partition(", ")[2]
                if name.startswith(OF_COMPANY) and "baseline" not in name and "base rate" not in name:
                    yield {**figure, "figure": f"{figure['figure']} (history {history})"}
