"""Threads that send requests, and the wait for what they bring."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..model import Exchange, Probe
from .retry_policy import Stopped


class Workers:
    """Threads that each take the next probe until there is none, or until one raises."""

    def __init__(self, threads: int, probes: Iterable[Probe], send: Callable[[Probe], Exchange]) -> None:
        self._todo = deque(probes)
        self._send = send
        self._wanted = len(self._todo)
        self._finished: queue.SimpleQueue[Exchange | Exception] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, daemon=True, name=f"photo-conformance-{number}")
            for number in range(threads)
        ]

    def run(self, keep: Callable[[Exchange], None], idle: Callable[[], None]) -> None:
        """Send all, and keep each exchange as it comes; what a thread raised is raised here.

        `idle` is called while nothing comes, and may raise to stop a run that makes no progress.
        """
        for thread in self._threads:
            thread.start()
        for _ in range(self._wanted):
            found = self._next(idle)
            if isinstance(found, Exception):
                raise found
            keep(found)

    def break_off(self) -> Iterator[Exchange]:
        """Wait a second for threads whose requests were aborted; the exchanges that finished."""
        self._todo.clear()
        patience = time.monotonic() + 1
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, patience - time.monotonic()))
        while not self._finished.empty():
            found = self._finished.get()
            if isinstance(found, Exchange):
                yield found

    def _next(self, idle: Callable[[], None]) -> Exchange | Exception:
        """Wait with a short timeout: on some systems Ctrl+C does not interrupt a blocked thread."""
        while True:
            try:
                return self._finished.get(timeout=0.2)
            except queue.Empty:
                idle()

    def _work(self) -> None:
        while True:
            try:
                probe = self._todo.popleft()
            except IndexError:
                return
            try:
                self._finished.put(self._send(probe))
            except Stopped:
                return
            except Exception as fault:  # noqa: BLE001 - a fault of ours: raised again in the thread that asked
                self._finished.put(fault)
                return
