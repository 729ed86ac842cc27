"""When to give up: on an operation that only fails, on an unreachable target, or at the end of the run's time."""

from __future__ import annotations

import math
import threading
import time

from ..model import INCONCLUSIVE_FAILURES, Answer, Failure, FailureKind

RUNNING = 3
"""Consecutive failures after which an operation is given up."""
UNREACHED = 3
"""Consecutive failed connections after which all is given up, before any response; `UNREACHED_LATER` after one."""
UNREACHED_LATER = 8
MOST_RECEIVED = 320 * 1024 * 1024
"""Bytes of bodies, where all owners are evaluated at once; a second searches 8 to 25 MB of them for secrets."""
REPEATED = 8
"""One byte in so many counts of a body that came before, and is not searched again: 500 owners with 20 equal responses
of 180 KB are within it."""
SILENT = 8
"""Missed deadlines after which all is given up, before any response."""


class CircuitBreaker:
    """Which operations are not requested any more, and why. Usable from several threads.

    A missed deadline costs seconds. When `3 * deadline` of every thread's time are lost, each operation that missed a
    deadline is given up, and each that misses one from then on: 14 operations that hang cost 4 threads at most
    (12 + 14 + 4) deadlines, which is 113 s of 15 s each.
    """

    def __init__(
        self, deadline: float, concurrency: int, max_time: float = math.inf, most_received: float = math.inf
    ) -> None:
        self._budget = 3 * deadline * concurrency
        self._max_time = max_time
        self._until = time.monotonic() + max_time
        self._receives = most_received
        self._bodies: set[int] = set()
        """Hashes of what came."""
        self._lost = 0.0
        self._late = 0
        self._unreached = 0
        self._answered = False
        self._running: dict[str, list[Failure]] = {}
        self._given_up: dict[str, Failure] = {}
        self._all: Failure | None = None
        self._lock = threading.Lock()

    def given_up(self, operation: str, wait: float = 0.0) -> Failure | None:
        """Why this operation is not requested, now or after a wait; None: continue."""
        if time.monotonic() + wait >= self._until:
            return Failure(FailureKind.OUT_OF_TIME, f"not asked within {self._max_time:g} s (--max-time)")
        if self._receives <= 0:
            return Failure(FailureKind.NOT_KEPT, f"not requested: more than {MOST_RECEIVED} bytes came in this run")
        return self._all or self._given_up.get(operation)

    def give_up(self, operation: str, failure: Failure) -> None:
        """Request this operation no more."""
        with self._lock:
            self._given_up.setdefault(operation, failure)

    def saw(self, operation: str, outcome: Answer | Failure, seconds: float) -> None:
        """Record an outcome and the seconds that it took."""
        with self._lock:
            if isinstance(outcome, Answer):
                known = hash(outcome.body) in self._bodies
                self._bodies.add(hash(outcome.body))
                self._receives -= len(outcome.body) // (REPEATED if known else 1)
                self._answered = True
                self._unreached = 0
                self._running.pop(operation, None)
            elif outcome.kind in (FailureKind.UNREACHABLE, FailureKind.TLS):
                self._unreached += 1
                if self._unreached >= (UNREACHED_LATER if self._answered else UNREACHED):
                    self._all = self._all or outcome
            elif outcome.kind not in INCONCLUSIVE_FAILURES:
                self._failed(operation, outcome, seconds)

    def _failed(self, operation: str, failure: Failure, seconds: float) -> None:
        late = failure.kind is FailureKind.DEADLINE
        self._unreached = 0
        self._lost += seconds
        self._late += late
        running = self._running.setdefault(operation, [])
        running.append(failure)
        if not self._answered and self._late >= SILENT:
            self._all = self._all or _given_up("the target never answered", running[0])
        if self._lost >= self._budget:
            for slow, failures in self._running.items():
                if any(each.kind is FailureKind.DEADLINE for each in failures):
                    self._given_up.setdefault(slow, _given_up("too much time was lost on slow answers", failures[0]))
        if len(running) >= RUNNING:
            self._given_up.setdefault(operation, _given_up(f"{RUNNING} requests running failed", running[0]))


def _given_up(why: str, first: Failure) -> Failure:
    return Failure(FailureKind.NOT_ASKED, f"{why}, the first: {first.kind}, {first.detail}")
