#!/usr/bin/env python3
"""Measures how often each verdict of Maestro is right on scenarios that nobody looked at while the
rules were written, and writes that as the shipped confidence.

    confidence.py [--program build/release/bin/infinium] [--scenarios tests/corpus/calibration]

Writes src/maestro/confidence_table.h: a verdict's value is (right + 1) / (seen + 2), the mean of its
posterior under an even prior; a verdict that was seen fewer than 20 times gets none. Build the
program first, and again afterwards. Fewer runs of the scenarios succeed than of most agents, so
`succeeded` looks worse here than it is elsewhere, and `failed` better: `infinium calibrate` learns a
deployment's own values from people's verdicts."""

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
SEEN_MIN = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/infinium")
    parser.add_argument("--scenarios", type=Path, default=ROOT / "tests/corpus/calibration")
    args = parser.parse_args()
    rows = [row for path in sorted(args.scenarios.glob("*.yaml")) for row in expand.expand(path)]
    planted.interpret(rows, args.program)
    seen: collections.Counter[str] = collections.Counter(row["said"]["verdict"] for row in rows)
    right: collections.Counter[str] = collections.Counter(
        row["said"]["verdict"] for row in rows if row["said"]["verdict"] == row["label"]["verdict"]
    )
    lines = []
    for verdict in planted.VERDICTS:
        value = (right[verdict] + 1) / (seen[verdict] + 2)
        known = seen[verdict] >= SEEN_MIN
        print(f"{verdict:20} right {right[verdict]:3} of {seen[verdict]:3}: {f'{value:.2f}' if known else 'not shipped'}")
        lines.append(f"    {f'{value:.2f}' if known else 'std::nullopt'},  // {verdict}: {right[verdict]} of {seen[verdict]}")
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
