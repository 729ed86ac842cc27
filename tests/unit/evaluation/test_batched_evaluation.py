"""Many owners, judged a portion at a time: the same verdicts as all at once, only counted where they are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from conformance.evaluation import batched_evaluation
from conformance.evaluation.batched_evaluation import Tally
from conformance.evaluation.evaluator import Judge
from conformance.faults import find
from conformance.model import Outcome, Recording, Verdict
from conformance.planning.plan import Plan, cells
from conformance.recording.exchange_store import Shelf
from conformance.reference.default_tenant import default_directory
from conformance.target import batches
from conformance.target.tenant import Directory
from tests.in_process import Fault, Rehearsal, rehearse_with

PEOPLE = rehearse_with(default_directory(30))
CELLS = list(cells(PEOPLE.plan.catalogue, PEOPLE.plan.contract, PEOPLE.plan.edition))


def tallied(rehearsal: Rehearsal, fault: Fault | None = None, size: int = 12) -> Tally:
    """The recording, from a file, judged so many owners at a time."""
    recording, shelf = rehearsal.spoilt(fault), Shelf()
    shelf.update(recording.exchanges)

    def planned(directory: Directory) -> Plan:
        return replace(rehearsal.plan, directory=directory)

    own = rehearsal.plan.directory
    leading = planned(own.part((), leading=True)).probes(CELLS)
    parts = batches.portions(own, size, {batches.family(probe.owner) for probe in leading})
    return batched_evaluation.judged(own, parts, planned, replace(recording, exchanges=shelf), CELLS)


def counted(tally: Tally) -> Counter[tuple[str, Outcome]]:
    found: Counter[tuple[str, Outcome]] = Counter()
    for cell in CELLS:
        for verdict in tally.verdicts(cell):
            found[cell.name, verdict.outcome] += 1 + verdict.more
    return found


def at_once(rehearsal: Rehearsal, fault: Fault | None = None) -> list[Verdict]:
    judge = Judge(rehearsal.plan, rehearsal.spoilt(fault))
    return [verdict for cell in CELLS for verdict in judge.verdicts(cell)]


def by_cell(verdicts: list[Verdict]) -> Counter[tuple[str, Outcome]]:
    places = {(cell.requirement, cell.place): cell.name for cell in CELLS}
    return Counter((places[each.requirement, each.case.partition("/")[0]], each.outcome) for each in verdicts)


def test_counts_are_exact() -> None:
    """Each cell has as many verdicts of each outcome as when all owners are judged at once."""
    once, portioned = by_cell(at_once(PEOPLE)), counted(tallied(PEOPLE))

    assert [] == [key for key in {*once, *portioned} if once[key] != portioned[key]]


def test_what_conforms_is_told_once_a_cell() -> None:
    """A cell without findings tells one verdict, and how many more are like it."""
    tally = tallied(PEOPLE)

    assert {1} == {len(tally.verdicts(cell)) for cell in CELLS}
    assert max(verdict.more for cell in CELLS for verdict in tally.verdicts(cell)) >= 20


@pytest.mark.parametrize("name", ["property.sides-swapped", "relation.upn-other.bytes"])
def test_violations_are_told_in_full(name: str) -> None:
    """Every verdict with findings is told as if all owners were judged at once, whoever the other owners are."""
    bad = {each for each in at_once(PEOPLE, find(name)) if each.findings}
    tally = tallied(PEOPLE, find(name))
    told = {each for cell in CELLS for each in tally.verdicts(cell) if each.findings}

    assert bad
    assert not bad ^ told


def test_what_is_not_kept_is_told_by_its_digest() -> None:
    """Exchanges that no verdict names are kept as status and SHA-256, and each is in one of the two places."""
    tally = tallied(PEOPLE)
    asked = set(PEOPLE.spoilt().exchanges)

    assert asked == set(tally.exchanges) | set(tally.left_out)
    assert not set(tally.exchanges) & set(tally.left_out)
    assert all(len(told) == len("200 ") + 64 for told in tally.left_out.values())
    assert {probe.key for probe in tally.probes} == set(tally.exchanges)


def test_a_cell_without_owners_says_why() -> None:
    """Where no portion has an owner for a cell, the reason is that of the whole directory."""
    nobody = PEOPLE.plan.directory.learnt(o for o in PEOPLE.plan.directory.owners if o.kind == "user")
    plan = replace(PEOPLE.plan, directory=nobody)
    once = Judge(plan, Recording(PEOPLE.spoilt().exchanges, (), ()))
    tally = tallied(replace(PEOPLE, plan=plan))
    cell = next(cell for cell in CELLS if cell.variant == "group" and cell.state == "present")

    assert [verdict.reason for verdict in once.verdicts(cell)] == [verdict.reason for verdict in tally.verdicts(cell)]
    assert tally.verdicts(cell)[0].outcome is Outcome.NOT_EXERCISED
