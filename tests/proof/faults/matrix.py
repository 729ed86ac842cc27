"""Every fault against every requirement, over the conforming recording: which requirements name it, and what they find.

A thousand faults would take minutes if each were evaluated whole. The good recording conforms wholly, so what a fault
does not touch still conforms: only the cases that look at a spoilt answer are evaluated again, and those that another
case's verdict blocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from conformance.catalogue.requirement import NO_5XX
from conformance.catalogue.selectors import Case
from conformance.evaluation.blocking import permitted_keys
from conformance.evaluation.evaluator import Evaluator
from conformance.faults import FAULTS, Fault
from conformance.faults.fault import Where
from conformance.model import Cell, Exchange, Finding, Outcome, Recording, State
from conformance.model.probe import PLAIN
from conformance.planning.plan import Plan, probes_of
from conformance.reference.default_tenant import ADELE, LEE, MEGAN, default_tenant
from conformance.reporting.outcomes import BAD
from conformance.requirements.prerequisites import DUE, REFUSING
from tests.in_process import InProcessRun, conforming_run, conforming_run_with

Named = dict[str, list[tuple[Cell, Finding]]]
"""By requirement: where it names the fault, and what it finds."""


def faulted(conforming: InProcessRun, fault: Fault, met_by: Where = lambda _: True) -> dict[str, Exchange]:
    """The exchanges that the fault changes, by probe key; of requests that do not meet it none."""
    apply, changed = fault.fresh() if fault.fresh else None, {}
    for key, (_, place, good) in conforming.good.items():
        exchange = good
        if place and good.answer and apply:
            answer = apply(place, good.answer)
            exchange = good if answer is good.answer else replace(good, answer=answer)
        elif place and fault.transport:
            exchange = fault.transport(place, good)
        if exchange is not good and exchange != good and place and met_by(place):
            changed[key] = exchange
    return changed


class FinePlan(Plan):
    """A plan whose cases of many answers, each evaluated by itself, are as many cases: fewer of them are touched."""

    @cached_property
    def cases(self) -> dict[str, list[Case]]:
        return {name: [one for case in group for one in _split(case)] for name, group in super().cases.items()}


def _split(case: Case) -> list[Case]:
    if any(role != "answer" for role, _ in case.primary):
        return [case]
    return [case._replace(primary=(role,)) for role in case.primary]


@dataclass(frozen=True, eq=False)
class Matrix:
    """The good run, and what looks at what in it."""

    conforming: InProcessRun

    @property
    def plan(self) -> Plan:
        return self.conforming.plan

    @cached_property
    def cases(self) -> list[Case]:
        """All cases, those that may block others before them."""
        rank: dict[str, int] = {}
        waiting = dict(self.plan.catalogue)
        while waiting:
            ready = [r.id for r in waiting.values() if not set(self._blockers(r.id)) & set(waiting)]
            if not ready:
                raise AssertionError(f"requirements that wait for each other: {sorted(waiting)}")
            rank.update({name: len(rank) for name in ready})
            waiting = {name: r for name, r in waiting.items() if name not in rank}
        every = [case for group in self.plan.cases.values() for case in group]
        return sorted(every, key=lambda case: rank[case.cell.requirement])

    def _blockers(self, requirement: str) -> tuple[str, ...]:
        found = self.plan.catalogue[requirement]
        general = () if found.failures or requirement == NO_5XX else (NO_5XX,)
        paths = DUE if requirement in REFUSING else ()
        return (*general, *found.needs, *found.yields_to, *found.needs_at_shape, *paths)

    @cached_property
    def good(self) -> Evaluator:
        """The evaluator of the good recording, with every case evaluated."""
        evaluator = Evaluator(self.plan, self.conforming.faulted())
        for case in self.cases:
            evaluator.evaluated(case)
        return evaluator

    @cached_property
    def looking_at(self) -> dict[str, set[int]]:
        """Places in `cases` by the key of a probe that they look at."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, case in enumerate(self.cases):
            for probe in probes_of(case):
                found[probe.key].add(place)
                if case.cell.requirement in REFUSING:
                    for key in permitted_keys(probe, self.plan):
                        found[key].add(place)
        return found

    @cached_property
    def waiting_for(self) -> dict[tuple[str, str], set[int]]:
        """Places in `cases` by the requirement and the probe whose verdict may block them."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for place, case in enumerate(self.cases):
            for other in self._blockers(case.cell.requirement):
                for probe in probes_of(case):
                    found[other, probe.key].add(place)
                    if case.cell.requirement in REFUSING:
                        for key in permitted_keys(probe, self.plan):
                            found[other, key].add(place)
            for other in self.plan.catalogue[case.cell.requirement].needs_at_shape:
                for each in self.plan.cases.get(f"{other}[{case.cell.place}]", ()):
                    for probe in probes_of(each):
                        found[other, probe.key].add(place)
        return found

    @cached_property
    def among_others(self) -> set[int]:
        """Places in `cases` of those that look at all owners' answers; a good refusal has nothing of any of them."""
        return {place for place, case in enumerate(self.cases) if case.cell.requirement == "relation.not-another-owner"}

    def evaluated(self, changed: dict[str, Exchange]) -> Named:
        """The requirements that name a recording that differs from the good one in these exchanges, and where."""
        return _named(self.found(changed))

    def found(self, changed: dict[str, Exchange]) -> Iterator[tuple[Case, Any]]:
        """What does not conform in such a recording, by case."""
        evaluator = self._evaluate(changed)
        dirty = {place for key in changed for place in self.looking_at[key]}
        if any(self._shows(key) for key in changed):
            dirty |= self.among_others
        else:
            evaluator.__dict__["photo_index"] = self.good.photo_index
        for place, case in enumerate(self.cases):
            if place not in dirty:
                continue
            evaluator._results.pop(id(case), None)
            for found in evaluator.evaluated(case):
                if found.outcome is Outcome.CONFORMS:
                    continue
                yield case, found
                for probe in found.probes:
                    evaluator.roots.pop((case.cell.requirement, probe.key), None)
                    dirty |= self.waiting_for[case.cell.requirement, probe.key]

    def _shows(self, key: str) -> bool:
        probe = self.conforming.good[key][0]
        return probe.request_kind == PLAIN.name and probe.state is State.PRESENT

    def _evaluate(self, changed: dict[str, Exchange]) -> Evaluator:
        evaluator = Evaluator(self.plan, Recording({**self.good.recording.exchanges, **changed}))
        evaluator._decoded = {key: seen for key, seen in self.good._decoded.items() if key not in changed}
        evaluator._results, evaluator.roots = dict(self.good._results), dict(self.good.roots)
        return evaluator


