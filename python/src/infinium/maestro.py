"""Maestro in this process: the verdict on a trace, offline, in a few milliseconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import _native
from ._core import encode_task
from ._faults import from_native
from .types import TaskData

__all__ = ["engine_version", "interpret"]


def interpret(task_data: TaskData | Mapping[str, Any]) -> dict[str, Any]:
    """What a server would answer as `interpretedTraceResult`, without one.

    Raises ValidationError, with the path in `.field`, where the trace breaks a rule.
    """
    payload = encode_task(task_data)
    try:
        return json.loads(_native.interpret(payload))
    except _native.NativeError as error:
        raise from_native(error) from None


def engine_version() -> str:
    """Version of Maestro's rules; it changes whenever a result can change."""
    return _native.engine_version()
