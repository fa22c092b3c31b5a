#!/usr/bin/env python3
"""Scores Maestro on the planted-fault corpus (tests/corpus).

    planted.py [--half look|report] [--scenarios FOLDER] [--program build/release/bin/infinium] [--json] [--by kind|scenario] [--misses]

`--by` and `--misses` speak of single traces and so are for the half `look` only."""

from __future__ import annotations

import argparse
import collections
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "corpus"))
import expand  # noqa: E402

Row = dict[str, Any]
VERDICTS = ("succeeded", "partially_succeeded", "failed", "undetermined")


def load(half: str, folder: Path | None = None) -> list[Row]:
    """The traces of a half of the corpus, or all of another folder of scenarios."""
    rows: list[Row] = []
    for path in sorted((folder or expand.SCENARIOS).glob("*.yaml")):
        if folder or expand.half_of(path.stem) == half:
            rows += expand.expand(path)
    return rows


def interpret(rows: list[Row], program: Path) -> None:
    """Adds Maestro's reading of each trace under `said`."""
    lines = "\n".join(json.dumps({"id": r["id"], "trace": r["trace"]}) for r in rows)
    done = subprocess.run(
        [str(program), "interpret", "-", "--json"], input=lines, capture_output=True, text=True, check=False
    )
    said = {line["id"]: line["interpretation"] for line in map(json.loads, done.stdout.splitlines())}
    for row in rows:
        row["said"] = said[row["id"]]


def clean_of(rows: list[Row]) -> dict[str, Row]:
    return {row["scenario"]: row for row in rows if row["kind"] == "clean"}


def warned(said: Row, severities: tuple[str, ...] = ("warning", "critical")) -> list[Row]:
    return [finding for finding in said["findings"] if finding["severity"] in severities]


def hits(row: Row, clean: Row) -> list[Row]:
    """Findings at a planted place that the clean twin does not have."""
    known = {finding["fingerprint"] for finding in clean["said"]["findings"]}
    found = []
    for finding in warned(row["said"]):
        if finding["fingerprint"] in known:
            continue
        for place in row["label"].get("places", []):
            if place == "output":
                right = not finding["steps"] or finding["steps"][0] >= len(row["trace"]["steps"])
            else:
                right = any(abs(step - place) <= 1 for step in finding["steps"])
            if right:
                found.append(finding)
                break
    return found


def root_places(said: Row) -> list[Any]:
    root = said["rootCause"]
    if root is None:
        return []
    places = [root["step"], *(other["step"] for other in root["alternatives"])]
    return ["output" if place is None else place for place in places]


# Each figure: rows -> (numerator, denominator); a share of the two, but for the F1.
def macro_f1(rows: list[Row]) -> tuple[float, float]:
    counts = {v: collections.Counter() for v in VERDICTS}
    for row in rows:
        true, said = row["label"]["verdict"], row["said"]["verdict"]
        if true == said:
            counts[true]["tp"] += 1
        else:
            counts[true]["fn"] += 1
            counts[said]["fp"] += 1
    scores = []
    for c in counts.values():
        if c["tp"] + c["fn"]:
            scores.append(2 * c["tp"] / (2 * c["tp"] + c["fp"] + c["fn"]))
    return sum(scores), len(scores)


def share(picks: list[bool]) -> tuple[float, float]:
    return sum(picks), len(picks)


def figures(clean: dict[str, Row]) -> dict[str, Callable[[list[Row]], tuple[float, float]]]:
    def faulty(rows: list[Row]) -> list[Row]:
        return [r for r in rows if r["kind"] not in ("clean", "evidence_removed")]

    def items(rows: list[Row], status: str) -> list[str]:
        return [
            item["status"]
            for r in rows
            for item in r["said"]["rubric"]
            if r["label"]["rubric"].get(item["id"]) == status
        ]

    rooted = lambda rows: [r for r in rows if "root_step" in r["label"]]  # noqa: E731
    twin = lambda r: clean[r["scenario"]]  # noqa: E731
    return {
        "verdict macro-F1": macro_f1,
        "undetermined where decidable": lambda rows: share(
            [r["said"]["verdict"] == "undetermined" for r in rows if r["label"]["verdict"] != "undetermined"]
        ),
        "undetermined where the evidence was removed": lambda rows: share(
            [r["said"]["verdict"] == "undetermined" for r in rows if r["label"]["verdict"] == "undetermined"]
        ),
        "specific recall": lambda rows: share([bool(hits(r, twin(r))) for r in faulty(rows)]),
        "clean traces with a critical finding": lambda rows: share(
            [bool(warned(r["said"], ("critical",))) for r in rows if r["kind"] == "clean"]
        ),
        "clean traces with a warning": lambda rows: share(
            [bool(warned(r["said"])) for r in rows if r["kind"] == "clean"]
        ),
        "root step exact": lambda rows: share(
            [root_places(r["said"])[:1] == [r["label"]["root_step"]] for r in rooted(rows)]
        ),
        "root step top 3": lambda rows: share(
            [r["label"]["root_step"] in root_places(r["said"])[:3] for r in rooted(rows)]
        ),
        "faulty twin scores below its clean twin": lambda rows: share(
            [r["said"]["score"] < twin(r)["said"]["score"] for r in faulty(rows)]
        ),
        "unmet items found": lambda rows: share([s == "unmet" for s in items(rows, "unmet")]),
        "met items called unmet": lambda rows: share([s == "unmet" for s in items(rows, "met")]),
        "verdicts with confidence >= 0.8 right": lambda rows: share(
            [
                r["said"]["verdict"] == r["label"]["verdict"]
                for r in rows
                if (r["said"]["confidence"] or 0) >= 0.8
            ]
        ),
        "verdict exact": lambda rows: share([r["said"]["verdict"] == r["label"]["verdict"] for r in rows]),
    }


