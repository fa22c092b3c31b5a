"""Whether another distribution that also brings the module `infinium` is installed.

Two of them write into the same folder, and which file wins is chance.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator

_METADATA = re.compile(r"(?P<name>[^-]+)(-.*)?\.(dist|egg)-info")


def doubles(folders: Iterable[str] | None = None) -> list[str]:
    """The other distributions, by name; `folders` are those where distributions are installed.

    Only distributions with "infinium" in their name are opened, which keeps the import fast.
    """
    found: set[str] = set()
    for folder in _install_folders() if folders is None else folders:
        for name, path in _candidates(folder):
            if name != "infinium" and _brings_infinium(path):
                found.add(name)
    return sorted(found)


def warn_of_doubles() -> None:
    """The warning at import."""
    for name in doubles():
        warnings.warn(
            f"the distribution {name!r} also provides the module `infinium`: uninstall it, then"
            " reinstall infinium",
            UserWarning,
            stacklevel=3,
        )


def _install_folders() -> list[str]:
    ends = ("site-packages", "dist-packages")
    return [folder for folder in dict.fromkeys(sys.path) if folder.rstrip("/\\").endswith(ends)]


def _candidates(folder: str) -> Iterator[tuple[str, str]]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for entry in names:
        if "infinium" in entry.lower() and (match := _METADATA.fullmatch(entry)):
            name = match["name"].lower().replace("_", "-").replace(".", "-")
            yield name, os.path.join(folder, entry)


def _brings_infinium(metadata: str) -> bool:
    for name, mark in (("RECORD", "infinium/__init__.py,"), ("top_level.txt", "infinium\n")):
        try:
            with open(os.path.join(metadata, name), encoding="utf-8", errors="replace") as file:
                if any((line.rstrip() + "\n").startswith(mark) for line in file):
                    return True
        except OSError:
            continue
    return False
