"""When requests are sent: their order, the rate, and the pauses that the target requests by Retry-After."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from itertools import zip_longest

from ..model import Failure, FailureKind, Probe

LEAST = 0.25
"""Seconds of patience that a shorter Retry-After costs, so that repeated ones of 0 end too."""
SHORTEST = 0.02
"""The shortest pause in seconds."""


class Stopped(Exception):
    """The run was interrupted while a request waited for its turn."""


class RetryPolicy:
    """All threads wait together: a pause is counted once, for any number of requests that were throttled."""

    def __init__(self, patience: float, rate: float | None, at_once: int = 1) -> None:
        self.patience = patience
        self.at_once = at_once
        """Requests at a time: fewer, where one that waited as it was asked to is throttled again."""
        self.spent = 0.0
        """Seconds of the patience that are spent."""
        self._spent_on: dict[str, float] = {}
        self._unanswered: dict[str, float] = {}
        """Seconds by operation, of those that were only throttled since."""
        self._answered: set[str] = set()
        self._interval = 1 / rate if rate else 0.0
        self._resume = 0.0
        self._slot = 0.0
        self._lock = threading.Lock()
        self.stopped = threading.Event()
        """Set when the run is over: then waiting threads are released, and no further request may be sent."""

    def turn(self) -> None:
        """Wait until a request may be sent; Stopped when the run is over."""
        while not self.stopped.is_set():
            with self._lock:
                now = time.monotonic()
                at = max(self._resume, self._slot)
                if now >= at:
                    self._slot = now + self._interval
                    return
            self.stopped.wait(at - now)
        raise Stopped

    def pause(self, operation: str, seconds: float, again: bool = False) -> Failure | None:
        """Let all threads wait that long; a failure where the patience does not allow it.

        `again`: for a request that had waited already. Then there may be too many at a time, if the operation responds.
        No operation may pause any more once it spent more than half of the patience: one that is throttled for ever
        must not stop the others. Nor may those that together spent that much and got no response since: a target that
        only throttles does not use up all of the patience.
        """
        with self._lock:
            self.at_once -= again and self.at_once > 1 and operation in self._answered
            now = time.monotonic()
            resume = now + max(seconds, SHORTEST)
            cost = max(0.0, resume - max(self._resume, now))
            if seconds < LEAST:
                cost = LEAST if now >= self._resume else 0.0
            spent_on = self._spent_on.get(operation, 0.0)
            unanswered = sum(self._unanswered.values()) if operation in self._unanswered else 0.0
            left = self.patience - self.spent
            if cost > left or max(spent_on, unanswered) > self.patience / 2:
                why = f"again and again, and one operation may take half of --patience {self.patience:g}"
                if seconds > left:
                    why = f"with {left:.3g} s left of --patience {self.patience:g}"
                advice = "--rate asks less often, --patience waits longer"
                return Failure(FailureKind.THROTTLED, f"throttled: asked to wait {seconds:g} s, {why} ({advice})")
            self.spent += cost
            self._spent_on[operation] = spent_on + cost
            self._unanswered[operation] = self._unanswered.get(operation, 0.0) + cost
            self._resume = max(self._resume, resume)
            return None

    def answered(self, operation: str) -> None:
        """The operation returned a response to evaluate, so its waiting helped."""
        with self._lock:
            self._answered.add(operation)
            self._unanswered.pop(operation, None)


def interleaved(probes: Iterable[Probe]) -> list[Probe]:
    """One probe of each operation in turn, so that a hanging one does not block all threads; else in given order."""
    queues: dict[str, list[Probe]] = {}
    for probe in probes:
        queues.setdefault(probe.shape.operation.id, []).append(probe)
    return [probe for turn in zip_longest(*queues.values()) for probe in turn if probe]
