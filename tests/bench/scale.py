"""`python -m tests.bench.scale [USERS …]`: what a run costs in a directory of 10, 100, 1,000 and 10,000 users."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from conformance.reference import embedding
from conformance.reference.serving import Settings
from tests.cost import measured_pytest

SIZES = (10, 100, 1_000, 10_000)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """What one run took and left."""

    owners: int
    verdicts: int
    listed: int
    """Verdicts that `verdicts.json` lists; the others are counted."""
    seconds: float
    cpu: float
    """Seconds of the processor, the server's not among them."""
    megabytes: float
    """Of memory, at the most."""
    sizes: dict[str, int]
    """Bytes of each report."""


def measured(users: int, folder: Path, *arguments: str) -> Cost:
    """Run the suite on a reference server with so many users more."""
    with embedding.start(Settings(port=0, users=users)) as running:
        reports = folder / "reports"
        listed = [f"--target={running.target}", f"--reports={reports}", "-q", *arguments]
        run = measured_pytest(listed, {**os.environ, **running.tokens}, folder)
    if run.code:
        raise SystemExit(run.said)
    document = json.loads((reports / "verdicts.json").read_text("utf-8"))
    return Cost(
        len(document["target"]["owners"]), sum(document["counts"].values()), len(document["verdicts"]),
        run.seconds, run.cpu, run.megabytes, {path.name: path.stat().st_size for path in reports.iterdir()},
    )  # fmt: skip


def main(sizes: list[int]) -> None:
    """Print a line for each size; the cost of one owner is what the runs differ by."""
    print(f"{'owners':>8}{'verdicts':>10}{'listed':>8}{'s':>8}{'CPU s':>8}{'ms/owner':>10}{'MB':>6}  reports, MB")
    first: Cost | None = None
    for users in sizes:
        with tempfile.TemporaryDirectory() as folder:
            cost = measured(users, Path(folder))
        first = first or cost
        each = (cost.cpu - first.cpu) * 1000 / (cost.owners - first.owners) if cost.owners > first.owners else 0.0
        files = ", ".join(
            f"{name} {size / MEGABYTE:.1f}" for name, size in sorted(cost.sizes.items()) if size > MEGABYTE
        )
        print(
            f"{cost.owners:>8}{cost.verdicts:>10}{cost.listed:>8}{cost.seconds:>8.1f}{cost.cpu:>8.1f}{each:>10.1f}"
            f"{cost.megabytes:>6.0f}  {files}",
            flush=True,
        )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or list(SIZES))
