"""Fails on an include against the arrows of the architecture, and on a library in the wrong layer.

cli → server → pipeline → {maestro, store, judge} → codec → base; judge → client → codec;
python → {client, maestro}. include/infinium is public: the standard library only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAY_INCLUDE: dict[str, set[str]] = {
    "base": set(),
    "model": {"base"},
    "codec": {"base", "model"},
    "maestro": {"base", "model"},
    "store": {"base", "model", "codec"},
    "judge": {"base", "model", "codec", "client"},
    "client": {"base", "model", "codec"},
    "pipeline": {"base", "model", "codec", "maestro", "store", "judge"},
    "server": {"base", "model", "codec", "maestro", "store", "judge", "pipeline"},
    "cli": {
        "base", "model", "codec", "maestro", "store", "judge", "pipeline", "server", "client",
    },
}
NATIVE = {"base", "model", "codec", "client", "maestro"}
# Outside libraries, and the only layers that may see them.
LIBRARIES: dict[str, set[str]] = {
    "sqlite3.h": {"store"},
    "boost/": {"server", "client", "cli"},
    "zstd.h": {"store", "server"},
    "zlib.h": {"server", "client"},
    "CLI/": {"cli"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def problems_of(path: Path, layer: str, allowed: set[str]) -> list[str]:
    """The includes of one file that its layer may not have."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, target = match.groups()
        place = f"{path.relative_to(ROOT)}:{number}"
        first = target.split("/", 1)[0]
        if kind == '"' and first in MAY_INCLUDE and first != layer and first not in allowed:
            found.append(f"{place}: {layer} may not include {target}")
        if path.name.endswith("_test.cpp"):
            continue
        for library, layers in LIBRARIES.items():
            if target.startswith(library) and layer not in layers:
                found.append(f"{place}: {target} belongs to {', '.join(sorted(layers))} only")
    return found


def main() -> int:
    """Checks every source file; prints what is wrong."""
    found: list[str] = []
    for layer, allowed in MAY_INCLUDE.items():
        for path in sorted((ROOT / "src" / layer).rglob("*")):
            if path.suffix in {".h", ".cpp"}:
                found += problems_of(path, layer, allowed)
    for path in sorted((ROOT / "include").rglob("*.h")):
        found += problems_of(path, "include", set())
    for path in sorted((ROOT / "python" / "native").rglob("*")):
        if path.suffix in {".h", ".cpp"}:
            found += problems_of(path, "python", NATIVE)
    print("\n".join(found) or "every include follows the arrows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
