"""Prompts: which one is meant, what was kept of it, and how it is filled in."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

from ._faults import Reply
from .exceptions import InfiniumError, ValidationError
from .types import PromptContent
from .validation import MAX_STRING_LENGTH, validate_path_id, validate_string_length

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
_KEPT_MAX = 256


class PromptRef(NamedTuple):
    """One version of one prompt, and the key that opens it."""

    prompt_id: str
    prompt_key: str
    version: str

    @staticmethod
    def checked(prompt_id: str, prompt_key: str, version: str | int) -> PromptRef:
        """ValidationError where the id is no UUID, the key is empty or the version is none."""
        key = cast("object", prompt_key)
        if not isinstance(key, str) or not key.strip():
            raise ValidationError("prompt_key is required", field="prompt_key")
        validate_string_length(key, "prompt_key", MAX_STRING_LENGTH)
        return PromptRef(validate_path_id(prompt_id, "prompt_id"), key, _version(version))


class PromptCache:
    """The prompts that were served, for when the server is away: the latest few hundred. Any thread
    may use it.
    """

    def __init__(self) -> None:
        self._kept: dict[PromptRef, PromptContent] = {}
        self._lock = threading.Lock()

    def store(self, ref: PromptRef, reply: Reply) -> PromptContent:
        """What the server answered, kept for `find`."""
        data = reply.json_object()
        content = (data or {}).get("content")
        if data is None or not isinstance(content, str):
            raise InfiniumError("The answer holds no prompt", reply.status)
        version = data.get("version", 0)
        prompt = PromptContent(
            prompt_id=str(data.get("promptId", ref.prompt_id)),
            name=str(data.get("name", "")),
            version=version if isinstance(version, int) else 0,
            content=content,
            created_at=str(data.get("createdAt", "")),
        )
        with self._lock:
            self._kept.pop(ref, None)
            self._kept[ref] = prompt
            if len(self._kept) > _KEPT_MAX:
                del self._kept[next(iter(self._kept))]
        return prompt

    def find(self, ref: PromptRef) -> PromptContent | None:
        """The copy that was last served for this id, version and key."""
        with self._lock:
            return self._kept.get(ref)


def render(prompt: PromptContent, variables: Mapping[str, Any] | None) -> PromptContent:
    """A copy with `{{name}}` filled in from `variables`; unknown names stay as they are."""
    if variables is None:
        return replace(prompt)

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(variables[name]) if name in variables else match.group(0)

    return replace(prompt, rendered_content=_PLACEHOLDER.sub(fill, prompt.content))


def _version(version: object) -> str:
    if isinstance(version, int) and not isinstance(version, bool) and version >= 1:
        return str(version)
    if isinstance(version, str):
        text = version.strip()
        if text.isascii() and text.isdigit() and int(text) >= 1:
            return str(int(text))
        if _LABEL.fullmatch(text):
            return text
    raise ValidationError(
        'version must be a positive integer, "latest" or a label', field="version"
    )
