#!/usr/bin/env python3
"""Writes folds.json: a fold of ten for each task of the labelled traces, by a digest of its key.

    make_folds.py [FOLDER]      run once; the file is committed and stays as it is"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import labelled


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else labelled.ROOT.parent / "shared/data/dev"
    tasks = {row["task_key"] for file in folder.glob("*.jsonl") for row in labelled.read(file)}
    order = sorted(tasks, key=lambda task: hashlib.sha256(("fold " + task).encode()).hexdigest())
    folds = {labelled.task_id(task): i % 10 for i, task in enumerate(order)}
    labelled.FOLDS.write_text(json.dumps(folds, indent=0, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
