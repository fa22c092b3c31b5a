"""The documentation of Maestro names every finding, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE_CATALOGUE = {"engine.failed"}  # raised by the pipeline, not by a detector


def test_every_finding_is_documented() -> None:
    """Each code of the catalogue has one row of the table, and each row a code."""
    source = (ROOT / "src/maestro/findings/catalogue.cpp").read_text(encoding="utf-8")
    codes = set(re.findall(r'^\s+\{"([a-z_]+\.[a-z_]+)"', source, re.M))
    page = (ROOT / "docs/maestro.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", page, re.M)
    assert len(rows) == len(set(rows))
    assert set(rows) == codes | OUTSIDE_CATALOGUE