def interval(rows: list[Row], figure: Callable[[list[Row]], tuple[float, float]]) -> tuple[float, float]:
    """95 % bootstrap interval over scenarios."""
    chance = random.Random(0)
    groups: dict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        groups[row["scenario"]].append(row)
    names = sorted(groups)
    values = []
    for _ in range(300):
        top, bottom = figure([r for n in chance.choices(names, k=len(names)) for r in groups[n]])
        if bottom:
            values.append(top / bottom)
    values.sort()
    if not values:
        return (float("nan"), float("nan"))
    return values[int(0.025 * len(values))], values[int(0.975 * len(values))]


def measure(half: str, program: Path, folder: Path | None = None) -> tuple[list[Row], list[dict[str, Any]]]:
    rows = load(half, folder)
    interpret(rows, program)
    table = []
    for name, figure in figures(clean_of(rows)).items():
        top, bottom = figure(rows)
        low, high = interval(rows, figure)
        value = top / bottom if bottom else float("nan")
        table.append({"figure": f"planted: {name}", "value": value, "low": low, "high": high, "n": bottom})
    return rows, table


def print_by(rows: list[Row], key: str) -> None:
    clean = clean_of(rows)
    groups: dict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    print(f"\n{key:28} n  verdict right  specific recall  root exact")
    for name, members in sorted(groups.items()):
        faulty = [r for r in members if "places" in r["label"]]
        rooted = [r for r in members if "root_step" in r["label"]]
        right = sum(r["said"]["verdict"] == r["label"]["verdict"] for r in members)
        found = sum(bool(hits(r, clean[r["scenario"]])) for r in faulty)
        exact = sum(root_places(r["said"])[:1] == [r["label"]["root_step"]] for r in rooted)
        print(f"{name:28} {len(members):3} {right:6}/{len(members):<6} {found:6}/{len(faulty):<6} {exact:6}/{len(rooted)}")


def print_misses(rows: list[Row]) -> None:
    clean = clean_of(rows)
    for row in rows:
        label, said = row["label"], row["said"]
        missed = "places" in label and not hits(row, clean[row["scenario"]])
        if missed or said["verdict"] != label["verdict"]:
            unmet = [k for k, v in label["rubric"].items() if v == "unmet"]
            got = [i["id"] for i in said["rubric"] if i["status"] == "unmet"]
            print(
                f"{row['id']}: verdict {said['verdict']} (true {label['verdict']}), "
                f"{'no finding at' if missed else 'found at'} {label.get('places', '-')}, unmet {got} (true {unmet}), "
                f"findings {[(f['code'], f['steps'][:3]) for f in warned(said)]}, root {root_places(said)[:3]}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--half", choices=("look", "report"), default="look")
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/infinium")
    parser.add_argument("--scenarios", type=Path, help="another folder of them, whole")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--by", choices=("kind", "scenario"))
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    if args.half == "report" and not args.scenarios and (args.by or args.misses):
        parser.error("single traces of the half `report` are not shown")
    rows, table = measure(args.half, args.program, args.scenarios)
    for line in table:
        if args.json:
            print(json.dumps(line))
        else:
            print(f"{line['figure']:55} {line['value']:.3f}  [{line['low']:.3f}, {line['high']:.3f}]  n={line['n']}")
    if args.by:
        print_by(rows, args.by)
    if args.misses:
        print_misses(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
