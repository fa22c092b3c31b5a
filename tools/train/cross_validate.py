#!/usr/bin/env python3
"""Measures Maestro's models on the labelled traces by cross-validation over the committed folds.

    cross_validate.py [FOLDER] [--program build/release/bin/infinium] [--json]

Each figure comes with a 95 % bootstrap interval over tasks and the best baseline on the same folds;
`gain` is the share of resamples in which the model beats that baseline on the same traces."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labelled
import models
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

Figure = Callable[[np.ndarray, np.ndarray], float]  # (predictions, rows) -> value
RESAMPLES = 400
AGENT_LEAST = 40


def out_of_fold(rows: np.ndarray, truth: np.ndarray, fold: np.ndarray) -> np.ndarray:
    said = np.zeros(len(truth))
    for each in np.unique(fold):
        model = models.Success.fit(rows[fold != each], truth[fold != each])
        said[fold == each] = model(rows[fold == each])
    return said


def by_words(runs: labelled.Runs, fold: np.ndarray) -> np.ndarray:
    """What the user's words alone say of the outcome."""
    said = np.zeros(len(runs.success))
    texts = np.array(runs.words, dtype=object)
    for each in np.unique(fold):
        train, test = fold != each, fold == each
        words = TfidfVectorizer(min_df=2).fit(texts[train])
        model = LogisticRegression(max_iter=2000).fit(words.transform(texts[train]), runs.success[train])
        said[test] = model.predict_proba(words.transform(texts[test]))[:, 1]
    return said


def by_rate(runs: labelled.Runs, fold: np.ndarray, of_agent: bool) -> np.ndarray:
    said = np.zeros(len(runs.success))
    for i in range(len(said)):
        like = fold != fold[i]
        if of_agent and (like & (runs.agent == runs.agent[i])).any():
            like = like & (runs.agent == runs.agent[i])
        said[i] = runs.success[like].mean()
    return said


def success_figures(runs: labelled.Runs) -> dict[str, tuple[Figure, bool]]:
    """Name -> figure and whether more is better."""
    truth, agent = runs.success, runs.agent

    def auc(said: np.ndarray, rows: np.ndarray) -> float:
        return roc_auc_score(truth[rows], said[rows]) if len(set(truth[rows])) > 1 else float("nan")

    def within(said: np.ndarray, rows: np.ndarray) -> float:
        values = []
        for name in np.unique(agent):
            if (agent == name).sum() < AGENT_LEAST:
                continue
            own = rows[agent[rows] == name]
            values.append(auc(said, own))
        return float(np.nanmean(values))

    def brier(said: np.ndarray, rows: np.ndarray) -> float:
        return float(np.mean((said[rows] - truth[rows]) ** 2))

    def suspects(said: np.ndarray, rows: np.ndarray) -> float:
        worst = rows[np.argsort(said[rows], kind="stable")][: int(0.3 * len(rows))]
        return float(1 - truth[worst].mean())

    return {
        "AUC": (auc, True),
        "AUC within one agent": (within, True),
        "Brier": (brier, False),
        "precision of the 30 % most suspect": (suspects, True),
    }


def compare(
    name: str,
    figure: Figure,
    more: bool,
    said: np.ndarray,
    baselines: dict[str, np.ndarray],
    groups: list[list[int]],
) -> dict[str, Any]:
    everything = np.concatenate([np.array(group) for group in groups])
    best = max(baselines, key=lambda b: figure(baselines[b], everything) * (1 if more else -1))
    chance = np.random.RandomState(0)
    values, gains = [], []
    for _ in range(RESAMPLES):
        picked = chance.randint(len(groups), size=len(groups))
        rows = np.concatenate([np.array(groups[i]) for i in picked])
        value, other = figure(said, rows), figure(baselines[best], rows)
        values.append(value)
        gains.append((value > other) if more else (value < other))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return {
        "figure": name,
        "value": float(figure(said, everything)),
        "low": float(low),
        "high": float(high),
        "n": len(everything),
        "baseline": best,
        "baseline_value": float(figure(baselines[best], everything)),
        "gain": float(np.mean(gains)),
    }


