from __future__ import annotations

from conformance.faults.places import VARIANTS
from conformance.model import Outcome
from conformance.reporting.run import Run
from tests.unit.reporting import runs


def test_coverage_counts_operations_and_shapes() -> None:
    """What was not exercised is counted against what the edition has, and named."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        if verdict["variant"] == "group" or verdict["addressing"] == "upn":
            verdict["outcome"] = "not-exercised"
    result = Run(document).coverage
    assert str(result) == "12 of 14 operations and 12 of 20 path shapes were exercised with a known owner"
    assert "group.photo" in result.left_out


def test_a_blocked_shape_was_not_exercised() -> None:
    """Only what was evaluated counts."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        verdict["outcome"] = "blocked"
    assert Run(document).coverage.shapes == 0


def test_the_matrix_shows_the_worst_outcome() -> None:
    """A square has a word for the worst of its verdicts, and counts of the others."""
    document, _ = runs.run()
    rows = dict(Run(document).matrix.rows)
    square = rows["picture"][Run(document).matrix.variants.index("me-folder")]
    assert (square.outcome, square.total, square.rest) == (Outcome.VIOLATES, 12, "8 blocked, 2 conforms")
    assert Run(document).matrix.variants == VARIANTS


def test_reasons_are_grouped() -> None:
    """Why something was not exercised is said once, with how often and where."""
    document, _ = runs.run()
    assert Run(document).not_exercised == [("no caller has Group.Read.All alone", 4, "group")]
