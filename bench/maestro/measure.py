#!/usr/bin/env python3
"""All figures of Maestro in one run: planted faults, labelled sets, time, determinism.

    measure.py [--json] [--only look,report,labelled,trained,time,same,reread]

The half `report` of the planted corpus says whether rules hold for runs that nobody looked at while
writing them: whoever is at work on the rules leaves it out. `bench/run maestro` builds what this needs and calls it. One line a figure; with --json
{"figure","value","low","high","n"} each. Notes go to stderr. The exit code is 1 if a result is not
the same in every run, or if a trace takes longer than it may."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import labelled  # noqa: E402
import rereading  # noqa: E402
import same_bytes  # noqa: E402
import timing  # noqa: E402

ROOT = HERE.parents[1]
Figure = dict[str, Any]


def note(text: str) -> None:
    print(text, file=sys.stderr)


def lines_of(command: list[str]) -> Iterator[Figure]:
    """The figures that a command prints, or nothing and a note if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        note(f"{Path(command[1]).name} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        return
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def planted_figures(half: str) -> Iterator[Figure]:
    """Totals of one half of the planted corpus; of `report` nothing else is ever shown."""
    for figure in lines_of([sys.executable, str(HERE / "planted.py"), "--half", half, "--json"]):
        if figure["n"]:
            yield {**figure, "figure": f"{half}, {figure['figure']}"}


def trained_figures() -> Iterator[Figure]:
    """What the shipped weights do on tasks that they were not made from."""
    script = ROOT / "tools" / "train" / "cross_validate.py"
    if not script.exists():
        note("no tools/train/cross_validate.py: no cross-validated figures")
        return
    for figure in lines_of([sys.executable, str(script), str(labelled.FOLDER), "--json"]):
        yield {**figure, "figure": f"cross-validated, {figure['figure']}"}


PARTS = {
    "look": lambda: planted_figures("look"),
    "report": lambda: planted_figures("report"),
    "labelled": labelled.figures,
    "trained": trained_figures,
    "time": timing.figures,
    "same": same_bytes.figures,
    "reread": rereading.figures,
}


def show(figure: Figure, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figure, ensure_ascii=False), flush=True)
        return
    limit = f"  (at most {figure['limit']:g})" if "limit" in figure else ""
    around = f"[{figure['low']:.3f}, {figure['high']:.3f}]" if "low" in figure else ""
    n = f"n={figure['n']}" if "n" in figure else ""
    print(f"{figure['figure']:72} {figure['value']:8.3f}  {around:16} {n}{limit}", flush=True)


def broken(figure: Figure) -> bool:
    """Whether the figure is a promise that does not hold."""
    return figure["value"] > figure["limit"] if "limit" in figure else figure.get("must", figure["value"]) != figure["value"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    args = parser.parse_args()
    chosen = args.only.split(",")
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    failed = []
    for name in chosen:
        note(f"measuring: {name}")
        for figure in PARTS[name]():
            show(figure, args.json)
            if broken(figure):
                failed.append(figure["figure"])
    for name in failed:
        note(f"does not hold: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
