"""How a client waits, told by a clock that the test turns: no server, no sleep."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from infinium import (
    ApiResponse,
    AuthenticationError,
    InfiniumTimeoutError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    ServerError,
    ValidationError,
)
from infinium._actions import Poll, Sleep
from infinium._faults import DeadlinePassed
from infinium._waiting import wait_for_interpretation

PENDING = ApiResponse(False, 202, "pending")
READY = ApiResponse(True, 200, "ready", {"interpretedTraceResult": {"verdict": "succeeded"}})


@dataclass
class World:
    """Answers polls one after the other, each after `takes` seconds (or its whole hold)."""

    outcomes: list[Any]
    takes: float | None = None
    now: float = 100.0
    polls: list[tuple[float, Poll]] = field(default_factory=list[tuple[float, Poll]])

    def wait(self, timeout: float, poll_interval: float = 3.0, **more: Any) -> ApiResponse:
        machine = wait_for_interpretation(
            "id",
            timeout,
            poll_interval,
            more.get("raise_on_timeout", False),
            more.get("request_timeout", 30.0),
            lambda: self.now,
        )
        try:
            action = next(machine)
            while True:
                action = self.step(machine, action)
        except StopIteration as stop:
            return stop.value

    def step(self, machine: Any, action: Any) -> Any:
        if isinstance(action, Sleep):
            assert action.seconds > 0
            self.now += action.seconds
            return machine.send(None)
        self.polls.append((self.now - 100.0, action))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        held = action.hold if outcome is PENDING else 0.0
        self.now += min(held if self.takes is None else self.takes, action.budget)
        if isinstance(outcome, Exception):
            return machine.throw(outcome)
        return machine.send(outcome)

    def times(self) -> list[float]:
        return [round(time, 2) for time, _ in self.polls]


def test_returns_at_once_when_ready() -> None:
    world = World([READY])
    assert world.wait(120) is READY
    assert world.now == 100.0


def test_a_held_poll_follows_the_one_before_it_after_an_interval() -> None:
    world = World([PENDING, PENDING, READY])
    assert world.wait(120) is READY
    assert world.times() == [0, 3, 6]
    assert all(poll.hold == 3 for _, poll in world.polls)


def test_a_server_that_does_not_hold_is_asked_once_an_interval() -> None:
    world = World([PENDING], takes=0.01)
    assert world.wait(10) is PENDING
    assert world.times() == [0, 3, 6, 9]
    assert math.isclose(world.now, 110)


@pytest.mark.parametrize("timeout", [0.05, 0.5, 1, 2.95, 3, 3.05, 7, 61])
@pytest.mark.parametrize("takes", [None, 0.0, 0.2, 5.0])
@pytest.mark.parametrize("interval", [1, 3, 100])
def test_the_deadline_is_met_and_never_overshot(
    timeout: float, takes: float | None, interval: float
) -> None:
    world = World([PENDING], takes=takes)
    assert world.wait(timeout, interval) is PENDING
    assert timeout - 0.001 <= world.now - 100 <= timeout + 0.001
    starts = world.times()
    assert starts
    assert all(after - before >= interval - 0.01 for before, after in pairwise(starts))
    for began, poll in world.polls:
        assert poll.hold <= min(interval, 60, 29)
        assert began + poll.budget <= timeout + 0.001
        assert poll.hold < poll.budget or poll.hold == 0


@pytest.mark.parametrize("timeout", [0, -5])
def test_without_time_there_is_one_poll(timeout: float) -> None:
    world = World([PENDING])
    assert world.wait(timeout) is PENDING
    assert len(world.polls) == 1
    assert world.polls[0][1].hold == 0
    assert world.polls[0][1].budget > 0


def test_without_time_a_ready_result_is_returned() -> None:
    assert World([READY]).wait(0) is READY


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("no such trace"), 404),
        (RateLimitError("slow down", 1), 429),
        (ServerError("down", 503), 503),
        (NetworkError("refused"), None),
    ],
)
def test_what_may_pass_keeps_polling(error: Exception, status: int | None) -> None:
    world = World([error, READY])
    assert world.wait(120) is READY
    last = World([error]).wait(5)
    assert (last.success, last.status_code, last.message) == (False, status, str(error))


def test_retry_after_puts_the_next_poll_off() -> None:
    world = World([RateLimitError("slow down", 20), READY])
    assert world.wait(120) is READY
    assert world.times() == [0, 20]


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("no", 401),
        AuthenticationError("no", 403),
        ValidationError("no", status_code=400),
        ValidationError("no", status_code=422),
        InfiniumTimeoutError("the network"),
    ],
)
def test_what_does_not_pass_raises_at_once(error: Exception) -> None:
    with pytest.raises(type(error)):
        World([PENDING, error]).wait(120)


def test_a_request_cut_off_by_the_deadline_gives_the_last_answer() -> None:
    assert World([PENDING, DeadlinePassed("cut")]).wait(5) is PENDING
    response = World([DeadlinePassed("cut")]).wait(5)
    assert response == ApiResponse(False, None, "no answer within 5 s")


def test_raise_on_timeout() -> None:
    with pytest.raises(InfiniumTimeoutError, match="within 5 s: pending") as caught:
        World([PENDING]).wait(5, raise_on_timeout=True)
    assert caught.value.timeout_duration == 5


def test_a_hold_fits_into_the_clients_own_timeout() -> None:
    world = World([PENDING])
    world.wait(60, 20, request_timeout=5)
    assert {poll.hold for _, poll in world.polls} == {4.0}


def test_a_short_interval_is_accepted_with_one_warning() -> None:
    world = World([PENDING, PENDING, READY])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert world.wait(10, 0.25) is READY
    assert [str(item.message) for item in caught] == [
        "a poll_interval of 0.25 s is under 1 s: hard on a shared server"
    ]
    assert world.times() == [0, 0.25, 0.5]


@pytest.mark.parametrize(("timeout", "interval"), [(math.nan, 3), (5, -1), (5, math.nan)])
def test_what_is_no_time_is_refused(timeout: float, interval: float) -> None:
    with pytest.raises(ValidationError):
        World([READY]).wait(timeout, interval)
