"""Many owners, evaluated a portion at a time: the same verdicts as all at once, only counted where they are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from conformance.evaluation import batched_evaluation
from conformance.evaluation.batched_evaluation import Tally
from conformance.evaluation.evaluator import Evaluator
from conformance.faults import find
from conformance.model import Outcome, Recording, State, Verdict
from conformance.planning.plan import Plan, cells
from conformance.recording.exchange_store import ExchangeStore
from conformance.reference.default_tenant import default_tenant
from conformance.requirements import CATALOGUE
from conformance.spec import load
from conformance.target import batches
from conformance.target.tenant import Tenant
from tests.in_process import Fault, InProcessRun, conforming_run_with

pytestmark = pytest.mark.whole

CELLS = list(cells(CATALOGUE, load("v1.0-2016")))


@cache
def people() -> InProcessRun:
    return conforming_run_with(default_tenant(8))


@cache
def tallied(conforming: InProcessRun, fault: Fault | None = None, size: int = 12, ids: str = "") -> Tally:
    """The recording, from a file, evaluated so many owners at a time; `ids` begins the ids of its exchanges."""
    recording, store = conforming.faulted(fault), ExchangeStore(in_file=True)
    store.update({key: replace(exchange, id=ids + key) for key, exchange in recording.exchanges.items()})

    def planned(tenant: Tenant) -> Plan:
        return replace(conforming.plan, tenant=tenant)

    own = conforming.plan.tenant
    leading = planned(own.part((), leading=True)).probes(CELLS)
    parts = batches.batches(own, size, {probe.owner.family for probe in leading})
    return batched_evaluation.evaluated(own, parts, planned, replace(recording, exchanges=store), CELLS)


def counted(tally: Tally) -> Counter[tuple[str, Outcome]]:
    found: Counter[tuple[str, Outcome]] = Counter()
    for cell in CELLS:
        for verdict in tally.verdicts(cell):
            found[cell.name, verdict.outcome] += 1 + verdict.more
    return found


@cache
def at_once(conforming: InProcessRun, fault: Fault | None = None) -> list[Verdict]:
    evaluator = Evaluator(conforming.plan, conforming.faulted(fault))
    return [verdict for cell in CELLS for verdict in evaluator.verdicts(cell)]


def by_cell(verdicts: list[Verdict]) -> Counter[tuple[str, Outcome]]:
    places = {(cell.requirement, cell.place): cell.name for cell in CELLS}
    return Counter((places[each.requirement, each.case.partition("/")[0]], each.outcome) for each in verdicts)


def test_counts_are_exact() -> None:
    """Each cell has as many verdicts of each outcome as when all owners are evaluated at once."""
    once, portioned = by_cell(at_once(people())), counted(tallied(people()))

    assert [] == [key for key in {*once, *portioned} if once[key] != portioned[key]]


def test_what_conforms_is_reported_once_a_cell() -> None:
    """A cell without findings tells one verdict, and how many more are like it."""
    tally = tallied(people())

    declared = [cell for cell in CELLS if cell.state is not State.UNDECLARED]
    assert {1} == {len(tally.verdicts(cell)) for cell in declared}
    assert not any(tally.verdicts(cell) for cell in set(CELLS) - set(declared))
    assert max(verdict.more for cell in CELLS for verdict in tally.verdicts(cell)) > 10


@pytest.mark.parametrize("name", ["property.sides-swapped", "relation.upn-other.bytes"])
def test_violations_are_reported_in_full(name: str) -> None:
    """Each verdict with findings is the same as if all owners were evaluated at once, whatever the other owners are."""
    bad = {each for each in at_once(people(), find(name)) if each.findings}
    tally = tallied(people(), find(name))
    found = {each for cell in CELLS for each in tally.verdicts(cell) if each.findings}

    assert bad
    assert not bad ^ found


@pytest.mark.parametrize("ids", ["", "entry-"])
def test_what_is_not_kept_is_known_by_its_digest(ids: str) -> None:
    """Exchanges that no verdict names are kept as status and SHA-256, and each is in one of the two places.

    In another tool's recording the id of an exchange is not the key of its request.
    """
    tally = tallied(people(), ids=ids)
    asked = set(people().faulted().exchanges)
    named = {each for cell in CELLS for verdict in tally.verdicts(cell) for each in verdict.exchanges}

    assert {exchange.id for exchange in tally.exchanges.values()} == named != set()
    assert asked == set(tally.exchanges) | set(tally.left_out)
    assert not set(tally.exchanges) & set(tally.left_out)
    assert all(len(each) == len("200 ") + 64 for each in tally.left_out.values())
    assert {probe.key for probe in tally.probes} == set(tally.exchanges)


def test_a_cell_without_owners_says_why() -> None:
    """Where no portion has an owner for a cell, the reason is that of the whole directory."""
    unexercised = people().plan.tenant.with_owners(o for o in people().plan.tenant.owners if o.kind == "user")
    plan = replace(people().plan, tenant=unexercised)
    once = Evaluator(plan, Recording(people().faulted().exchanges))
    tally = tallied(replace(people(), plan=plan))
    cell = next(cell for cell in CELLS if cell.variant == "group" and cell.state == "present")

    assert [verdict.reason for verdict in once.verdicts(cell)] == [verdict.reason for verdict in tally.verdicts(cell)]
    assert tally.verdicts(cell)[0].outcome is Outcome.NOT_EXERCISED
