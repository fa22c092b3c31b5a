"""What the services of OpenAI and Anthropic answer, as far as their clients need."""

from __future__ import annotations

import json
from typing import Any

from scripted_server import Answer, Seen

CHAT_USAGE = {
    "prompt_tokens": 11,
    "completion_tokens": 7,
    "total_tokens": 18,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": {"reasoning_tokens": 2},
}
SEARCH_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "search", "arguments": '{"q": "x"}'},
}
ANTHROPIC_USAGE = {
    "input_tokens": 5,
    "output_tokens": 6,
    "cache_read_input_tokens": 3,
    "cache_creation_input_tokens": 2,
}


def script(seen: Seen) -> Answer:
    """Answers each path, streaming where the request asks for it."""
    body = seen.json()
    if body["model"] == "broken":
        error = {"type": "error", "error": {"type": "api_error", "message": "model is down"}}
        return Answer(500, error)
    stream = bool(body.get("stream"))
    if seen.path.endswith("/chat/completions"):
        return _events(_chat_chunks(), done=True) if stream else Answer(200, _chat())
    if seen.path.endswith("/responses"):
        return _events(_response_events(), named=True) if stream else Answer(200, _response())
    return _events(_message_events(), named=True) if stream else Answer(200, _message())


def _events(events: list[dict[str, Any]], *, named: bool = False, done: bool = False) -> Answer:
    chunks: list[bytes] = []
    for event in events:
        name = f"event: {event['type']}\n" if named else ""
        chunks.append(f"{name}data: {json.dumps(event)}\n\n".encode())
    if done:
        chunks.append(b"data: [DONE]\n\n")
    return Answer(200, headers={"Content-Type": "text/event-stream"}, chunks=chunks)


def _chat() -> dict[str, Any]:
    message = {"role": "assistant", "content": "Hello Ada", "tool_calls": [SEARCH_CALL]}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-test-2026",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": CHAT_USAGE,
    }


def _chat_chunks() -> list[dict[str, Any]]:
    first = {"index": 0, **SEARCH_CALL, "function": {"name": "search", "arguments": '{"q"'}}
    second = {"index": 0, "function": {"arguments": ': "x"}'}}
    deltas: list[dict[str, Any]] = [
        {"role": "assistant", "content": "Hello "},
        {"content": "Ada"},
        {"tool_calls": [first]},
        {"tool_calls": [second]},
    ]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-test-2026"}
    chunks: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunks.append({**head, "choices": [], "usage": CHAT_USAGE})
    return chunks


def _response() -> dict[str, Any]:
    text = {"type": "output_text", "text": "Hello Ada", "annotations": []}
    return {
        "id": "r1",
        "object": "response",
        "created_at": 1,
        "model": "gpt-test-2026",
        "status": "completed",
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "output": [
            {
                "type": "message",
                "id": "m1",
                "role": "assistant",
                "status": "completed",
                "content": [text],
            },
            {
                "type": "function_call",
                "id": "f1",
                "call_id": "call_1",
                "name": "search",
                "arguments": '{"q": "x"}',
                "status": "completed",
            },
        ],
        "usage": {
            "input_tokens": 11,
            "output_tokens": 7,
            "total_tokens": 18,
            "input_tokens_details": {"cached_tokens": 4},
            "output_tokens_details": {"reasoning_tokens": 2},
        },
    }


def _response_events() -> list[dict[str, Any]]:
    started = {**_response(), "status": "in_progress", "output": [], "usage": None}
    return [
        {"type": "response.created", "sequence_number": 0, "response": started},
        {"type": "response.completed", "sequence_number": 1, "response": _response()},
    ]


def _message() -> dict[str, Any]:
    return {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "claude-test-2026",
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "content": [
            {"type": "text", "text": "Hello Ada"},
            {"type": "tool_use", "id": "call_1", "name": "search", "input": {"q": "x"}},
        ],
        "usage": ANTHROPIC_USAGE,
    }


def _message_events() -> list[dict[str, Any]]:
    started = {
        **_message(),
        "content": [],
        "stop_reason": None,
        "usage": {**ANTHROPIC_USAGE, "output_tokens": 1},
    }
    tool = {"type": "tool_use", "id": "call_1", "name": "search", "input": {}}
    deltas: list[tuple[int, dict[str, Any]]] = [
        (0, {"type": "text_delta", "text": "Hello "}),
        (0, {"type": "text_delta", "text": "Ada"}),
    ]
    pieces: list[tuple[int, dict[str, Any]]] = [
        (1, {"type": "input_json_delta", "partial_json": '{"q": '}),
        (1, {"type": "input_json_delta", "partial_json": '"x"}'}),
    ]
    return [
        {"type": "message_start", "message": started},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": at, "delta": delta} for at, delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": tool},
        *({"type": "content_block_delta", "index": at, "delta": delta} for at, delta in pieces),
        {"type": "content_block_stop", "index": 1},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 6},
        },
        {"type": "message_stop"},
    ]
