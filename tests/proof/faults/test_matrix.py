"""The proof of the suite: each fault is named by exactly the expected requirements, each requirement by some fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.evaluation.evaluator import Evaluator
from conformance.faults import FAULTS
from conformance.faults.fault import Where
from conformance.model import Recording, State
from conformance.planning.plan import Plan, cells
from conformance.reporting.outcomes import BAD
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS
from tests.in_process import bad, conforming_run
from tests.proof.faults.causes import DESCRIBES, causes, described_by
from tests.proof.faults.matrix import Matrix, faulted, matrix, named, showing, wider_matrix

ONE_OF_EACH_FAMILY = list({fault.family: name for name, fault in FAULTS.items()}.values())


@pytest.mark.parametrize("made", [matrix, wider_matrix])
def test_the_conforming_recording_conforms(made: Callable[[], Matrix]) -> None:
    """Without a fault every case conforms."""
    evaluator = made().good

    assert {found.outcome for case in made().cases for found in evaluator.evaluated(case)} == {"conforms"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_what_it_expects_and_nothing_else(name: str) -> None:
    """Exactly the expected requirements name a fault, in full, with two causes at most; a likely one describes it.

    What is wrong at one path shape is found at that shape and at no other.
    """
    found, explained = named(name), causes(name)
    findings = {finding for places in found.values() for _, finding in places}

    assert set(found) == FAULTS[name].expected
    assert all(finding.at and finding.wanted and finding.got for finding in findings), findings
    assert max(len(finding.wanted + finding.got) for finding in findings) < 2000
    assert len(explained) <= 2
    assert {cause for cause in explained if cause.startswith("likely.")} <= described_by(name)
    if FAULTS[name].family == "narrow":
        cells_named = {cell for places in found.values() for cell, _ in places}
        variant, form, *addressing = FAULTS[name].variety.split(".")
        assert {cell.variant for cell in cells_named} == {variant}
        assert {cell.form for cell in cells_named} <= {form, None}
        assert {cell.addressing for cell in cells_named} == {addressing[0] if addressing else None}


@pytest.mark.parametrize("likely", DESCRIBES)
def test_a_likely_cause_is_named_for_a_fault_that_it_describes(likely: str) -> None:
    """Each likely cause that describes faults of the matrix is named for one of them."""
    assert any(f"likely.{likely}" in causes(name) for name in FAULTS if name.startswith(DESCRIBES[likely]))


@pytest.mark.parametrize(
    ("who", "beside"),
    [(lambda place: len(place.scopes) == 1, ["annotation.header"]), (lambda place: place.ask > 1, [])],
    ids=["caller", "again"],
)
def test_a_fault_that_is_met_once_is_named(who: Where, beside: list[str]) -> None:
    """A fault of any definition is named where one caller alone meets it, or the second request alone.

    Not so the photo's ETag, which is compared with the metadata of the usual caller alone.
    """
    one_of_each = {fault.definition: fault for fault in FAULTS.values() if fault.fresh}
    unnamed = []
    for definition, fault in one_of_each.items():
        spoilt = faulted(wider_matrix().conforming, fault, who)
        if spoilt and not any(verdict.outcome in BAD for _, verdict in wider_matrix().found(spoilt)):
            unnamed.append(definition)

    assert unnamed == beside


def test_each_requirement_is_named_by_a_fault() -> None:
    """Every requirement that is evaluated here is expected by some fault."""
    evaluated = {case.cell.requirement for case in matrix().cases}

    assert evaluated - {requirement for fault in FAULTS.values() for requirement in fault.expected} == set()


OF_PHOTOS = ("metadata.is-application-json", "annotation.context-is-photo-entity", "annotation.id-names-the-owner",
             "picture.content-type-is-image", "picture.content-type-matches-bytes")  # fmt: skip
OF_ERRORS = ("error.has-envelope", "error.has-code-and-message")


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_conforms_because_there_was_nothing_to_check(edition: str) -> None:
    """Each case on photos looks at a response with one, each on errors at one with an error.

    Not of permitted callers where they may be refused, as `observed` refuses applications a group's photo.
    """
    run = conforming_run(edition)
    statuses = {key: answer.status for key, (_, _, exchange) in run.good.items() if (answer := exchange.answer)}
    pointless, may_be_refused = [], not run.plan.edition.placeholder
    for case in (case for group in run.plan.cases.values() for case in group):
        found = {statuses[probe.key] for role, probe in case.primary if role == "answer"}
        refused = case.cell.requirement in OF_ERRORS and not (may_be_refused and case.cell.state is State.SCOPED)
        if (case.cell.requirement in OF_PHOTOS and found != {200}) or (refused and max(found) < 400):
            pointless.append(f"{case.cell.requirement} {case.name}")

    assert pointless == []


@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
def test_incremental_evaluation_finds_what_a_whole_one_finds(name: str) -> None:
    """Evaluating the whole recording names the same requirements as evaluating what the fault changes."""
    found = showing(name)
    whole = Recording({**found.good.recording.exchanges, **faulted(found.conforming, FAULTS[name])})
    plan = Plan(CATALOGUE, found.plan.edition, found.plan.tenant)
    evaluator = Evaluator(plan, whole)
    every = cells(CATALOGUE, plan.edition)

    assert bad(verdict for cell in every for verdict in evaluator.verdicts(cell)) == set(named(name))
