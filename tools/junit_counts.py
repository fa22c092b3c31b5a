"""Prints "PASSED FAILED" of a JUnit file. Skipped tests count as neither."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    """The command line: one file."""
    passed = failed = 0
    for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None and case.get("status") not in ("notrun", "disabled"):
            passed += 1
    print(passed, failed)
    return 0 if passed + failed else 1


if __name__ == "__main__":
    sys.exit(main())
