"""`make bench`: what the suite costs, as ratios of what else could be done; medians of three runs.

All use the same reference server with the same owners, four requests at a time where they can be.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from conformance.reference import embedding
from conformance.reference.serving import Settings
from tests.bench import contenders, far

ROUNDS = 3


def median(what: Callable[[], float]) -> float:
    """Seconds that it takes, the middle one of three times."""
    return statistics.median(what() for _ in range(ROUNDS))


def main() -> int:
    """Measure and print; 1 where something is slower than it was. An aim that is not reached fails nothing."""
    slow, busy = [], os.getloadavg()[0]

    def show(what: str, value: float, most: float, aim: float | None = None) -> None:
        print(f"{what:<68}{value:>7.2f}{most:>9g}{'' if aim is None else f'{aim:g}':>7}", flush=True)
        if value > most:
            slow.append(what)

    with tempfile.TemporaryDirectory() as kept, embedding.start(Settings(port=0)) as running:
        folder = Path(kept)
        ours = contenders.Ours(running, folder)
        bare, recording, default = median(ours.bare), median(ours.recording), median(ours.run)
        others = contenders.Schemathesis(running, folder)
        theirs = median(others.run)
        print(f"load of the machine before: {busy:.1f}")
        print(f"the default run: {ours.requests} requests, {ours.verdicts} verdicts, {default:.1f} s")
        print(f"schemathesis: {others.verdicts} pairs of operation and check, {others.looks} looks, {theirs:.1f} s")
        print(f"verdicts of the default run / of schemathesis: {ours.verdicts / others.verdicts:.0f}\n")
        print(f"{'':<68}{'now':>7}{'at most':>9}{'aim':>7}")
        show("seconds of --collect-only", median(lambda: ours.run("--collect-only")), 0.6, 0.4)
        show("recording / a bare loop of requests", recording / bare, 1.2)
        show("default run / a bare loop of requests", default / bare, 4, 2.5)
        show("default run / schemathesis run, all phases", default / theirs, 0.35, 0.2)
    with far.server(latency := 0.1) as running, tempfile.TemporaryDirectory() as kept:
        distant = contenders.Ours(running, Path(kept))
        least, away = distant.requests * latency / contenders.CONCURRENCY, median(distant.run)
        show("default run, 100 ms away / requests × latency / concurrency", away / least, 1.2, 1.08)
    print("\n" + (f"slower than it was: {'; '.join(slow)}" if slow else "nothing is slower than it was"))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
