"""Threads that send requests, and the wait for what they bring."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from ..model import Exchange, Probe
from .retry_policy import Stopped

Send = Callable[[Probe], Exchange]
Finished = queue.SimpleQueue[Exchange | Exception]


def send_all(
    probes: Sequence[Probe],
    threads: int,
    send: Send,
    keep: Callable[[Exchange], None],
    progress: Callable[[], None],
    abort: Callable[[], None],
) -> None:
    """Send all from several threads, and keep each exchange as it comes; what a thread raised is raised here.

    `progress` is called after each, and while nothing comes; it may raise to stop a run that makes no progress. What
    ends the run calls `abort`, which lets the threads end; exchanges that are finished a second later are kept too.
    """
    todo, finished = deque(probes), Finished()
    workers = [
        threading.Thread(target=_work, args=(todo, send, finished), daemon=True, name=f"photo-conformance-{number}")
        for number in range(min(threads, len(probes)))
    ]
    try:
        for worker in workers:
            worker.start()
        for _ in probes:
            found = _next(finished, progress)
            if isinstance(found, Exception):
                raise found
            keep(found)
            progress()
    except BaseException:
        abort()
        todo.clear()
        patience = time.monotonic() + 1
        for worker in workers:
            if worker.ident is not None:
                worker.join(max(0.0, patience - time.monotonic()))
        while not finished.empty():
            if isinstance(found := finished.get(), Exchange):
                keep(found)
        raise


def _next(finished: Finished, idle: Callable[[], None]) -> Exchange | Exception:
    """Wait with a short timeout: on some systems Ctrl+C does not interrupt a blocked thread."""
    while True:
        try:
            return finished.get(timeout=0.2)
        except queue.Empty:
            idle()


def _work(todo: deque[Probe], send: Send, finished: Finished) -> None:
    """Take the next probe until there is none, or until one raises."""
    while True:
        try:
            probe = todo.popleft()
        except IndexError:
            return
        try:
            finished.put(send(probe))
        except Stopped:
            return
        except Exception as fault:  # noqa: BLE001 - a fault of ours: raised again in the thread that asked
            finished.put(fault)
            return