def measure_success(folder: Path, program: Path) -> list[dict[str, Any]]:
    table = []
    for history, note in (("others", "with siblings"), ("before", "with earlier siblings"), ("none", "without siblings")):
        runs = labelled.load_runs(folder, program, history)
        fold = labelled.folds_of(list(runs.task))
        groups = labelled.by_task(list(runs.task))
        baselines = {
            "base rate": by_rate(runs, fold, False),
            "agent identity": by_rate(runs, fold, True),
            "the user's words": by_words(runs, fold),
        }
        said = out_of_fold(runs.rows, runs.success, fold)
        for name, (figure, more) in success_figures(runs).items():
            table.append(compare(f"success, {note}: {name}", figure, more, said, baselines, groups))
    # The last load is without siblings: an agent never seen.
    agents = np.unique(runs.agent, return_inverse=True)[1]
    said = out_of_fold(runs.rows, runs.success, agents)
    baselines = {"base rate": by_rate(runs, agents, False), "the user's words": by_words(runs, agents)}
    figure, more = success_figures(runs)["AUC within one agent"]
    table.append(compare("success, agent never seen: AUC within one agent", figure, more, said, baselines, groups))
    return table


# --- teams -----------------------------------------------------------------------------------------


def blame_by_folds(teams: list[labelled.Team], fold: np.ndarray) -> list[np.ndarray]:
    said: list[np.ndarray] = [np.zeros(0)] * len(teams)
    for each in np.unique(fold):
        train = [i for i in range(len(teams)) if fold[i] != each]
        model = models.Blame.fit([teams[i].rows for i in train], [teams[i].guilty for i in train])
        for i in np.where(fold == each)[0]:
            said[i] = model(teams[i].rows)
    return said


def simple_blame(team: labelled.Team) -> np.ndarray:
    """The agent step before the first error, else the middle."""
    said = np.zeros(len(team.numbers))
    call = team.rows[:, team.names.index("is_call")] > 0
    error = next((i for i, failed in enumerate(team.failed) if failed), None)
    before = [i for i in range(error if error is not None else 0) if not call[i]]
    said[before[-1] if before else len(said) // 2] = 1
    return said


def place_blame(teams: list[labelled.Team], i: int, fold: np.ndarray) -> np.ndarray:
    """The most frequent place in the other folds."""
    places = [t.guilty for t, f in zip(teams, fold, strict=True) if f != fold[i]]
    said = np.zeros(len(teams[i].numbers))
    for place in places:
        if place < len(said):
            said[place] += 1
    return said


def measure_teams(folder: Path, program: Path) -> list[dict[str, Any]]:
    table = []
    trained = {name: labelled.load_teams(folder, program, name) for name in labelled.TEAMS}
    train = [team for teams in trained.values() for team in teams]
    out_of_fold = blame_by_folds(train, labelled.folds_of([team.task for team in train]))
    shipped = models.Blame.fit([team.rows for team in train], [team.guilty for team in train])
    said_of = {id(team): said for team, said in zip(train, out_of_fold, strict=True)}
    for name in ("whowhen_algo", "agentrx_tau", "whowhen_hand", "agentrx_magentic"):
        teams = trained.get(name) or labelled.load_teams(folder, program, name)
        known = name in trained
        fold = labelled.folds_of([team.task for team in teams])
        said = [said_of[id(team)] if known else shipped(team.rows) for team in teams]
        ranks = [list(np.argsort(-s, kind="stable")) for s in said]
        simple = [list(np.argsort(-simple_blame(t), kind="stable")) for t in teams]
        place = [list(np.argsort(-place_blame(teams, i, fold), kind="stable")) for i in range(len(teams))]
        guilty = [team.guilty for team in teams]
        hits: dict[str, Callable[[int, list[int]], float]] = {
            "step": lambda i, order: order[0] == guilty[i],
            "step ±1": lambda i, order: abs(order[0] - guilty[i]) <= 1,
            "top 3": lambda i, order: guilty[i] in order[:3],
            "agent": lambda i, order: teams[i].agents[order[0]] == teams[i].agents[guilty[i]],
        }
        groups = labelled.by_task([team.task for team in teams])
        for what, hit in hits.items():
            as_array = lambda orders: np.array([float(hit(i, order)) for i, order in enumerate(orders)])  # noqa: E731
            mean: Figure = lambda values, rows: float(values[rows].mean())  # noqa: E731
            note = "" if known else " (not trained on)"
            table.append(
                compare(
                    f"{name}{note}: {what}",
                    mean,
                    True,
                    as_array(ranks),
                    {"before the first error": as_array(simple), "most frequent place": as_array(place)},
                    groups,
                )
            )
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=labelled.ROOT.parent / "shared/data/dev")
    parser.add_argument("--program", type=Path, default=labelled.ROOT / "build/release/bin/infinium")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not args.folder.is_dir():
        parser.error(f"there are no labelled traces in {args.folder}")
    for line in measure_success(args.folder, args.program) + measure_teams(args.folder, args.program):
        if args.json:
            print(json.dumps(line))
        else:
            print(
                "{figure:62} {value:.3f} [{low:.3f}, {high:.3f}] n={n}  "
                "{baseline} {baseline_value:.3f}, gain in {gain:.0%}".format(**line)
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
