"""`make bench`: what the suite costs, as ratios of what else could be done; medians of three runs.

All use the same reference server with the same owners, four requests at a time where they can be.
"""

from __future__ import annotations

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
    """Measure and print; 1 where something is slower than it should be."""
    slow = []

    def show(what: str, ratio: float, least: float = 0.0, most: float = float("inf")) -> None:
        bound = f"at most {most:g}" if most < float("inf") else f"at least {least:g}" if least else ""
        print(f"{what:<72}{ratio:>8.2f}  {bound}", flush=True)
        if not least <= ratio <= most:
            slow.append(what)

    with tempfile.TemporaryDirectory() as kept, embedding.start(Settings(port=0)) as running:
        folder = Path(kept)
        ours = contenders.Ours(running, folder)
        bare, recording, default = median(ours.bare), median(ours.recording), median(ours.run)
        others = contenders.Schemathesis(running, folder)
        theirs = median(others.run)
        print(f"the default run: {ours.requests} requests, {ours.verdicts} verdicts, {default:.1f} s")
        print(f"schemathesis: {others.verdicts} pairs of operation and check, {others.looks} looks, {theirs:.1f} s\n")
        show("recording / a bare loop of requests", recording / bare, most=1.3)
        show("default run / a bare loop of requests", default / bare)
        show("default run / schemathesis run, all phases", default / theirs, most=1 / 3)
        show("verdicts of the default run / of schemathesis", ours.verdicts / others.verdicts, least=10)
    with far.server(latency := 0.1) as running, tempfile.TemporaryDirectory() as kept:
        distant = contenders.Ours(running, Path(kept))
        least, away = distant.requests * latency / contenders.CONCURRENCY, median(distant.run)
        show("default run, 100 ms away / a bare loop of requests", away / median(distant.bare))
        show("default run, 100 ms away / requests × latency / concurrency", away / least, most=1.25)
    print("\n" + (f"too slow: {'; '.join(slow)}" if slow else "all as fast as they should be"))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
