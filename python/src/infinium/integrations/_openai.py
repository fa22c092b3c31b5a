"""Answers of OpenAI's protocol: chat completions and responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._reading import Reader, listed, whole_number


class ChatReader(Reader):
    """`chat.completions`: the first choice is what was said."""

    _entries: dict[int, dict[str, Any]] | None = None

    def input_of(self, request: Mapping[str, Any]) -> Any:
        return request.get("messages")

    def whole(self, answer: Any) -> None:
        self._take_head(answer)
        for choice in listed(answer, "choices")[:1]:
            message = choice.message
            self.add_text(message.content)
            for tool_call in listed(message, "tool_calls"):
                function = getattr(tool_call, "function", None)
                self.add_tool_call(
                    getattr(function, "name", None),
                    tool_call.id,
                    getattr(function, "arguments", None),
                )
        self.end()

    def part(self, event: Any) -> None:
        self._take_head(event)
        for choice in listed(event, "choices")[:1]:
            delta = choice.delta
            self.add_text(delta.content)
            for tool_call in listed(delta, "tool_calls"):
                self._take_tool_delta(tool_call)

    def _take_tool_delta(self, delta: Any) -> None:
        """The name comes once, with the first piece of the arguments; the rest by index."""
        if self._entries is None:
            self._entries = {}
        function = delta.function
        entry = self._entries.get(delta.index)
        if entry is None:
            entry = self.add_tool_call(getattr(function, "name", None), delta.id, None)
            self._entries[delta.index] = entry
        self.add_arguments(entry, getattr(function, "arguments", None))

    def _take_head(self, answer: Any) -> None:
        model = getattr(answer, "model", None)
        if isinstance(model, str) and model:
            self.call.model = model
        usage = getattr(answer, "usage", None)
        if usage is not None:
            call = self.call
            call.prompt_tokens = whole_number(getattr(usage, "prompt_tokens", None))
            call.completion_tokens = whole_number(getattr(usage, "completion_tokens", None))
            sent = getattr(usage, "prompt_tokens_details", None)
            call.cached_prompt_tokens = whole_number(getattr(sent, "cached_tokens", None))
            said = getattr(usage, "completion_tokens_details", None)
            call.reasoning_tokens = whole_number(getattr(said, "reasoning_tokens", None))


class ResponsesReader(Reader):
    """`responses`: a stream ends with an event that holds the whole answer."""

    def input_of(self, request: Mapping[str, Any]) -> Any:
        given = request.get("input")
        instructions = request.get("instructions")
        if isinstance(instructions, str):
            return {"instructions": instructions, "input": given}
        return given

    def whole(self, answer: Any) -> None:
        model = getattr(answer, "model", None)
        if isinstance(model, str):
            self.call.model = model
        usage = getattr(answer, "usage", None)
        if usage is not None:
            call = self.call
            call.prompt_tokens = whole_number(getattr(usage, "input_tokens", None))
            call.completion_tokens = whole_number(getattr(usage, "output_tokens", None))
            sent = getattr(usage, "input_tokens_details", None)
            call.cached_prompt_tokens = whole_number(getattr(sent, "cached_tokens", None))
            said = getattr(usage, "output_tokens_details", None)
            call.reasoning_tokens = whole_number(getattr(said, "reasoning_tokens", None))
        for item in listed(answer, "output"):
            if item.type == "function_call":
                self.add_tool_call(item.name, item.call_id, item.arguments)
            elif item.type == "message":
                for piece in item.content:
                    self.add_text(getattr(piece, "text", None))
        self.end()

    def part(self, event: Any) -> None:
        if getattr(event, "type", None) in _LAST_EVENTS:
            self.whole(event.response)


_LAST_EVENTS = ("response.completed", "response.incomplete", "response.failed")
