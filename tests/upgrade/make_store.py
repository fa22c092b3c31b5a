"""Makes a store of the present program, to be opened by every later one.

    python3 tests/upgrade/make_store.py v1      # writes v1.db.zst and v1.json beside this file

Run it before a change of the schema, with the program built before that change (INFINIUM_BIN).
`v1.json` holds what the program gave back of each trace and result, byte for byte.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "http"))

from harness import Agent, Server, cli_json, encode, payload  # noqa: E402

EXAMPLES = HERE.parent / "golden"
EXAMPLES_MAX = 12
PENDING = 3


def traces() -> list[bytes]:
    """Traces of many shapes: golden cases, odd numbers, unknown keys, other scripts."""
    bodies = [
        (case / "trace.json").read_bytes()
        for case in sorted(EXAMPLES.iterdir())
        if (case / "trace.json").exists() and (case / "trace.json").stat().st_size < 6_000
    ]
    step = max(1, len(bodies) // EXAMPLES_MAX)
    return bodies[::step][:EXAMPLES_MAX] + [
        encode(payload()),
        encode(payload(name="日本語の請求書", output_summary="合計は 42 ユーロ")),
        b'{"name":"odd","description":"d","current_datetime":"2026-01-31","duration":1e2,'
        b'"of_ours":[1e400,12345678901234567890123,{"kept":true}]}',
    ]


def seen(agent: Agent, trace_id: str) -> dict[str, object]:
    """What the program says of one trace now."""
    result = agent.result(trace_id)
    read = agent.read(trace_id)
    marker = b'"interpretedTraceResult":'
    done = result.status == 200
    return {
        "traceId": trace_id,
        "agentId": agent.id,
        "receivedAt": read.json["receivedAt"],
        "body": read.body.split(b'"trace":', 1)[1][:-1].decode(),
        "result": result.body.split(marker, 1)[1][:-1].decode() if done else "",
    }


def main(name: str) -> None:
    """Fills a store, stops the server cleanly, and keeps the file."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        server = Server(folder / "data", folder / "log")
        agents = [server.agent("first"), server.agent("second")]
        (folder / "prompt").write_text("Hello {{name}}")
        prompt = cli_json(
            "prompt", "create", "greeting", "--content-file", folder / "prompt",
            "--data", server.data,
        )  # fmt: skip
        ids = [(agents[i % 2], agents[i % 2].send_ok(one)) for i, one in enumerate(traces())]
        for agent, trace_id in ids:
            assert agent.result(trace_id, wait=30).status == 200
        assert server.stop() == 0
        idle = Server(server.data, folder / "log", "--maestro-threads", "0")
        for agent in agents:
            agent.server = idle
        ids += [(agents[0], agents[0].send_ok(payload(name=f"p{i}"))) for i in range(PENDING)]
        told = {
            "agents": [{"id": one.id, "secret": one.secret} for one in agents],
            "prompt": prompt,
            "traces": [seen(agent, trace_id) for agent, trace_id in ids],
        }
        assert idle.stop() == 0
        store = idle.data / "infinium.db"
        subprocess.run(
            ["zstd", "-q", "-19", "-f", store, "-o", HERE / f"{name}.db.zst"], check=True
        )
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
