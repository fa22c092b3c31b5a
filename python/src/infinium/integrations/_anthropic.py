"""Answers of Anthropic's messages API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._reading import Reader, listed, whole_number


class MessagesReader(Reader):
    """`messages`: content blocks, whole or opened, extended and closed by events."""

    _block: dict[str, Any] | None = None

    def input_of(self, request: Mapping[str, Any]) -> Any:
        messages = request.get("messages")
        system = request.get("system")
        if system:
            return {"system": system, "messages": messages}
        return messages

    def whole(self, answer: Any) -> None:
        self._take_head(answer)
        for block in listed(answer, "content"):
            if block.type == "text":
                self.add_text(block.text)
            elif block.type == "tool_use":
                self.add_tool_call(block.name, block.id, block.input)
        self.end()

    def part(self, event: Any) -> None:
        kind = getattr(event, "type", None)
        if kind == "message_start":
            self._take_head(event.message)
        elif kind == "content_block_start":
            block = event.content_block
            self._block = None
            if block.type == "tool_use":
                self._block = self.add_tool_call(block.name, block.id, None)
        elif kind == "content_block_delta":
            self.add_text(getattr(event.delta, "text", None))
            if self._block is not None:
                self.add_arguments(self._block, getattr(event.delta, "partial_json", None))
        elif kind == "message_delta":
            self._take_usage(event.usage)

    def _take_head(self, message: Any) -> None:
        model = getattr(message, "model", None)
        if isinstance(model, str):
            self.call.model = model
        self._take_usage(getattr(message, "usage", None))

    def _take_usage(self, usage: Any) -> None:
        """Tokens read from and written to the cache are input too, but counted apart by the API."""
        said = whole_number(getattr(usage, "output_tokens", None))
        if said is not None:
            self.call.completion_tokens = said
        fresh = whole_number(getattr(usage, "input_tokens", None))
        if fresh is None:
            return
        read = whole_number(getattr(usage, "cache_read_input_tokens", None))
        written = whole_number(getattr(usage, "cache_creation_input_tokens", None))
        self.call.prompt_tokens = fresh + (read or 0) + (written or 0)
        if read is not None:
            self.call.cached_prompt_tokens = read
