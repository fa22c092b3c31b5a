"""A store of an earlier program under the present server."""

from __future__ import annotations

import json
from pathlib import Path

import zstandard

from harness import ROOT, Agent, Launch, payload, run_cli

STORES = ROOT / "tests" / "upgrade"


def put_v1(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Lays a store of version 1 into a folder; gives what its program said of it."""
    folder.mkdir(parents=True, mode=0o700)
    packed = (STORES / "v1.db.zst").read_bytes()
    (folder / "infinium.db").write_bytes(zstandard.ZstdDecompressor().decompress(packed))
    return json.loads((STORES / "v1.json").read_text(encoding="utf-8"))


def test_a_store_of_version_1_is_served_whole(launch: Launch, tmp_path: Path) -> None:
    data = tmp_path / "old"
    told = put_v1(data)
    server = launch(data=data)
    backup = data / "infinium.db.v1-backup"
    line = next(one for one in server.log.read_text().splitlines() if "store_migrates" in one)
    assert json.loads(line)["backup"] == str(backup)
    assert backup.exists()
    agents = {one["id"]: Agent(server, one["id"], one["secret"]) for one in told["agents"]}
    for trace in told["traces"]:
        agent = agents[trace["agentId"]]
        read = agent.read(trace["traceId"])
        assert read.body.endswith(b'"trace":' + trace["body"].encode() + b"}")
        assert read.json["receivedAt"] == trace["receivedAt"]
        result = agent.result(trace["traceId"], wait=30)
        assert result.status == 200
        assert result.json["verdictBy"] == "maestro"
        if trace["result"]:
            assert result.body.endswith(b'"interpretedTraceResult":' + trace["result"].encode() + b"}")
    first = told["traces"][0]
    agent = agents[first["agentId"]]
    assert server.reviewer().give(agent, first["traceId"], "failed").status == 201
    assert agent.read(agent.send_ok(payload())).status == 200
    assert server.stop() == 0
    again = launch(data=data)
    assert again.log.read_text().count("store_migrates") == 1
    agent.server = again
    assert agent.read(first["traceId"]).json["decidingVerdict"] == "failed"


def test_a_command_brings_an_old_store_up_to_date_too(tmp_path: Path) -> None:
    data = tmp_path / "old"
    told = put_v1(data)
    done = run_cli("agent", "list", "--data", data)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        one["id"] for one in told["agents"]
    ]
    assert str(data / "infinium.db.v1-backup") in done.stderr
