from __future__ import annotations

from conformance.reporting.run import Run, in_order_of
from tests.unit.reporting import runs


def test_all_owners_of_a_cell_are_evaluated_in_it() -> None:
    """Requirement, path shape and state make a cell; its owners are its verdicts."""
    document, _ = runs.run(owners=3)
    evaluated = Run(document).cells
    assert len({cell.name for cell in evaluated}) == len(evaluated)
    assert {len(cell.verdicts) for cell in evaluated} == {3}


def test_a_cell_knows_its_sentence() -> None:
    """Sentence, link and chapter come from the document's requirements; without them the id stands in."""
    document, _ = runs.run()
    value, bare = Run(document).cells[0], Run({**document, "requirements": {}}).cells[0]
    assert (value.sentence, value.chapter) == ("The metadata of an owner with a photo is answered 200.", "metadata")
    assert (bare.sentence, bare.chapter, bare.link) == ("metadata.is-found", "metadata", "")


def test_variants_stand_in_the_pages_order() -> None:
    """The page's seven come first, those of other editions by name after them."""
    assert in_order_of(["me.photo", "user.photo.id", "team.photo"], ["zoo", "team", "user", "me", "ape", "user"]) == [
        "me",
        "user",
        "team",
        "ape",
        "zoo",
    ]
