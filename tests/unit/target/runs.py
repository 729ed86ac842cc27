"""Runs in this process, on a target of which only the address is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.runner.evaluated import Evaluated
from tests.e2e.recordings.evaluating import prepared, run_of


def run_on(base_url: str, folder: Path, *chapters: str, **options: str) -> Evaluated:
    """A run in this process, of some chapters or of all, recorded and evaluated."""
    run = prepared(base_url, reports=str(folder), **options)
    return run_of(run, [cell for cell in run.cells if not chapters or cell.requirement.partition(".")[0] in chapters])


def verdicts(run: Evaluated) -> list[tuple[Any, ...]]:
    return [
        (each["requirement"], each["case"], each["outcome"], each["blocked_by"]) for each in run.document()["verdicts"]
    ]
