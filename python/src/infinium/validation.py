"""Checks that programs may use on their own values, and the limits they enforce."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, cast

from . import _native
from .exceptions import ConfigurationError, PayloadTooLargeError, ValidationError

MAX_NAME_LENGTH = 500
"""Longest task name, in characters."""

MAX_DESCRIPTION_LENGTH = 10_000
"""Longest task description, in characters."""

MAX_STRING_LENGTH = 2_000
"""Longest prompt key, in characters."""

MAX_PAYLOAD_SIZE = 1_048_576
"""Largest payload of one trace, in bytes of JSON."""

MAX_DURATION_SECONDS = 86_400
"""Longest task duration."""

_HANDLER_NAME = "infinium-stderr"
"""Tells the handler that `setup_logging` added from those of the program."""


def get_current_iso_datetime() -> str:
    """Now in UTC as ISO 8601, such as `2026-01-31T12:00:00.123456Z`."""
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


def validate_iso_datetime(datetime_str: str) -> bool:
    """Whether the text is an ISO 8601 date or time in the years 1900 to 2100."""
    value = cast("object", datetime_str)
    return isinstance(value, str) and _native.parse_iso_datetime(value) is not None


def validate_duration(duration: float) -> float:
    """The duration in seconds as a float; ValidationError unless it is finite and 0 to 86,400."""
    value = cast("object", duration)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValidationError(
            f"duration must be a number of seconds, not {type(value).__name__}", field="duration"
        )
    if not math.isfinite(value) or not 0 <= value <= MAX_DURATION_SECONDS:
        raise ValidationError(
            f"duration is {value}; it must be 0 to {MAX_DURATION_SECONDS} seconds",
            field="duration",
        )
    return float(value)


def validate_path_id(value: str, field_name: str) -> str:
    """The id without surrounding blanks; ValidationError unless it is a UUID."""
    text = cast("object", value)
    if not isinstance(text, str) or not text.strip():
        raise ValidationError(f"{field_name} is required", field=field_name)
    stripped = text.strip()
    if not _native.is_uuid(stripped):
        raise ValidationError(f"{field_name} must be a UUID", field=field_name)
    return stripped


def validate_string_length(value: str, field_name: str, max_length: int) -> str:
    """The text itself; ValidationError if it has more than `max_length` characters."""
    if len(value) > max_length:
        raise ValidationError(
            f"{field_name} has {len(value)} characters; at most {max_length} are allowed",
            field=field_name,
        )
    return value


def validate_payload_size(payload: Mapping[str, Any]) -> None:
    """PayloadTooLargeError if the payload is over 1 MiB as JSON."""
    size = len(json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"))
    if size > MAX_PAYLOAD_SIZE:
        raise PayloadTooLargeError(
            f"the payload has {size} bytes; at most {MAX_PAYLOAD_SIZE} are allowed"
        )


def setup_logging(level: str = "INFO", format_string: str | None = None) -> None:
    """Shows the SDK's log (the logger `infinium`) on stderr; a later call replaces an earlier."""
    number = getattr(logging, level.upper(), None)
    if not isinstance(number, int):
        raise ConfigurationError(f"{level!r} is no log level", config_key="log_level")
    logger = logging.getLogger("infinium")
    for earlier in [one for one in logger.handlers if one.name == _HANDLER_NAME]:
        logger.removeHandler(earlier)
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(_HANDLER_NAME)
    handler.setFormatter(
        logging.Formatter(format_string or "%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logger.addHandler(handler)
    logger.setLevel(number)
