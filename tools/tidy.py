"""Style as a test: file sizes, function sizes, banned names, marks of unfinished work, formatting."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
CODE = {".h", ".cpp", ".py", ".js", ".ts", ".tsx"}
BANNED_NAMES = re.compile(r"(^|_)(utils?|common|helpers?|manager|misc)(_|$)")
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
# A function's body opens on a line that ends with `{` after a `)`; it closes at the same indent.
FUNCTION = re.compile(r"^( *)\S.*\)( const)?( noexcept)?( override)?( ->.*)? \{$")
NOT_FUNCTION = re.compile(r"^ *(if|for|while|switch|else|\} else|catch|do|namespace|class|struct)\b")


def tracked() -> list[Path]:
    """The files that git knows or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    return [ROOT / line for line in listing.splitlines() if (ROOT / line).is_file()]


def continues(lines: list[str], at: int) -> bool:
    """Whether a line is the rest of a wrapped condition: its brackets close more than they open."""
    return lines[at].count(")") > lines[at].count("(") and any(
        NOT_FUNCTION.match(line) for line in lines[max(0, at - 8) : at]
    )


def long_functions(path: Path, lines: list[str]) -> list[str]:
    """C++ functions over the limit."""
    found = []
    for start, line in enumerate(lines):
        match = FUNCTION.match(line)
        if not match or NOT_FUNCTION.match(line) or "TEST" in line or continues(lines, start):
            continue
        closing = match.group(1) + "}"
        for end in range(start + 1, len(lines)):
            if lines[end].startswith(closing):
                if end - start > FUNCTION_LINES_MAX:
                    found.append(f"{path}:{start + 1}: a function of {end - start} lines")
                break
    return found


def problems_of(path: Path) -> list[str]:
    """What one file of code breaks."""
    name = path.relative_to(ROOT)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    if len(lines) > FILE_LINES_MAX:
        found.append(f"{name}: {len(lines)} lines, at most {FILE_LINES_MAX}")
    if BANNED_NAMES.search(path.stem):
        found.append(f"{name}: a name that says nothing; name what it holds")
    for number, line in enumerate(lines, start=1):
        if MARKS.search(line):
            found.append(f"{name}:{number}: a mark of unfinished work")
    if path.suffix == ".h" and "include" in name.parts and "#pragma once" not in lines:
        found.append(f"{name}: no #pragma once")
    if path.suffix in {".h", ".cpp"}:
        found += long_functions(name, lines)
    return found


def unformatted(paths: list[Path]) -> list[str]:
    """C++ files that clang-format would change."""
    program = shutil.which("clang-format-19")
    if program is None:
        return ["clang-format-19 is missing: run scripts/bootstrap test"]
    done = subprocess.run(
        [program, "--dry-run", "--Werror", *map(str, paths)], capture_output=True, text=True
    )
    names = {line.split(":", 1)[0] for line in done.stderr.splitlines() if ": error:" in line}
    return [f"{Path(name).relative_to(ROOT)}: not formatted (make format)" for name in sorted(names)]


def main() -> int:
    """Checks every file of code."""
    files = [path for path in tracked() if path.suffix in CODE]
    found = [problem for path in files for problem in problems_of(path)]
    found += unformatted([path for path in files if path.suffix in {".h", ".cpp"}])
    print("\n".join(found) or f"{len(files)} files keep the style")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
