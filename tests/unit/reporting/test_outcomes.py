"""The table of outcomes."""

from __future__ import annotations

import pytest

from conformance.model import Outcome
from conformance.reporting.outcomes import OUTCOMES, counts_as, worst


def test_every_outcome_is_shown_as_itself() -> None:
    """No outcome shares its letter with another one."""
    assert set(Outcome) == set(OUTCOMES)
    assert len({shown.letter for shown in OUTCOMES.values()}) == len(OUTCOMES)


@pytest.mark.parametrize(
    ("outcomes", "standing"),
    [
        ([Outcome.CONFORMS, Outcome.VIOLATES], Outcome.VIOLATES),
        ([Outcome.CONFORMS, Outcome.NOT_EXERCISED], Outcome.NOT_EXERCISED),
        ([Outcome.BLOCKED, Outcome.CONFORMS], Outcome.BLOCKED),
        ([Outcome.DEPARTS, Outcome.INCONCLUSIVE], Outcome.INCONCLUSIVE),
        ([Outcome.BROKEN, Outcome.VIOLATES], Outcome.BROKEN),
    ],
)
def test_the_worst_stands_for_all(outcomes: list[Outcome], standing: Outcome) -> None:
    """One owner's violation is the cell's, and what was not requested for one owner is not shown as green."""
    assert standing is worst(outcomes)


@pytest.mark.parametrize(
    ("outcome", "fail_on", "complete", "word"),
    [
        (Outcome.CONFORMS, "must", False, "passed"),
        (Outcome.VIOLATES, "must", False, "failed"),
        (Outcome.DEPARTS, "must", False, "passed"),
        (Outcome.DEPARTS, "should", False, "failed"),
        (Outcome.BLOCKED, "must", True, "skipped"),
        (Outcome.NOT_EXERCISED, "must", False, "skipped"),
        (Outcome.NOT_EXERCISED, "must", True, "failed"),
        (Outcome.INCONCLUSIVE, "must", False, "error"),
        (Outcome.KNOWN, "must", False, "xfailed"),
        (Outcome.BROKEN, "must", False, "error"),
    ],
)
def test_outcomes_count_as_pytest_counts_them(outcome: Outcome, fail_on: str, complete: bool, word: str) -> None:
    """Each of our eight words has one of pytest's, and two options make it stricter."""
    assert word == counts_as(outcome, fail_on, complete=complete)
