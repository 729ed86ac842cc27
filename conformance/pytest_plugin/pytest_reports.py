"""A cell as pytest's test reports, wherever its verdicts come from: a live run, a recording, or files."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from ..model import Outcome
from ..reporting import junit
from ..reporting.cells import CellResult, Document, counts_as

Place = tuple[str, int | None, str]
"""Where an item is, as pytest has it: file, line, name."""


def row_of(report: Any) -> CellResult | None:
    """The cell that a report is of; None for a test that is none of ours."""
    return getattr(report, "photo_cell", None)


def reports_of(cell: CellResult, document: Document, nodeid: str, place: Place) -> list[pytest.TestReport]:
    """The test reports of a cell; what is an error fails its setup, which is how pytest counts errors."""
    how = counts_as(cell.outcome, document)
    when: Literal["setup", "call"] = "setup" if how == "error" else "call"
    outcome: Literal["passed", "failed", "skipped"] = "passed"
    longrepr: str | tuple[str, int, str] | None = None
    if how in ("failed", "error"):
        outcome, longrepr = "failed", _why(cell)
    elif how in ("skipped", "xfailed"):
        outcome, longrepr = "skipped", (place[0], 0, f"Skipped: {_why(cell)}")
    properties = [(name, str(getattr(cell, name))) for name in ("requirement", "level", "cites", "variant", "outcome")]
    more: dict[str, Any] = {"photo_cell": cell}
    if how == "xfailed":
        more["wasxfail"] = cell.worst["reason"] or ""
    shown = pytest.TestReport(nodeid, place, {}, outcome, longrepr, when, user_properties=properties, **more)
    return [shown, pytest.TestReport(nodeid, place, {}, "passed", None, "teardown")]


def without_verdicts(why: str, nodeid: str, place: Place) -> pytest.TestReport:
    """The report of a cell that this run has nothing to say of."""
    return pytest.TestReport(nodeid, place, {}, "skipped", (place[0], 0, f"Skipped: {why}"), "call")


def _why(cell: CellResult) -> str:
    worst = cell.worst
    if cell.outcome is Outcome.BROKEN or (cell.outcome is Outcome.NOT_EXERCISED and worst["reason"]):
        return str(worst["reason"])  # a traceback in full
    return f"blocked by {worst['blocked_by']}" if worst["blocked_by"] else junit.details(cell, {})
