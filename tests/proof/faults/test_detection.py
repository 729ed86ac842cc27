"""The page that tells what is found."""

from __future__ import annotations

from conformance.faults import FAULTS, names
from tests.proof.faults.detection import PAGE, page, results
from tests.proof.faults.schemathesis_rate import document, sample


def test_the_page_is_up_to_date() -> None:
    """`docs/detection.md` is what its generator writes: `python -m tests.proof.faults.detection`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_what_was_measured_is_there() -> None:
    """Each fault that schemathesis was measured on is one that there is."""
    assert results()["reported"]
    assert [name for name in results()["reported"] if name not in FAULTS] == []


def test_the_sample_is_even_over_the_families() -> None:
    """A sample has so many faults of each family, all of them servable, none twice."""
    chosen = sample(3)

    assert len(chosen) == len(set(chosen)) == 3 * len({FAULTS[name].family for name in names()})
    assert set(chosen) <= set(names())


def test_the_document_knows_our_owners() -> None:
    """What schemathesis is given has a value for each path parameter of each operation."""
    parameters = [one for item in document()["paths"].values() for one in item["parameters"]]

    assert parameters
    assert all(parameter["schema"]["enum"] and parameter["examples"] for parameter in parameters)
