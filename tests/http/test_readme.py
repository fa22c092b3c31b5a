"""The README's own example, run as it stands against a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from harness import PATIENCE_S, ROOT, Agent


def test_the_example_of_the_readme_names_the_wrong_step(agent: Agent) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 1
    done = subprocess.run(
        [sys.executable, "-c", blocks[0]],
        env={**os.environ, **agent.environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert "it failed" in done.stdout
    assert "step 1" in done.stdout and "1182" in done.stdout and "1128" in done.stdout
