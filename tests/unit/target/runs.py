"""Runs in this process, on a target of which nothing is told but its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.runner import config as suite_options
from conformance.runner.run import Run


def run_on(base_url: str, folder: Path, *chapters: str, **told: str) -> Run:
    """A run in this process, of some chapters or of all, recorded and judged."""
    settled = suite_options.settle(told | {"reports": str(folder)}, {}, lambda _: None)
    run = Run(settled, base_url)
    run.record([cell for cell in run.cells if not chapters or cell.requirement.partition(".")[0] in chapters])
    return run


def verdicts(run: Run) -> list[tuple[Any, ...]]:
    return [
        (each["requirement"], each["case"], each["outcome"], each["blocked_by"]) for each in run.document()["verdicts"]
    ]
