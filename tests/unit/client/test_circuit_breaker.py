"""When to give up, by a clock of our own."""

from __future__ import annotations

import heapq
import socket
import time
from collections.abc import Callable

import pytest

from conformance.client.circuit_breaker import CircuitBreaker
from conformance.model import Answer, Failure, FailureKind
from tests.e2e.hostile.server import path_of, serve
from tests.unit.client.asking import ask, failures, probe

LATE = Failure(FailureKind.DEADLINE, "late")
REFUSED = Failure(FailureKind.UNREACHABLE, "refused")
FINE = Answer(200)


def wall_time(hangs: Callable[[int, int], bool], concurrency: int = 4) -> float:
    """Seconds that 700 probes of 14 operations take; `hangs` takes the operation and the number of the probe."""
    breaker, clock = CircuitBreaker(15, concurrency), 0.0
    under_way: list[tuple[float, int, bool]] = []
    for number in range(700):
        operation, bad = number % 14, hangs(number % 14, number)
        if breaker.given_up(str(operation)):
            continue
        if len(under_way) == concurrency:
            clock, ended, late = heapq.heappop(under_way)
            breaker.saw(str(ended), LATE if late else FINE, 15 if late else 0.01)
            if breaker.given_up(str(operation)):
                continue
        heapq.heappush(under_way, (clock + (15 if bad else 0.01), operation, bad))
    return max([clock, *(end for end, _, _ in under_way)])


@pytest.mark.parametrize(
    "hangs",
    [
        lambda _, __: True,
        lambda operation, _: operation > 0,
        lambda operation, _: operation > 6,
        lambda _, number: number % 2 == 0,
        lambda _, number: number % 3 != 0,
        lambda _, number: number > 100,
        lambda _, number: number // 14 % 3 != 0,
    ],
)
def test_missed_deadlines_stay_bounded(hangs: Callable[[int, int], bool]) -> None:
    """However a target hangs, a run of 700 requests loses less than two minutes at the default settings."""
    assert wall_time(hangs) < 120


def test_an_answer_between_failures_lets_an_operation_go_on() -> None:
    """Only failures running count."""
    breaker = CircuitBreaker(15, 4)
    for outcome in (LATE, LATE, FINE, LATE, LATE):
        breaker.saw("a", outcome, 1)
    assert breaker.given_up("a") is None


def test_a_closed_operation_names_its_first_failure() -> None:
    """The detail of NOT_ASKED says what began it."""
    breaker = CircuitBreaker(15, 4)
    breaker.saw("a", Failure(FailureKind.RESET, "gone"), 0)
    breaker.saw("a", LATE, 0)
    breaker.saw("a", LATE, 0)
    closed = breaker.given_up("a")
    assert closed == Failure(FailureKind.NOT_ASKED, "3 requests running failed, the first: reset, gone")
    assert breaker.given_up("b") is None


def test_a_target_that_was_there_is_missed_for_longer() -> None:
    """Three refused connections end a run that had no answer yet, eight one that had."""
    fresh, known = CircuitBreaker(15, 4), CircuitBreaker(15, 4)
    known.saw("a", FINE, 0)
    for _ in range(3):
        fresh.saw("a", REFUSED, 0)
        known.saw("a", REFUSED, 0)
    assert (fresh.given_up("b"), known.given_up("b")) == (REFUSED, None)
    for _ in range(5):
        known.saw("a", REFUSED, 0)
    assert known.given_up("b") == REFUSED


def test_after_three_failures_running_an_operation_is_left_alone() -> None:
    """The rest of it is NOT_ASKED and names the first failure; other operations go on."""
    with serve("resets", only=lambda path: path.startswith("/bad")) as hostile:
        bad, fine = [probe(f"/bad{n}", of="bad") for n in range(20)], [probe(f"/fine{n}", of="fine") for n in range(20)]
        exchanges = ask(hostile.url, *bad, *fine, concurrency=1)
        sent = {path_of(request) for request in hostile.requests}
        assert sum(path.startswith("/bad") for path in sent) == 3
    assert failures(exchanges) == [FailureKind.RESET] * 3 + [FailureKind.NOT_ASKED] * 17 + [None] * 20
    assert exchanges[3].failure is not None
    assert "reset" in exchanges[3].failure.detail


def test_a_target_that_never_answers_is_given_up_soon() -> None:
    """700 requests to a silent target take two deadlines at the default concurrency."""
    began = time.monotonic()
    with serve("silent") as hostile:
        probes = [probe(f"/{n}", of=f"op{n % 14}") for n in range(700)]
        exchanges = ask(hostile.url, *probes, deadline=0.5)
    assert set(failures(exchanges)) == {FailureKind.DEADLINE, FailureKind.NOT_ASKED}
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_target_that_does_not_exist_is_reported_at_once(scheme: str) -> None:
    """A refused connection, three times, stands for all the rest."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    began = time.monotonic()
    exchanges = ask(f"{scheme}://127.0.0.1:{port}", *(probe(f"/{n}") for n in range(500)))
    assert set(failures(exchanges)) == {FailureKind.UNREACHABLE}
    assert {each.failure.detail for each in exchanges if each.failure} == {
        f"no connection to 127.0.0.1:{port}: Connection refused"
    }
    assert time.monotonic() - began < 2
