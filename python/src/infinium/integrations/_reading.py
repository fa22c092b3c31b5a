"""How an answer is read, whole or part by part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._recording import CapturedLlmCall
from .._runs import as_text


class Reader:
    """Fills in one CapturedLlmCall from what a provider answers.

    Content (`capture_content`) is what was said; names of tools and counts are always read.
    """

    def __init__(self, call: CapturedLlmCall, capture_content: bool) -> None:
        self.call = call
        self.capture_content = capture_content
        self._texts: list[str] = []

    def input_of(self, request: Mapping[str, Any]) -> Any:
        """What the model was asked, out of the request's body."""
        raise NotImplementedError

    def whole(self, answer: Any) -> None:
        """A complete answer."""
        raise NotImplementedError

    def part(self, event: Any) -> None:
        """One event of a stream."""
        raise NotImplementedError

    def end(self) -> None:
        """The stream is over, to its end or not."""
        if self._texts:
            self.call.output_preview = "".join(self._texts)

    def add_text(self, text: Any) -> None:
        """A piece of what the model said."""
        if self.capture_content and isinstance(text, str) and text:
            self._texts.append(text)

    def add_tool_call(self, name: Any, call_id: Any, arguments: Any) -> dict[str, Any]:
        """A tool that the model asked for; returns the entry, for arguments that come later."""
        entry: dict[str, Any] = {"name": name if isinstance(name, str) else "unknown"}
        if isinstance(call_id, str):
            entry["id"] = call_id
        if self.capture_content and arguments is not None:
            entry["arguments"] = arguments if isinstance(arguments, str) else as_text(arguments)
        self.call.tool_calls.append(entry)
        return entry

    def add_arguments(self, entry: dict[str, Any], more: Any) -> None:
        """A further piece of a tool call's arguments."""
        if self.capture_content and isinstance(more, str):
            entry["arguments"] = entry.get("arguments", "") + more


def listed(value: Any, name: str) -> list[Any]:
    """The list that an attribute holds; empty where there is none."""
    found: Any = getattr(value, name, None)
    return list(found) if found else []


def whole_number(value: Any) -> int | None:
    """A count if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def shown(value: Any) -> str | None:
    """Content as text; None for nothing."""
    return None if value is None else as_text(_plain(value))


def _plain(value: Any) -> Any:
    """The same without what JSON does not know, such as SDK objects among the messages."""
    try:
        return json.loads(json.dumps(value, default=_dumped))
    except (TypeError, ValueError, RecursionError):
        return value


def _dumped(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(exclude_none=True) if callable(dump) else repr(value)
