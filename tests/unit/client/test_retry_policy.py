"""Retry-After, and the patience that it spends."""

from __future__ import annotations

import threading
import time

import pytest

from conformance.client.retry_policy import RetryPolicy, Stopped
from conformance.media.header_fields import wait_asked_for
from conformance.model import Answer, FailureKind
from tests.e2e.hostile.server import answer, good, path_of, serve
from tests.unit.client.asking import ask, failures, probe

DATE = ("Date", "Mon, 23 Nov 2026 10:00:00 GMT")


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "2", 2.0),
        (429, "2.128", 2.128),
        (429, "0", 0.0),
        (429, "Mon, 23 Nov 2026 10:01:00 GMT", 60.0),
        (429, "Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        (429, None, 1.0),
        (429, "soon", 1.0),
        (429, "-5", 1.0),
        (429, "9" * 10_000, 1.0),
        (429, "Mon, 99 Nov 99999 10:01:00 GMT", 1.0),
        (503, "1", 1.0),
        (503, None, None),
        (503, "soon", None),
        (200, "1", None),
        (500, "1", None),
    ],
)
def test_retry_after_is_read(status: int, value: str | None, seconds: float | None) -> None:
    """Seconds, fractions and dates count; nonsense does not; only 429 and 503 are waited for."""
    headers = (DATE,) if value is None else (DATE, ("retry-after", value))
    assert wait_asked_for(Answer(status, headers)) == seconds


def test_waiting_together_spends_patience_once() -> None:
    """Four threads that have to wait at the same time wait the same time."""
    pacing = RetryPolicy(10, None)
    assert not any(pacing.pause("a", 2) for _ in range(4))
    assert 2 <= pacing.spent < 2.1


def test_a_pause_past_the_patience_is_refused_and_costs_nothing() -> None:
    """The patience that is left stays for others."""
    pacing = RetryPolicy(10, None)
    assert pacing.pause("a", 11)
    assert pacing.spent == 0


class Clock:
    """A monotonic clock that goes on only when it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def pause(self, pacing: RetryPolicy, operation: str) -> bool:
        """Whether a pause of 2 seconds is allowed; it is over when this returns."""
        allowed = pacing.pause(operation, 2) is None
        self.now += 2
        return allowed


def test_what_only_throttles_is_not_waited_for_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations that have answered nothing else may spend half of the patience together, and others the rest."""
    clock, pacing = Clock(monkeypatch), RetryPolicy(10, None)
    assert all(clock.pause(pacing, operation) for operation in ("a", "b", "a"))
    assert not clock.pause(pacing, "a")
    assert not clock.pause(pacing, "b")
    assert clock.pause(pacing, "c")
    assert pacing.spent == 8


def test_what_answers_at_last_was_worth_waiting_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations that answer after their pauses are waited for as long as there is patience."""
    clock, pacing = Clock(monkeypatch), RetryPolicy(10, None)
    for operation in ("a", "b", "c", "a", "b"):
        assert clock.pause(pacing, operation)
        pacing.answered(operation)
    assert pacing.spent == 10


def test_fewer_are_sent_at_a_time_where_waiting_as_asked_was_not_enough() -> None:
    """But not because of an operation that is throttled whatever comes beside it."""
    pacing = RetryPolicy(10, None, at_once=3)
    pacing.pause("a", 0)
    pacing.pause("a", 0, again=True)
    assert pacing.at_once == 3
    pacing.answered("a")
    assert [(pacing.pause("a", 0, again=again), pacing.at_once) for again in (False, True, True, True)] == [
        (None, 3), (None, 2), (None, 1), (None, 1)
    ]  # fmt: skip


def test_a_target_that_serves_one_at_a_time_is_asked_so() -> None:
    """Four threads that wait together, and go on together, would be throttled again until the patience is used up."""
    busy, throttled = threading.Lock(), []

    def one_at_a_time(request: bytes) -> bytes:
        if not busy.acquire(blocking=False):
            throttled.append(request)
            return answer("429 Too Many Requests", "Retry-After: 0")
        time.sleep(0.005)
        busy.release()
        return good(request)

    with serve("closes", only=lambda _: False, otherwise=one_at_a_time) as hostile:
        assert {*failures(ask(hostile.url, *(probe(f"/{n}", of=f"op{n % 5}") for n in range(100))))} == {None}
    assert len(throttled) < 100  # three times as many where the threads go on together


def test_all_threads_wait_while_a_pause_runs() -> None:
    """No request goes out before its end."""
    pacing = RetryPolicy(10, None)
    pacing.pause("a", 0.3)
    began = time.monotonic()
    pacing.turn()
    assert time.monotonic() - began >= 0.25


def test_waiting_threads_end_with_the_run() -> None:
    """A stop raises Stopped in place of a turn."""
    pacing = RetryPolicy(10, None)
    pacing.stopped.set()
    with pytest.raises(Stopped):
        pacing.turn()


def test_throttling_is_waited_for_and_kept() -> None:
    """A 429 with Retry-After is asked again after that time, and stays in the exchange."""
    asked: list[float] = []

    def otherwise(request: bytes) -> bytes:
        asked.append(time.monotonic())
        return good(request) if len(asked) > 1 else answer("429 Too Many Requests", "Retry-After: 0.5")

    with serve("closes", only=lambda _: False, otherwise=otherwise) as hostile:
        (exchange,) = ask(hostile.url)
    assert exchange.answer is not None
    assert exchange.answer.status == 200
    assert [waited.status for waited in exchange.throttled] == [429]
    assert 0.5 <= asked[1] - asked[0] < 1


@pytest.mark.parametrize("behaviour", ["429-soon", "429-at-once", "429-untold", "503-soon"])
def test_throttling_for_ever_ends_with_the_patience(behaviour: str) -> None:
    """When the patience is used up everything is THROTTLED, and no more is sent."""
    began = time.monotonic()
    with serve(behaviour) as hostile:
        exchanges = ask(hostile.url, *(probe(f"/{n}", of=f"op{n % 5}") for n in range(40)), patience=2)
    assert set(failures(exchanges)) == {FailureKind.THROTTLED}
    assert time.monotonic() - began < 4
    assert exchanges[0].throttled


def test_a_wait_past_the_patience_closes_its_operation_alone() -> None:
    """Retry-After of a day, past --max-time too: the operation is not asked again, the others are, no thread waits."""
    began = time.monotonic()
    with serve("429-tomorrow", only=lambda path: path.startswith("/bad")) as hostile:
        bad, fine = [probe(f"/bad{n}", of="bad") for n in range(20)], [probe(f"/fine{n}", of="fine") for n in range(20)]
        exchanges = ask(hostile.url, *bad, *fine, max_time=3600)
        assert sum(path_of(request).startswith("/bad") for request in hostile.requests) <= 4
    assert failures(exchanges) == [FailureKind.THROTTLED] * 20 + [None] * 20
    assert time.monotonic() - began < 2


def test_one_throttled_operation_leaves_patience_to_the_others() -> None:
    """An operation that is throttled for ever spends its share, and the others are still asked."""
    with serve("429-soon", only=lambda path: path.startswith("/bad")) as hostile:
        exchanges = ask(hostile.url, probe("/bad", of="bad"), probe("/fine", of="fine"), patience=3, concurrency=1)
    assert failures(exchanges) == [FailureKind.THROTTLED, None]


def test_a_rate_is_kept() -> None:
    """No more requests a second go out than set."""
    began = time.monotonic()
    with serve("closes", only=lambda _: False) as hostile:
        ask(hostile.url, *(probe(f"/{n}") for n in range(6)), rate=10)
    assert time.monotonic() - began >= 0.5
