"""What pytest reports of a cell."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.pytest_plugin.session_reports import reports_of, without_verdicts
from conformance.reporting.outcomes import counts_as
from conformance.reporting.run import Run
from tests.unit.reporting import runs

PLACE = ("chapter", 0, "name")


def by_name(document: dict[str, Any]) -> dict[str, list[pytest.TestReport]]:
    """The reports of all cells."""
    return {cell.name: reports_of(cell, cell.name, PLACE) for cell in Run(document).cells}


def test_reports_follow_the_outcome() -> None:
    """An inconclusive cell fails its setup, so that pytest calls it an error; a known one is an expected failure."""
    found = by_name(runs.run()[0])
    error = found["transport.is-whole[group.metadata.present]"]
    known = found["metadata.id-matches-dimensions[me.metadata.present]"][0]

    assert [(report.when, report.outcome) for report in error] == [("setup", "failed"), ("teardown", "passed")]
    assert (known.outcome, known.wasxfail) == ("skipped", "ticket 4711, until June")


def test_every_cell_is_reported_as_the_table_of_outcomes_says() -> None:
    """Passed, failed, skipped, and in setup what is an error; a skip has a reason that pytest can read."""
    document, _ = runs.run(hostile=True)
    words = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped", "xfailed": "skipped"}
    for cell in Run(document).cells:
        report = reports_of(cell, cell.name, PLACE)[0]
        assert words[counts_as(cell.outcome, "must", complete=False)] == report.outcome
        assert (report.outcome == "skipped") == isinstance(report.longrepr, tuple)


def test_a_failure_says_sentence_and_finding_without_controls() -> None:
    """Escape sequences of a target do not reach the terminal."""
    document, _ = runs.run(hostile=True)
    failed = [cell for cell in Run(document).cells if cell.outcome == "violates"]
    said = [str(reports_of(cell, cell.name, PLACE)[0].longrepr) for cell in failed]

    assert failed
    assert all(cell.sentence in text for cell, text in zip(failed, said, strict=True))
    assert not [text for text in said if "\x1b" in text]


def test_a_cell_without_verdicts_is_skipped_with_a_reason() -> None:
    """With `auto` there are cells of editions that the target does not follow."""
    report = without_verdicts("not of this edition", "name", PLACE)

    assert ("skipped", "Skipped: not of this edition") == (report.outcome, report.longrepr[2])  # type: ignore[index]
