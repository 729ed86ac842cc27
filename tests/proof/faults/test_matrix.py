"""The proof of the suite: each fault wakes what it shall and nothing else; each requirement is woken by some fault."""

from __future__ import annotations

import pytest

from conformance.evaluation.evaluator import Evaluator
from conformance.faults import FAULTS
from conformance.model import Recording
from conformance.planning.plan import Plan, cells
from conformance.requirements import CATALOGUE
from tests.in_process import bad
from tests.proof.faults.matrix import faulted, matrix, named

ONE_OF_EACH_FAMILY = list({fault.family: name for name, fault in FAULTS.items()}.values())


def test_the_good_recording_wakes_nothing() -> None:
    """Without a fault every case conforms."""
    evaluator = matrix().good

    assert {found.outcome for case in matrix().cases for found in evaluator._evaluated(case)} == {"conforms"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_wakes_what_it_shall_and_nothing_else(name: str) -> None:
    """The requirements that a fault wakes are exactly those written down beside it."""
    assert set(named(name)) == FAULTS[name].expected


def test_each_requirement_is_woken_by_a_fault() -> None:
    """No requirement that is judged here is there that nothing has ever woken."""
    evaluated = {case.cell.requirement for case in matrix().cases}

    assert evaluated - {requirement for fault in FAULTS.values() for requirement in fault.expected} == set()


@pytest.mark.parametrize("name", FAULTS)
def test_findings_say_something(name: str) -> None:
    """Each finding says where, what was wanted and what was got, in at most two thousand characters."""
    findings = {finding for told in named(name).values() for _, finding in told}

    assert findings
    assert all(finding.at and finding.wanted and finding.got for finding in findings), findings
    assert max(len(finding.wanted + finding.got) for finding in findings) < 2000


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.family == "narrow"])
def test_a_narrow_fault_is_told_at_its_own_path(name: str) -> None:
    """What is wrong at one path shape is told of that shape and of no other."""
    cells_told = {cell for told in named(name).values() for cell, _ in told}
    variant, form, *addressing = FAULTS[name].variety.split(".")

    assert {cell.variant for cell in cells_told} == {variant}
    assert {cell.form for cell in cells_told} <= {form, None}
    assert {cell.addressing for cell in cells_told} == {addressing[0] if addressing else None}


@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
def test_the_short_way_finds_what_the_long_way_finds(name: str) -> None:
    """Judging a spoilt recording anew, whole, wakes the same requirements as judging what the fault touches."""
    found = matrix()
    recording = found.good.recording
    whole = Recording(
        {**recording.exchanges, **faulted(found.conforming, FAULTS[name])}, recording.owners, recording.callers
    )
    plan = Plan(CATALOGUE, found.plan.contract, found.plan.edition, found.plan.tenant)
    evaluator = Evaluator(plan, whole)
    every = cells(CATALOGUE, plan.contract, plan.edition)

    assert bad(verdict for cell in every for verdict in evaluator.verdicts(cell)) == set(named(name))
