"""The plan: which cells there are, which cases live in them, and which requests they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..catalogue.random_selectors import Explored, among
from ..catalogue.requirement import Catalogue, Requirement
from ..catalogue.selectors import Case, Everything, shape_of
from ..model import Cell, Probe, State
from ..spec import Contract
from ..spec.editions import Edition
from ..spec.request_kinds import AGAIN, PLAIN
from ..target.tenant import Tenant


def cells(catalogue: Catalogue, contract: Contract, edition: Edition) -> Iterator[Cell]:
    """All cells of an edition, chapter by chapter. They depend on no owner."""
    for requirement in catalogue.values():
        yield from cells_of(requirement, contract, edition)


def cells_of(requirement: Requirement, contract: Contract, edition: Edition) -> list[Cell]:
    """The cells of one requirement in an edition; none where the edition does not ask for it."""
    if not _asked_for(requirement, edition):
        return []
    found = (cell for scope in requirement.on for cell in scope.cells(requirement.id, contract.shapes, edition))
    return list(dict.fromkeys(found))


def _asked_for(requirement: Requirement, edition: Edition) -> bool:
    return requirement.level_in(edition) is not None and (edition.odata or not requirement.odata)


@dataclass(frozen=True)
class Plan:
    """Every case of a directory, and from it the requests that chosen cells need."""

    catalogue: Catalogue
    contract: Contract
    edition: Edition
    tenant: Tenant
    extra: tuple[Probe, ...] = ()
    """Requests in a recording from another tool that are not planned; evaluated by what holds for every response."""
    explored: tuple[Probe, ...] = ()
    """Random requests, evaluated by the requirements for those."""

    @cached_property
    def cases(self) -> dict[str, list[Case]]:
        """Cases by cell name, for every cell of the edition."""
        found: dict[str, list[Case]] = {}
        general = []
        for requirement in self.catalogue.values():
            if _everything(requirement):
                general += cells_of(requirement, self.contract, self.edition)
            elif _asked_for(requirement, self.edition):
                for scope in requirement.on:
                    for cell in scope.cells(requirement.id, self.contract.shapes, self.edition):
                        found.setdefault(cell.name, []).extend(scope.cases(cell, self.contract.shapes, self.tenant))
        by_place = self._probes_by_place(found)
        for cell in general:
            probes = by_place.get((cell.variant, cell.form, cell.addressing, cell.state), [])
            found[cell.name] = list(_one_case_an_owner(cell, probes))
        for requirement in filter(explores, self.catalogue.values()):  # last: the general ones look at none of it
            for cell in cells_of(requirement, self.contract, self.edition):
                found[cell.name] = among(cell, self.explored)
        return found

    def _probes_by_place(self, cases: dict[str, list[Case]]) -> dict[tuple[object, ...], list[Probe]]:
        probes = {probe.key: probe for group in cases.values() for case in group for probe in probes_of(case)}
        for requirement in self.catalogue.values():
            for scope in requirement.on:
                if isinstance(scope, Everything):
                    probes.update({p.key: p for p in scope.extras(self.contract.shapes, self.tenant)})
        probes.update({probe.key: probe for probe in self.extra})
        by_place: dict[tuple[object, ...], list[Probe]] = {}
        for probe in probes.values():
            by_place.setdefault(
                (probe.shape.variant, probe.shape.form, probe.shape.addressing, probe.state), []
            ).append(probe)
        return by_place

    @cached_property
    def by_probe(self) -> dict[tuple[str, str], list[Case]]:
        """Cases by requirement id and the key of a primary probe."""
        found: dict[tuple[str, str], list[Case]] = {}
        for group in self.cases.values():
            for case in group:
                for _, probe in case.primary:
                    found.setdefault((case.cell.requirement, probe.key), []).append(case)
        return found

    @cached_property
    def plain(self) -> list[Probe]:
        """The plain requests about owners, known and unknown, with the token of the owner's usual caller."""
        every = {probe.key: probe for cases in self.cases.values() for case in cases for probe in probes_of(case)}
        states = (State.PRESENT, State.ABSENT, State.UNDECLARED, State.UNKNOWN)
        return [probe for probe in every.values() if probe.request_kind == PLAIN.name and probe.state in states]

    @cached_property
    def showing(self) -> list[Probe]:
        """The plain probes that show an owner's photo."""
        every = {key: case for (_, key), cases in self.by_probe.items() for case in cases[:1]}
        found = (next(probe for _, probe in case.primary if probe.key == key) for key, case in every.items())
        return [probe for probe in found if probe.request_kind == PLAIN.name and probe.state is State.PRESENT]

    def probes(self, chosen: Iterable[Cell]) -> list[Probe]:
        """What has to be asked for these cells: their own answers, and those of the requirements they depend on."""
        wanted: dict[str, Probe] = {}
        seen: set[int] = set()
        waiting = [case for cell in chosen for case in self.cases.get(cell.name, ())]
        while waiting:
            case = waiting.pop()
            if id(case) in seen:
                continue
            seen.add(id(case))
            wanted.update({probe.key: probe for probe in probes_of(case)})
            requirement = self.catalogue[case.cell.requirement]
            for other in requirement.needs + requirement.yields_to:
                for probe in probes_of(case):
                    waiting.extend(self.by_probe.get((other, probe.key), ()))
        return in_order(wanted.values())


