#!/usr/bin/env python3
"""Trains Maestro's models on labelled traces and writes their weights as C++.

    train.py [FOLDER] [--program build/release/bin/infinium]

Writes src/maestro/outcome/success_weights.cpp and blame_weights.cpp. The features come from the
program itself, so build it first; build it again afterwards."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import labelled
import models
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

HEAD = """// Written by tools/train/train.py; not edited by hand.
#include "maestro/outcome/weights.h"

// clang-format off

namespace infinium::maestro {{
namespace {{
"""


def real(value: float) -> str:
    return f"{value:.6g}"


def single(value: float) -> str:
    """A float literal that reads back as the same float."""
    text = f"{np.float32(value):.9g}"
    return (text if any(mark in text for mark in ".e") else text + ".0") + "F"


def terms(linear: models.Linear) -> str:
    rows = [
        f"    {{{i}, {real(linear.mean[i])}, {real(weight)}}},"
        for i, weight in enumerate(linear.weight)
        if abs(weight) > 1e-9
    ]
    return "constexpr LinearTerm kTerms[] = {\n" + "\n".join(rows) + "\n};\n"


def nodes(trees: ExtraTreesClassifier) -> str:
    """All trees one after the other; node 0 is never a child, so that 0 marks a leaf."""
    rows: list[str] = []
    roots: list[str] = []
    for tree in trees.estimators_:
        base = len(rows)
        roots.append(str(base))
        shape = tree.tree_
        for i in range(shape.node_count):
            if shape.children_left[i] < 0:
                counts = shape.value[i][0]
                rows.append(f"{{0, 0, 0, {single(counts[1] / counts.sum())}}}")
            else:
                left, right = base + shape.children_left[i], base + shape.children_right[i]
                rows.append(f"{{{shape.feature[i]}, {left}, {right}, {single(shape.threshold[i])}}}")
    body = ",\n    ".join(", ".join(rows[i : i + 16]) for i in range(0, len(rows), 16))
    return (
        f"constexpr TreeNode kNodes[] = {{\n    {body}}};\n"
        f"constexpr std::uint16_t kRoots[] = {{{', '.join(roots)}}};\n"
    )


def write(path: Path, what: str, names: list[str], linear: models.Linear, trees: ExtraTreesClassifier) -> None:
    text = HEAD.format() + "\n" + terms(linear) + "\n" + nodes(trees)
    digest = hashlib.sha256(("\n".join(names) + text).encode()).hexdigest()[:16]
    text += f"""
}}  // namespace

const Weights& {what}() {{
  static constexpr Weights kWeights{{{{{real(linear.bias)}, kTerms}}, {{kNodes, kRoots}}, "{digest}"}};
  return kWeights;
}}

}}  // namespace infinium::maestro
"""
    path.write_text(text)
    print(f"{path.relative_to(labelled.ROOT)}: {len(names)} features, {len(trees.estimators_)} trees")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=labelled.ROOT.parent / "shared/data/dev")
    parser.add_argument("--program", type=Path, default=labelled.ROOT / "build/release/bin/infinium")
    args = parser.parse_args()
    target = labelled.ROOT / "src/maestro/outcome"
    runs = labelled.load_runs(args.folder, args.program)
    success = models.Success.fit(runs.rows, runs.success)
    write(target / "success_weights.cpp", "success_weights", runs.names, success.linear, success.trees)
    teams = [team for name in labelled.TEAMS for team in labelled.load_teams(args.folder, args.program, name)]
    blame = models.Blame.fit([team.rows for team in teams], [team.guilty for team in teams])
    write(target / "blame_weights.cpp", "blame_weights", teams[0].names, blame.linear, blame.trees)
    return 0


if __name__ == "__main__":
    sys.exit(main())
