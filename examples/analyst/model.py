"""An optional language model behind any endpoint of the OpenAI chat-completions protocol.

Used when `OPENAI_API_KEY` or `OPENAI_BASE_URL` is set; the model's name comes from `OPENAI_MODEL`.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from dataclasses import dataclass


@dataclass
class Completion:
    """What a model wrote, and what it used for it."""

    text: str
    model: str
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_ms: int


def available() -> bool:
    """Whether the environment names an endpoint or a key."""
    return bool(os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"))


def complete(prompt: str, timeout: float = 20.0) -> Completion:
    """Asks the model once. Raises OSError if it cannot be reached, ValueError if it answers nonsense."""
    base_url = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1").rstrip("/")
    model = os.environ.get("OPENAI_MODEL", "gpt-4o-mini")
    request = urllib.request.Request(
        f"{base_url}/chat/completions",
        data=json.dumps(
            {"model": model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}
        ).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {os.environ.get('OPENAI_API_KEY', '')}",
        },
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=timeout) as response:
        answer = json.load(response)
    try:
        text = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("the endpoint's answer holds no message") from error
    usage = answer.get("usage") or {}
    return Completion(
        text=str(text).strip(),
        model=answer.get("model", model),
        prompt_tokens=usage.get("prompt_tokens"),
        completion_tokens=usage.get("completion_tokens"),
        latency_ms=int((time.perf_counter() - started) * 1000),
    )
