"""`infinium evaluate` counts as the scripts do that it is to agree with."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness import PROGRAM, ROOT, payload, run_cli

pytest.importorskip("yaml")
sys.path.insert(0, str(ROOT / "bench" / "maestro"))
import planted  # noqa: E402

LABELLED = Path(os.environ.get("INFINIUM_LABELLED", ROOT.parent / "shared" / "data" / "dev"))
SCORE = LABELLED.parent / "score.py"
Row = dict[str, Any]
NOWHERE = -1_000_000  # a step that no label names: "nothing said" or "the output" to score.py


def evaluate(rows: list[Row], *options: str) -> dict[str, Row]:
    """The figures of `infinium evaluate --json`, by name."""
    text = "\n".join(json.dumps(row) for row in rows)
    done = run_cli("evaluate", "-", "--json", *options, stdin=text)
    assert done.returncode == 0, done.stderr
    lines = map(json.loads, done.stdout.splitlines())
    return {line["figure"] + line.get("agent", ""): line for line in lines}


def look_rows() -> list[Row]:
    """The part of the planted corpus that may be looked at."""
    return planted.load("look")


def bare(row: Row) -> Row:
    """A row without what Maestro said of it."""
    return {key: value for key, value in row.items() if key != "said"}


def test_counts_as_planted_py_does() -> None:
    rows = look_rows()
    planted.interpret(rows, PROGRAM)
    table = planted.figures(planted.clean_of(rows))
    ours = evaluate([bare(row) for row in rows], "--history", "none")
    names = {
        "verdict macro-F1": "verdict: macro-F1",
        "verdict exact": "verdict: exact",
        "undetermined where decidable": "verdict: undetermined where decidable",
        "undetermined where the evidence was removed": "verdict: undetermined where the evidence was removed",
        "specific recall": "findings: specific recall",
        "clean traces with a critical finding": "findings: clean traces with a critical finding",
        "clean traces with a warning": "findings: clean traces with a warning",
        "faulty twin scores below its clean twin": "findings: faulty twin scores below its clean twin",
        "root step exact": "attribution: step exact",
        "root step top 3": "attribution: step among the first 3",
        "unmet items found": "rubric: unmet items found",
        "met items called unmet": "rubric: met items called unmet",
        "verdicts with confidence >= 0.8 right": "confidence: verdicts with at least 0.8 right",
    }
    assert set(names) == set(table)
    for theirs, mine in names.items():
        top, bottom = table[theirs](rows)
        if bottom == 0:
            assert mine not in ours
            continue
        assert ours[mine]["value"] == pytest.approx(top / bottom, abs=1e-4), theirs
        if "F1" not in mine:
            assert ours[mine]["n"] == bottom, theirs
        low, high = planted.interval(rows, table[theirs])
        assert ours[mine]["low"] == pytest.approx(low, abs=0.05), theirs
        assert ours[mine]["high"] == pytest.approx(high, abs=0.05), theirs


def as_labelled_runs(rows: list[Row]) -> dict[str, list[Row]]:
    """The corpus under labels as other sets have them: successes, mistakes, expert root causes."""
    files: dict[str, list[Row]] = {"tau": [], "mistakes": [], "experts": []}
    for i, row in enumerate(rows):
        styles = {"source": f"agent-{i % 3}", "task_key": row["scenario"], "id": row["id"], "trace": row["trace"]}
        success = row["label"]["verdict"] in ("succeeded", "partially_succeeded")
        files["tau"].append({**styles, "label": {"success": success}})
        root = row["label"].get("root_step")
        if not isinstance(root, int):
            continue
        agent = row["trace"]["steps"][root - 1].get("metadata", {}).get("agent", "Agent")
        if i % 2:
            label = {"mistake_step_number": root, "mistake_agent": agent.upper().replace("-", "_-")}
            files["mistakes"].append({**styles, "label": label})
        else:
            failures = [{"step_number": n, "category": kind} for n, kind in ((root, "inconclusive"), (1, "system_failure"))]
            label = {"root_step_number": root, "root_agent": agent, "root_category": row["label"]["root_kind"]}
            files["experts"].append({**styles, "label": {**label, "failures": failures}})
    return files


def prediction(said: Row, row_id: str) -> Row:
    """What Maestro says, as score.py reads it."""
    root = said["rootCause"]
    places = [] if root is None else [root["step"], *(other["step"] for other in root["alternatives"])]
    out: Row = {"id": row_id, "fail_steps": [NOWHERE if place is None else place for place in places] or [NOWHERE]}
    out["fail_agent"] = (root or {}).get("agent") or "\0"
    out["category"] = (root or {}).get("kind") or "\0"
    if said["successProbability"] is not None:
        out["p_success"] = said["successProbability"]
    return out


SCORE_NAMES = {
    "base": "success: base rate",
    "auc": "success: AUC pooled",
    "within_source_auc": "success: AUC within one agent, mean",
    "acc": "success: accuracy",
    "brier": "success: Brier score",
    "ece": "success: calibration error",
    "acc_confident_half": "success: accuracy of the confident half",
    "fail_precision_at_30pct": "success: failures among the 30 % most suspect",
    "step": "attribution: step exact",
    "±1": "attribution: step within 1",
    "±3": "attribution: step within 3",
    "top3": "attribution: step among the first 3",
    "agent": "attribution: agent",
    "category": "attribution: kind",
    "mrr": "attribution: mean reciprocal rank of the step",
    "any_failure_step": "attribution: step of any labelled failure",
    "category_any": "attribution: kind of any labelled failure",
}


@pytest.mark.skipif(not SCORE.exists(), reason="the labelled data are not here")
def test_counts_as_score_py_does(tmp_path: Path) -> None:
    rows = look_rows()
    planted.interpret(rows, PROGRAM)
    files = as_labelled_runs(rows)
    (tmp_path / "made_up").mkdir()
    for name, members in files.items():
        text = "\n".join(json.dumps(row) for row in members)
        (tmp_path / "made_up" / f"{name}.jsonl").write_text(text)
    predictions = tmp_path / "pred.jsonl"
    predictions.write_text("\n".join(json.dumps(prediction(row["said"], row["id"])) for row in rows))
    command = [sys.executable, str(SCORE), str(tmp_path), "made_up", str(predictions)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    compared = 0
    for line in done.stdout.splitlines():
        name, _, text = line.partition(" ")
        theirs = ast.literal_eval(text)
        ours = evaluate(files[name], "--history", "none")
        assert theirs["n"] == len(files[name])
        for key, mine in SCORE_NAMES.items():
            if key in theirs:
                assert ours[mine]["value"] == pytest.approx(theirs[key], abs=6e-4), (name, key)
                compared += 1
        if "same_task_same_source_pairs" in theirs:
            share, pairs = theirs["same_task_same_source_pairs"]
            assert ours["success: pairs of one task and agent"]["value"] == pytest.approx(share, abs=6e-4)
            assert ours["success: pairs of one task and agent"]["n"] == pairs
            assert ours["success: AUC pooled"]["low"] == pytest.approx(theirs["auc_ci"][0], abs=0.03)
            assert ours["success: AUC pooled"]["high"] == pytest.approx(theirs["auc_ci"][1], abs=0.03)
    assert compared >= 15


def labelled(**changes: Any) -> Row:
    """A line with a label."""
    return {"trace": payload(output_summary="12"), "label": {"success": True}, **changes}


def test_gives_the_same_again_but_for_the_time() -> None:
    rows = [labelled(label={"success": i % 3 == 0}, task_key=f"t{i}", agent=f"a{i % 2}") for i in range(30)]
    once, again = evaluate(rows, "--by", "agent"), evaluate(rows, "--by", "agent")
    assert list(once) == list(again)
    assert all(once[name] == again[name] for name in once if not name.startswith("time: "))


def test_names_bad_lines_and_counts_the_unlabelled() -> None:
    lines = [
        json.dumps(labelled()),
        "not json",
        json.dumps(payload()),
        "",
        json.dumps(labelled(label={"success": "yes"})),
        json.dumps(labelled(label={"success": False})),
    ]
    done = run_cli("evaluate", "-", "--json", stdin="\n".join(lines))
    assert done.returncode == 2
    assert "line 2:" in done.stderr and "line 5:" in done.stderr and "label.success" in done.stderr
    assert "1 of 3 traces have no label" in done.stderr and "2 of 5 lines" in done.stderr
    figures = {line["figure"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert figures["success: base rate"]["n"] == 2
    assert set(figures["success: base rate"]) == {"figure", "value", "low", "high", "n"}
    nothing = run_cli("evaluate", "-", stdin=json.dumps(payload()))
    assert nothing.returncode == 2 and "no trace has a label" in nothing.stderr
    assert run_cli("evaluate", "/none").returncode == 6
    assert run_cli("evaluate", "-", "--history", "all", stdin="").returncode == 2


def test_history_is_the_company_of_each_trace() -> None:
    rows = [labelled(agent="a", label={"success": i > 1}) for i in range(4)]
    known = "company: traces with others of their agent"
    assert evaluate(rows, "--history", "none")[known]["value"] == 0
    assert evaluate(rows)[known]["value"] == 0.75
    assert evaluate(rows, "--history", "others")[known]["value"] == 1
    alone = [{"trace": payload(), "agent": "a"}, *rows]  # company without a label
    assert evaluate(alone)[known]["value"] == 1


def test_text_and_breakdown_for_a_person() -> None:
    rows = [labelled(agent=f"agent-{i % 2}", label={"success": i > 1}) for i in range(4)]
    text = "\n".join(json.dumps(row) for row in rows)
    done = run_cli("evaluate", "-", "--by", "agent", stdin=text)
    assert done.returncode == 0, done.stderr
    assert "base rate" in done.stdout and "by agent" in done.stdout and "agent-1" in done.stdout
    assert "judged 4 labelled traces" in done.stderr
    assert "Examples:" in run_cli("evaluate", "--help").stdout


def test_bench_measures_the_labelled_sets(tmp_path: Path) -> None:
    """The part of `bench/run maestro` that needs no build of its own."""
    rows = [labelled(agent="a", label={"success": i > 1}) for i in range(4)]
    (tmp_path / "some.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    command = [sys.executable, str(ROOT / "bench" / "maestro" / "measure.py"), "--json", "--only", "labelled"]
    environment = {**os.environ, "INFINIUM_LABELLED": str(tmp_path), "INFINIUM_BIN": str(PROGRAM)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    figures = {line["figure"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert figures["some, success: base rate"]["value"] == 0.5
    assert figures["some, company: traces with others of their agent (history others)"]["value"] == 1
    assert set(figures["some, success: accuracy"]) == {"figure", "value", "low", "high", "n"}
