"""When the next request may go out: the rate, and the pauses that the target asks for by Retry-After."""

from __future__ import annotations

import threading
import time

LEAST = 0.25
"""Seconds of the patience that a Retry-After of less costs, so that one of 0 comes to an end too."""
SHORTEST = 0.02
"""Seconds that are waited at least."""


class Stopped(Exception):
    """The run was interrupted while a request waited for its turn."""


class RetryPolicy:
    """All threads wait together: the patience is spent once for one pause, however many requests ran into it."""

    def __init__(self, patience: float, rate: float | None) -> None:
        self.patience = patience
        self.spent = 0.0
        """Seconds of the patience that are gone."""
        self._spent_on: dict[str, float] = {}
        self._in_vain: dict[str, float] = {}
        """Seconds by operation, of those that have answered nothing else since."""
        self._interval = 1 / rate if rate else 0.0
        self._resume = 0.0
        self._slot = 0.0
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def stop(self) -> None:
        """Release all waiting threads; no further request may be sent."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether the run is over."""
        return self._stop.is_set()

    def turn(self) -> None:
        """Wait until a request may go out; Stopped when none may any more."""
        while not self._stop.is_set():
            with self._lock:
                now = time.monotonic()
                at = max(self._resume, self._slot)
                if now >= at:
                    self._slot = now + self._interval
                    return
            self._stop.wait(at - now)
        raise Stopped

    def pause(self, operation: str, seconds: float) -> bool:
        """Let all threads wait that long, if the patience allows it.

        No operation alone may spend more than half of the patience before its last pause: one that is throttled for
        ever must not silence the others. Nor may those together that were waited for and have not answered since:
        a target that only throttles is not waited for to the end.
        """
        with self._lock:
            now = time.monotonic()
            resume = now + max(seconds, SHORTEST)
            cost = max(0.0, resume - max(self._resume, now))
            if seconds < LEAST:
                cost = LEAST if now >= self._resume else 0.0
            spent_on = self._spent_on.get(operation, 0.0)
            in_vain = sum(self._in_vain.values()) if operation in self._in_vain else 0.0
            if self.spent + cost > self.patience or max(spent_on, in_vain) > self.patience / 2:
                return False
            self.spent += cost
            self._spent_on[operation] = spent_on + cost
            self._in_vain[operation] = self._in_vain.get(operation, 0.0) + cost
            self._resume = max(self._resume, resume)
            return True

    def answered(self, operation: str) -> None:
        """It was worth waiting for: the operation gave an answer to be evaluated."""
        with self._lock:
            self._in_vain.pop(operation, None)