OF_SOME = ("credential", "owner", "permission", "relation")
"""Families with faults at some owners or callers, which are shown where there are several of each kind."""


@cache
def matrix() -> Matrix:
    """The matrix over as few owners and callers as have every path shape in every state, in the default edition."""
    return matrix_of(conforming_run())


@cache
def wider_matrix() -> Matrix:
    """The same with several owners of each kind, and a caller for each scope."""
    people = default_tenant()
    users = (
        replace(ADELE, contacts=ADELE.contacts[:6]),
        replace(MEGAN, contacts=MEGAN.contacts[:3]),
        replace(LEE, contacts=()),
    )
    return matrix_of(conforming_run_with(replace(people, users=users)))


@cache
def matrix_of(conforming: InProcessRun) -> Matrix:
    """The matrix over a run of which every verdict conforms."""
    plan = conforming.plan
    fine = FinePlan(plan.catalogue, plan.edition, plan.tenant, plan.extra, plan.explored)
    return Matrix(replace(conforming, plan=fine))


def showing(name: str) -> Matrix:
    """The matrix in which the fault of that name is shown."""
    return wider_matrix() if FAULTS[name].family in OF_SOME else matrix()


@lru_cache(maxsize=1)
def found(name: str) -> tuple[dict[str, Exchange], list[tuple[Case, Any]]]:
    """The exchanges that the fault of that name changes, and what does not conform then."""
    shown = showing(name)
    changed = faulted(shown.conforming, FAULTS[name])
    return changed, list(shown.found(changed))


@cache
def named(name: str) -> Named:
    """What names the fault of that name in the matrix; each is evaluated once in a process."""
    return _named(found(name)[1])


def _named(verdicts: Iterable[tuple[Case, Any]]) -> Named:
    named: Named = defaultdict(list)
    for case, verdict in verdicts:
        if verdict.outcome in (*BAD, Outcome.BROKEN):
            findings = verdict.findings or (Finding("broken", "", verdict.reason or ""),)
            named[case.cell.requirement] += [(case.cell, finding) for finding in findings]
    return dict(named)
