"""The labelled traces and the features that the engine computes of them."""

from __future__ import annotations

import collections
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FOLDS = Path(__file__).parent / "folds.json"
TEAMS = ("whowhen_algo", "agentrx_tau")  # trained on; the other sets are only measured


@dataclass
class Runs:
    """Runs of which it is known whether they succeeded: one row each."""

    names: list[str]
    rows: np.ndarray
    success: np.ndarray
    agent: np.ndarray
    task: np.ndarray
    words: list[str]  # of the request, for the bag-of-words baseline


@dataclass
class Team:
    """A failed run and the step that a person blamed: one row a step."""

    task: str
    rows: np.ndarray
    agents: list[str]
    numbers: list[int]
    failed: list[bool]
    guilty: int
    names: list[str] = field(default_factory=list)


def features(file: Path, program: Path, history: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(program), "features", str(file), f"--history={history}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}


def read(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_runs(folder: Path, program: Path, history: str = "others") -> Runs:
    labelled = read(folder / "tau.jsonl")
    computed = features(folder / "tau.jsonl", program, history)
    names = list(computed[labelled[0]["id"]]["run"])
    return Runs(
        names,
        np.array([[computed[row["id"]]["run"][name] for name in names] for row in labelled]),
        np.array([int(row["label"]["success"]) for row in labelled]),
        np.array([row["source"] for row in labelled]),
        np.array([row["task_key"] for row in labelled]),
        [row["trace"].get("input_summary", "") for row in labelled],
    )


def load_teams(folder: Path, program: Path, name: str) -> list[Team]:
    labelled = read(folder / f"{name}.jsonl")
    computed = features(folder / f"{name}.jsonl", program, "none")
    teams = []
    for row in labelled:
        steps = computed[row["id"]]["steps"]
        label = row["label"]
        guilty = label.get("mistake_step_number") or label.get("root_step_number")
        numbers = [step["step_number"] for step in steps]
        if guilty not in numbers:
            continue
        names = list(steps[0]["features"])
        teams.append(
            Team(
                row["task_key"],
                np.array([[step["features"][name] for name in names] for step in steps]),
                [step["agent"] for step in steps],
                numbers,
                [step["features"]["failed"] > 0 for step in steps],
                numbers.index(guilty),
                names,
            )
        )
    return teams


def folds_of(tasks: list[str]) -> np.ndarray:
    """The committed fold of each task; a task that is not in the file is an error."""
    known: dict[str, int] = json.loads(FOLDS.read_text())
    return np.array([known[task_id(task)] for task in tasks])


def task_id(task: str) -> str:
    """A task's key as the folds file has it: no words of the task, only a digest."""
    import hashlib

    return hashlib.sha256(task.encode()).hexdigest()[:12]


def by_task(tasks: list[str]) -> list[list[int]]:
    groups: dict[str, list[int]] = collections.defaultdict(list)
    for i, task in enumerate(tasks):
        groups[task].append(i)
    return list(groups.values())
