"""Runs that went well raise no critical finding: those of `honest/`, and the clean ones of `look`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "corpus"), str(ROOT / "bench" / "maestro")]
import planted  # noqa: E402

PROGRAM = ROOT / "build" / "release" / "bin" / "infinium"


def critical(rows):
    clean = [row for row in rows if row["kind"] == "clean"]
    planted.interpret(clean, PROGRAM)
    assert len(clean) >= 40
    return [
        f"{row['id']}: {finding['code']}, {finding['title']}"
        for row in clean
        for finding in planted.warned(row["said"], ("critical",))
    ]


def test_honest_runs_raise_no_critical_finding():
    assert critical(planted.load("look", ROOT / "tests" / "corpus" / "honest")) == []


def test_clean_runs_of_the_half_that_is_looked_at_raise_none():
    assert critical(planted.load("look")) == []
