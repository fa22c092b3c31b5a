#!/usr/bin/env python3
"""Measures how often each verdict of Maestro is right on scenarios that nobody looked at while the
rules were written, and writes that as the shipped confidence.

    confidence.py [--program build/release/bin/infinium] [--scenarios tests/corpus/calibration]

Writes src/maestro/confidence_table.h. A scenario is one clean run and many faulty ones; here each
clean run counts as much as the faulty ones of its scenario together, as if half of an agent's runs
went wrong. A verdict's value is (right + 1) / (seen + 2) of these weights scaled to the number of
traces that were seen, the mean of its posterior under an even prior; a verdict seen on fewer than
30 traces gets none. `infinium calibrate` learns a deployment's own values from people's verdicts.
Build the program first, and again afterwards."""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "corpus"), str(ROOT / "bench" / "maestro")]
import expand  # noqa: E402
import planted  # noqa: E402

TABLE = ROOT / "src" / "maestro" / "confidence_table.h"
SEEN_MIN = 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/infinium")
    parser.add_argument("--scenarios", type=Path, default=ROOT / "tests/corpus/calibration")
    args = parser.parse_args()
    rows = [row for path in sorted(args.scenarios.glob("*.yaml")) for row in expand.expand(path)]
    planted.interpret(rows, args.program)
    faulty = collections.Counter(row["scenario"] for row in rows if row["kind"] != "clean")
    lines = []
    for verdict in planted.VERDICTS:
        said = [row for row in rows if row["said"]["verdict"] == verdict]
        weights = [faulty[row["scenario"]] if row["kind"] == "clean" else 1 for row in said]
        right = sum(w for row, w in zip(said, weights, strict=True) if row["label"]["verdict"] == verdict)
        share = right / sum(weights) if said else 0.5
        value = (share * len(said) + 1) / (len(said) + 2)
        shipped = f"{value:.2f}" if len(said) >= SEEN_MIN else "std::nullopt"
        print(f"{verdict:20} n = {len(said):3}, right {share:.2f}: {shipped}")
        lines.append(f"    {shipped},  // {verdict}: {share:.2f} of {len(said)}")
    TABLE.write_text(
        "#pragma once\n\n#include <array>\n#include <optional>\n\n"
        "// Written by tools/train/confidence.py; not edited by hand.\n\n"
        "namespace infinium::maestro {\n\n/// In the order of Verdict.\n"
        "// clang-format off\n"
        f"inline constexpr std::array<std::optional<double>, {len(lines)}> kMeasuredConfidence = {{\n"
        + "\n".join(lines)
        + "\n};\n// clang-format on\n\n}  // namespace infinium::maestro\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
