"""The part of scripts/demo that runs once everything is built.

Any broken link of the chain ends it with a non-zero exit and a sentence.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "bin" / "infinium"
EXAMPLE = ROOT / "examples" / "analyst" / "run.py"
START_TIMEOUT_S = 30


class BrokenLink(Exception):
    """A step of the demo did not do what it should; the text says which."""


def say(text: str) -> None:
    """A heading."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


class Server:
    """`infinium serve` on a free loopback port over one folder."""

    def __init__(self, data: Path, listen: str = "127.0.0.1:0") -> None:
        self.log_path = data.parent / "server.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--listen", listen, "--data", data],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if "http://" not in line:
            self.process.wait(START_TIMEOUT_S)
            raise BrokenLink(f"the server did not start:\n{self.log_path.read_text()}")
        self.url = line[line.index("http://") :].split()[0].rstrip("/")

    def stop(self) -> None:
        """SIGTERM; a clean exit is part of the chain."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(START_TIMEOUT_S)
        if code != 0:
            raise BrokenLink(f"the server ended with exit code {code}")


def run(command: list[object], environment: dict[str, str]) -> str:
    """A command's stdout; its failure is a broken link."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise BrokenLink(f"{' '.join(map(str, command[:3]))} … ended with {done.returncode}")
    return done.stdout


def show(trace_id: str, environment: dict[str, str]) -> str:
    """Prints the interpretation for a person and returns it as JSON text."""
    print(run([PROGRAM, "get", trace_id], environment))
    return run([PROGRAM, "get", trace_id, "--json"], environment)


def check(server: Server) -> None:
    """The page and the health check answer."""
    for path in ("/", "/readyz"):
        with urllib.request.urlopen(server.url + path, timeout=10) as response:
            if response.status != 200:
                raise BrokenLink(f"{path} answered {response.status}")


def demo(data: Path, seed: int) -> tuple[Server, dict[str, str]]:
    """The whole chain; leaves the restarted server running."""
    server = Server(data)
    print(f"infinium serve is up at {server.url}, its store in {data}")
    agent = json.loads(run([PROGRAM, "agent", "create", "analyst", "--data", data, "--json"], {}))
    environment = {
        "INFINIUM_BASE_URL": server.url,
        "INFINIUM_AGENT_ID": agent["agent_id"],
        "INFINIUM_AGENT_SECRET": agent["agent_secret"],
    }
    before: dict[str, str] = {}
    for title, fault in (
        ("The example agent does its work well. Maestro says:", "none"),
        ("The same task with one silent mistake; every call answers OK. Maestro says:", "any"),
    ):
        command = [sys.executable, EXAMPLE, "--seed", seed, "--fault", fault, "--wait", 30, "--json"]
        sent = json.loads(run(command, environment))
        say(title)
        before[sent["traceId"]] = show(sent["traceId"], environment)
        if sent["fault"]:
            kind = sent["fault"].replace("_", " ")
            print(f"(What was planted: {kind}, at step {sent['faultStep']}. Maestro was not told.)")

    say("Restarting the server on the same folder")
    server.stop()
    server = Server(data)
    environment["INFINIUM_BASE_URL"] = server.url
    for trace_id, text in before.items():
        if run([PROGRAM, "get", trace_id, "--json"], environment) != text:
            raise BrokenLink(f"after the restart trace {trace_id} reads differently")
        print(f"{trace_id}: {json.loads(text)['verdict']}, as before the restart")
    check(server)
    return server, environment


def stay(server: Server, environment: dict[str, str]) -> None:
    """Keeps the server up until Ctrl-C and shows how to send a trace of one's own."""
    say("Your own agent: paste this")
    for name, value in environment.items():
        print(f"export {name}={value}")
    print("source .venv/bin/activate")
    print(
        "python -c 'from infinium import InfiniumClient as C;"
        ' print(C().send_task("My first task", "What my agent did", duration=1.0))\''
    )
    say(f"Open {server.url}/ — Ctrl-C to stop and clean up")
    try:
        server.process.wait()
    except KeyboardInterrupt:
        print()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--once", action="store_true", help="clean up and exit at the end")
    parser.add_argument("--seed", type=int, default=7, help="draws task, data and fault")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="infinium-demo-") as folder:
        data = Path(folder) / "data"
        try:
            server, environment = demo(data, arguments.seed)
            if sys.stdout.isatty() and not arguments.once:
                stay(server, environment)
            if server.process.poll() is None:
                server.stop()
        except (BrokenLink, subprocess.TimeoutExpired, OSError, KeyError, ValueError) as error:
            print(f"\nThe demo broke: {error}", file=sys.stderr)
            log = Path(folder) / "server.log"
            if log.exists():
                print(log.read_text()[-2000:], file=sys.stderr)
            return 1
    say("Done: sent, kept, interpreted, restarted, fetched again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
