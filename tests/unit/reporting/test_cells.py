from __future__ import annotations

import pytest

from conformance.model import Outcome
from conformance.reporting.cells import cells, counts_as, in_page_order, worst_outcome
from tests.unit.reporting import runs


def test_all_owners_of_a_cell_are_judged_in_it() -> None:
    """Requirement, path shape and state make a cell; its owners are its verdicts."""
    document, _ = runs.run(owners=3)
    evaluated = cells(document)
    assert len({cell.name for cell in evaluated}) == len(evaluated)
    assert {len(cell.verdicts) for cell in evaluated} == {3}


def test_a_cell_knows_its_sentence() -> None:
    """Sentence, link and chapter come from the document's requirements; without them the id stands in."""
    document, _ = runs.run()
    told, bare = cells(document)[0], cells({**document, "requirements": {}})[0]
    assert (told.sentence, told.chapter) == ("The metadata of an owner with a photo is answered 200.", "metadata")
    assert (bare.sentence, bare.chapter, bare.link) == ("metadata.is-found", "metadata", "")


def test_one_owner_that_conforms_outweighs_one_that_was_not_asked() -> None:
    """The gravest outcome stands for a cell, but what was not exercised hides nothing."""
    assert worst_outcome([{"outcome": "not-exercised"}, {"outcome": "conforms"}]) is Outcome.CONFORMS
    assert worst_outcome([{"outcome": "conforms"}, {"outcome": "known"}, {"outcome": "violates"}]) is Outcome.VIOLATES


@pytest.mark.parametrize(
    ("outcome", "options", "word"),
    [
        (Outcome.CONFORMS, {}, "passed"),
        (Outcome.VIOLATES, {}, "failed"),
        (Outcome.DEPARTS, {}, "passed"),
        (Outcome.DEPARTS, {"fail_on": "should"}, "failed"),
        (Outcome.BLOCKED, {"complete": True}, "skipped"),
        (Outcome.NOT_EXERCISED, {}, "skipped"),
        (Outcome.NOT_EXERCISED, {"complete": True}, "failed"),
        (Outcome.INCONCLUSIVE, {}, "error"),
        (Outcome.KNOWN, {}, "xfailed"),
        (Outcome.BROKEN, {}, "error"),
    ],
)
def test_outcomes_count_as_pytest_counts_them(outcome: Outcome, options: dict[str, object], word: str) -> None:
    """Each of our eight words has one of pytest's, and two options make it stricter."""
    assert counts_as(outcome, options) == word


def test_variants_stand_in_the_pages_order() -> None:
    """The page's seven come first, those of other editions by name after them."""
    assert in_page_order(["team", "user", "me-size", "me", "user"]) == ["me", "user", "me-size", "team"]
