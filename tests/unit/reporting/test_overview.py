from __future__ import annotations

from typing import Any

import pytest

from conformance.model import Outcome
from conformance.reporting.cells import VARIANTS
from conformance.reporting.overview import coverage, headline, matrix, not_exercised
from tests.unit.reporting import runs


def ended(**changes: Any) -> dict[str, Any]:
    """A conforming document, changed; `outcomes` sets those of its first verdicts."""
    document, _ = runs.run(faulty=False)
    for verdict, outcome in zip(document["verdicts"], changes.pop("outcomes", ()), strict=False):
        verdict["outcome"] = outcome
    return {**document, **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Conforms"),
        ({"outcomes": ["violates", "broken"]}, "The suite is broken"),
        ({"outcomes": ["violates", "inconclusive"], "interrupted": True}, "Does not conform"),
        ({"interrupted": True}, "Interrupted"),
        ({"outcomes": ["departs"]}, "Conforms"),
        ({"outcomes": ["departs"], "fail_on": "should"}, "Departs"),
        ({"about": {"stale": ["listed, and conforms"]}}, "Stale"),
        ({"outcomes": ["inconclusive"]}, "Could not be judged"),
        ({"verdicts": []}, "Nothing was exercised"),
        ({"outcomes": ["not-exercised"]}, "Conforms"),
        ({"outcomes": ["not-exercised"], "complete": True}, "Incomplete"),
        ({"outcomes": ["known"]}, "Conforms but for known deviations"),
        ({"about": {"selected": [80, 1292]}}, "Conforms in what was selected"),
        ({"about": {"selected": "many"}}, "Conforms"),
    ],
)
def test_the_gravest_thing_comes_first(changes: dict[str, Any], words: str) -> None:
    """The verdict in one line follows the order in which things matter to a reader."""
    assert headline(ended(**changes)).words == words


def test_coverage_counts_operations_and_shapes() -> None:
    """What was not exercised is counted against what the edition has, and named."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        if verdict["variant"] == "group" or verdict["addressing"] == "upn":
            verdict["outcome"] = "not-exercised"
    told = coverage(document)
    assert str(told) == "12 of 14 operations and 12 of 20 path shapes were exercised with a known owner"
    assert "group.photo" in told.left_out


def test_where_no_known_owner_was_looked_at_nothing_conforms() -> None:
    """That strangers and unknown owners are refused is told as what it is, and is no green run."""
    document, _ = runs.run(faulty=False)
    for verdict in document["verdicts"]:
        if verdict["state"] in ("present", "absent"):
            verdict["outcome"] = "not-exercised"
    said = headline(document)

    assert ("No photo was looked at", "not-exercised") == (said.words, said.outcome)
    assert (0, 0) == (coverage(document).operations, coverage(document).shapes)


def test_a_blocked_shape_was_not_exercised() -> None:
    """Only what was judged counts."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        verdict["outcome"] = "blocked"
    assert coverage(document).shapes == 0


def test_the_matrix_shows_the_gravest_outcome() -> None:
    """A square has a word for the gravest of its verdicts, and counts of the others."""
    document, _ = runs.run()
    rows = dict(matrix(document).rows)
    square = rows["picture"][matrix(document).variants.index("me-folder")]
    assert (square.outcome, square.total, square.rest) == (Outcome.VIOLATES, 12, "8 blocked, 2 conforms")
    assert matrix(document).variants == VARIANTS


def test_reasons_are_grouped() -> None:
    """Why something was not exercised is told once, with how often and where."""
    document, _ = runs.run()
    assert not_exercised(document) == [("no caller has Group.Read.All alone", 4, "metadata of group; photo of group")]
