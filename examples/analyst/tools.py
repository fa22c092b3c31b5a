"""The tools of the example agent: real files, a real SQLite database, real arithmetic.

Each tool takes keyword arguments and returns a JSON-serialisable value. None of them knows
anything about tracing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Workspace:
    """A folder with data files and a database `data.db`, and the tools that work on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools: dict[str, Callable[..., Any]] = {
            "list_files": self.list_files,
            "read_file": self.read_file,
            "describe_table": self.describe_table,
            "query_database": self.query_database,
            "calculate": self.calculate,
            "write_file": self.write_file,
        }

    def list_files(self, folder: str) -> list[str]:
        """The names of the files in a folder of the workspace, sorted."""
        return sorted(path.name for path in (self.folder / folder).iterdir())

    def read_file(self, path: str) -> str:
        """The text of a file of the workspace."""
        return (self.folder / path).read_text(encoding="utf-8")

    def describe_table(self, table: str) -> dict[str, Any]:
        """The columns of a table with their types."""
        with self._connect() as database:
            rows = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
            return {"table": table, "columns": dict(rows.fetchall())}

    def query_database(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, each as a dict."""
        with self._connect() as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(sql)]

    def calculate(
        self, operation: str, values: list[float], divide_by: float = 1, decimals: int = 2
    ) -> dict[str, float]:
        """`sum` or `product` of the values, divided and rounded."""
        if operation == "sum":
            result = float(sum(values))
        elif operation == "product":
            result = 1.0
            for value in values:
                result *= value
        else:
            raise ValueError(f"unknown operation {operation!r}: use sum or product")
        return {"result": round(result / divide_by, decimals)}

    def write_file(self, path: str, content: str) -> dict[str, Any]:
        """Writes a file of the workspace and says how large it became."""
        written = (self.folder / path).write_text(content, encoding="utf-8")
        return {"path": path, "characters": written}

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.folder / 'data.db'}?mode=ro", uri=True)
