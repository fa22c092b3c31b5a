#!/usr/bin/env python3
"""Runs the example agent once and sends its trace.

    export INFINIUM_AGENT_ID=… INFINIUM_AGENT_SECRET=…   # from `infinium agent create`
    python examples/analyst/run.py --seed 7              # does its work well
    python examples/analyst/run.py --seed 7 --fault any  # makes one silent mistake, drawn by the seed

Prints the trace id; with `--wait` also what Maestro says of it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from random import Random

from infinium import InfiniumClient, InfiniumError, TaskData

from agent import FAULTS, Analyst
from tasks import TASKS
from tools import Workspace


def work(seed: int, fault: str | None, folder: Path) -> tuple[TaskData, str | None, int | None]:
    """One run in an empty folder: the trace, the fault's kind and the step it went in at.

    The seed draws the task, its data and, with fault="any", the fault. The same seed with and
    without a fault is the same task on the same data.
    """
    random = Random(seed)
    task = random.choice(TASKS)(folder, random)
    drawn = random.choice(FAULTS)
    kind = drawn if fault == "any" else fault
    analyst = Analyst(task, Workspace(folder), random, kind)
    return analyst.run(), kind, analyst.fault_step


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Run the example agent and send its trace.")
    parser.add_argument("--seed", type=int, default=1, help="draws task, data and fault")
    parser.add_argument("--fault", choices=["none", "any", *FAULTS], default="none")
    parser.add_argument("--wait", type=float, default=0.0, help="seconds to wait for Maestro")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    arguments = parser.parse_args()
    fault = None if arguments.fault == "none" else arguments.fault
    with tempfile.TemporaryDirectory(prefix="analyst-") as folder:
        trace, kind, step = work(arguments.seed, fault, Path(folder))
    try:
        with InfiniumClient() as client:
            trace_id = (client.send_task_data(trace).data or {})["traceId"]
            result = None
            if arguments.wait > 0:
                answer = client.wait_for_interpretation(trace_id, timeout=arguments.wait)
                result = (answer.data or {}).get("interpretedTraceResult")
    except InfiniumError as error:
        print(f"could not send the trace: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        line = {"traceId": trace_id, "fault": kind, "faultStep": step, "interpretation": result}
        print(json.dumps(line))
    else:
        print(trace_id)
        if result:
            print(result["summary"])
    return 0 if result or arguments.wait <= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