def in_order(probes: Iterable[Probe]) -> list[Probe]:
    """Probes so that operations take turns: one that hangs holds up no more than its own."""
    turns: dict[tuple[str, bool], int] = {}
    ranked = []
    for probe in sorted(probes, key=lambda probe: (probe.request_kind != PLAIN.name, probe.key)):
        turn = (probe.shape.operation.id, probe.request_kind == AGAIN.name)
        turns[turn] = turns.get(turn, 0) + 1
        ranked.append((turns[turn], probe))
    return [probe for _, probe in sorted(ranked, key=lambda pair: (pair[1].request_kind == AGAIN.name, pair[0]))]


def probes_of(case: Case) -> list[Probe]:
    """All probes of a case, primary and support."""
    return [probe for _, probe in case.primary + case.support]


def explores(requirement: Requirement) -> bool:
    """Whether it is a requirement for random requests."""
    return any(isinstance(scope, Explored) for scope in requirement.on)


def _everything(requirement: Requirement) -> bool:
    return any(isinstance(scope, Everything) for scope in requirement.on)


def _one_case_an_owner(cell: Cell, probes: Sequence[Probe]) -> Iterator[Case]:
    by_owner: dict[str, list[Probe]] = {}
    for probe in probes:
        by_owner.setdefault(probe.owner.label, []).append(probe)
    for label, own in by_owner.items():
        yield Case(cell, label, tuple(("answer", probe) for probe in own))


def why_not_exercised(cell: Cell, plan: Plan) -> str:
    """In one sentence, why a cell has no case on this target."""
    if plan.tenant.default is None and cell.state is not State.NO_CREDENTIALS:
        return "no token is given: only the chapter on credentials can be evaluated"
    if cell.state is State.SCOPED:
        return "no [[identity]] with, or without, the required scopes is in the target file"
    if explores(plan.catalogue[cell.requirement]) and not plan.explored:
        return "nothing was drawn at random in this recording, or in this part of the run"
    shape = next((s for s in plan.contract.shapes if s.variant == cell.variant), None)
    if shape and (reason := plan.tenant.whole.out_of_reach(shape)):
        return reason
    if plan.tenant.of is not None:
        return "no owner of this shard is asked this; another shard may have one"
    having = {State.PRESENT: "with a photo", State.ABSENT: "without a photo"}.get(cell.state, "of the kind asked")
    if shape and shape.operation.leads_to == "size":
        return "no size of a photo is known: the list at …/photos gives none"
    owner = f"no {shape.operation.owner if shape else 'owner'} {having}"
    if shape and plan.tenant.whole.of_kind(shape, cell.state):
        return f"{owner} can be named by this path" + (
            f", whose key is the {cell.addressing}" if cell.addressing else ""
        )
    return f"{owner} is known for this path"


__all__ = ["Plan", "cells", "cells_of", "in_order", "shape_of", "why_not_exercised"]
