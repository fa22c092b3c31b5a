"""The exported helpers, and what happens at import."""

from __future__ import annotations

import copy
import logging
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import infinium
from infinium import exceptions
from infinium._installation import doubles, warn_of_doubles


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.123456+02:00",
        "2026-01-31",
        "2026-01-31T12:00:00",
        infinium.get_current_iso_datetime(),
    ],
)
def test_dates(text: str) -> None:
    assert infinium.validate_iso_datetime(text) is True


@pytest.mark.parametrize("text", ["", "now", "2026-02-30", "1899-12-31", "2101-01-01", None, 7])
def test_what_is_no_date(text: str) -> None:
    assert infinium.validate_iso_datetime(text) is False


def test_durations() -> None:
    assert infinium.validate_duration(0) == 0.0
    assert isinstance(infinium.validate_duration(86_400), float)
    for wrong in (-0.1, 86_401, float("nan"), float("inf"), "1", None, True):
        with pytest.raises(infinium.ValidationError) as caught:
            infinium.validate_duration(wrong)  # type: ignore[arg-type]
        assert caught.value.field == "duration"


def test_path_ids() -> None:
    uuid = "0197C1F0-0000-7000-8000-00000000a6e7"
    assert infinium.validate_path_id(f" {uuid} ", "x") == uuid
    for wrong in ("", "abc", f"{uuid}/..", None):
        with pytest.raises(infinium.ValidationError) as caught:
            infinium.validate_path_id(wrong, "x")  # type: ignore[arg-type]
        assert caught.value.field == "x"


def test_lengths_and_sizes() -> None:
    assert infinium.validate_string_length("é" * 5, "x", 5) == "é" * 5
    with pytest.raises(infinium.ValidationError, match="6 characters"):
        infinium.validate_string_length("é" * 6, "x", 5)
    infinium.validate_payload_size({"a": "x" * (infinium.MAX_PAYLOAD_SIZE - 10)})
    with pytest.raises(infinium.PayloadTooLargeError):
        infinium.validate_payload_size({"a": "é" * (infinium.MAX_PAYLOAD_SIZE // 2)})
    assert (infinium.MAX_NAME_LENGTH, infinium.MAX_DESCRIPTION_LENGTH) == (500, 10_000)
    assert infinium.MAX_STRING_LENGTH == 2_000


def test_the_log_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    root_handlers = list(logging.getLogger().handlers)
    logger = logging.getLogger("infinium")
    before = (list(logger.handlers), logger.level)
    try:
        infinium.setup_logging("DEBUG", "%(message)s")
        infinium.setup_logging("debug", "%(message)s")
        logger.debug("shown")
        assert capsys.readouterr().err == "shown\n"
        assert logging.getLogger().handlers == root_handlers
    finally:
        logger.handlers, logger.level = before
        logger.setLevel(before[1])
    with pytest.raises(infinium.ConfigurationError):
        infinium.setup_logging("loud")


@pytest.mark.parametrize(
    "error",
    [
        infinium.ValidationError("m", "f", {"a": 1}, 422),
        infinium.RateLimitError("m", 7),
        infinium.NotFoundError("m"),
        infinium.InfiniumTimeoutError("m", 1.5),
        infinium.BatchError("m", 1, 2, ["e"]),
        infinium.ConfigurationError("m", "k"),
    ],
)
def test_exceptions_can_be_copied_and_pickled(error: infinium.InfiniumError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert str(again) == str(error) == "m"


def test_the_tree_of_exceptions() -> None:
    assert issubclass(infinium.PayloadTooLargeError, infinium.ValidationError)
    assert issubclass(infinium.InfiniumTimeoutError, infinium.NetworkError)
    assert infinium.TimeoutError is infinium.InfiniumTimeoutError
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    assert all(
        issubclass(kind, infinium.InfiniumError)
        for kind in kinds
        if kind.__module__ == exceptions.__name__
    )


def test_importing_brings_no_network_modules() -> None:
    heavy = "asyncio ssl http.client urllib.request concurrent.futures importlib.metadata"
    code = (
        f"import sys, infinium;print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_all_names_exist() -> None:
    for name in infinium.__all__:
        assert hasattr(infinium, name), name


def test_the_clients_in_the_field_find_every_name() -> None:
    names = """InfiniumClient AsyncInfiniumClient TaskData ApiResponse BatchResult PromptContent
        TimeTracking Customer Support Sales Marketing Content Research Project Development Executive
        General LlmUsage ExecutionStep ErrorDetail ToolCall LlmCall ExpectedOutcome
        EnvironmentContext TraceBuilder StepContext trace_agent async_trace_agent watch
        InfiniumError AuthenticationError ValidationError RateLimitError NetworkError
        InfiniumTimeoutError TimeoutError ServerError NotFoundError BatchError ConfigurationError
        get_current_iso_datetime validate_iso_datetime validate_duration validate_path_id
        validate_string_length validate_payload_size coerce_section MAX_NAME_LENGTH
        MAX_DESCRIPTION_LENGTH MAX_STRING_LENGTH MAX_PAYLOAD_SIZE setup_logging"""
    assert set(re.findall(r"\w+", names)) <= set(infinium.__all__)


def test_another_distribution_with_the_module_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site-packages"
    for name, record in (
        ("infinium_o2-1.2.0.dist-info", "infinium/__init__.py,sha256=x,1\n"),
        ("infinium-0.1.0.dist-info", "infinium/__init__.py,sha256=x,1\n"),
        ("infinium_plugin-1.0.dist-info", "infinium_plugin/__init__.py,sha256=x,1\n"),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / "RECORD").write_text(record)
    (folder / "infinium_old.egg-info").mkdir()
    (folder / "infinium_old.egg-info" / "top_level.txt").write_text("infinium\n")
    assert doubles([str(folder), str(tmp_path / "none")]) == ["infinium-o2", "infinium-old"]
    monkeypatch.setattr(sys, "path", [str(folder)])
    with pytest.warns(UserWarning, match="the distribution .infinium-") as caught:
        warn_of_doubles()
    assert len(caught) == 2
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert doubles() == []
