"""The plan: which cells there are, which cases live in them, and which requests they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from ..catalogue.requirement import Catalogue, Requirement
from ..catalogue.selectors import Case, Everything, Explored, among
from ..media.header_fields import is_entity_tag
from ..model import OWNED, Cell, Exchange, Form, Probe, State
from ..model.probe import AGAIN, OWN_TAG, PLAIN
from ..spec import Edition
from ..target.tenant import Tenant

LONGEST_TAG = 1000
"""Characters of an entity-tag that is sent back."""


def cells(catalogue: Catalogue, *editions: Edition) -> list[Cell]:
    """All cells of the editions, each once, in the catalogue's order. They depend on no owner."""
    pairs = ((requirement, edition) for requirement in catalogue.values() for edition in editions)
    asked = [(requirement, edition) for requirement, edition in pairs if _asked_for(requirement, edition)]
    found = (cell for one, edition in asked for selector in one.on for cell in selector.cells(one.id, edition))
    return list({cell.name: cell for cell in found}.values())


def _asked_for(requirement: Requirement, edition: Edition) -> bool:
    return requirement.level_in(edition) is not None and (edition.odata or not requirement.odata)


@dataclass(frozen=True)
class Plan:
    """Every case of a tenant, and from it the requests that chosen cells need."""

    catalogue: Catalogue
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
        alike: dict[tuple[int, str], list[Case]] = {}
        shapes, later = self.edition.shapes, []
        for requirement in self.catalogue.values():
            for selector in requirement.on if _asked_for(requirement, self.edition) else ():
                for cell in selector.cells(requirement.id, self.edition):
                    if isinstance(selector, Everything | Explored):
                        later.append((selector, cell))
                        continue
                    key = (id(selector), cell.place)  # many requirements look at the same
                    if key not in alike:  # without a token most have none
                        usable = self.tenant.default or cell.state in (State.NO_CREDENTIALS, State.SCOPED)
                        alike[key] = list(selector.cases(cell, shapes, self.tenant)) if usable else []
                    found.setdefault(cell.name, []).extend(Case(cell, *case[1:]) for case in alike[key])
        general = {one for one, _ in later if isinstance(one, Everything) and self.tenant.default}
        by_place = self._probes_by_place(found, general)
        for selector, cell in later:
            if isinstance(selector, Explored):
                found[cell.name] = among(cell, self.explored)
            else:
                here = by_place.get(cell.place, {}).items()
                found[cell.name] = [Case(cell, label, tuple(("answer", one) for one in own)) for label, own in here]
        return found

    def _probes_by_place(
        self, cases: Mapping[str, list[Case]], general: Iterable[Everything]
    ) -> dict[str, dict[str, list[Probe]]]:
        """What is planned, by the place of the cells that are about it, and by owner."""
        extras = (probe for selector in general for probe in selector.extras(self.edition.shapes, self.tenant))
        by_place: dict[str, dict[str, list[Probe]]] = {}
        for probe in {probe.key: probe for probe in chain(_all_probes(cases), extras, self.extra)}.values():
            at_place = by_place.setdefault(f"{probe.shape.key}.{probe.state}", {})
            at_place.setdefault(probe.owner.label, []).append(probe)
        return by_place

    @cached_property
    def by_probe(self) -> dict[str, dict[str, list[Case]]]:
        """Cases by the key of a primary probe, and by requirement id."""
        found: dict[str, dict[str, list[Case]]] = {}
        for group in self.cases.values():
            for case in group:
                for _, probe in case.primary:
                    found.setdefault(probe.key, {}).setdefault(case.cell.requirement, []).append(case)
        return found

    @cached_property
    def every_probe(self) -> list[Probe]:
        """All requests that the cases need."""
        return in_order({probe.key: probe for probe in _all_probes(self.cases)}.values())

    @cached_property
    def plain(self) -> list[Probe]:
        """The plain requests about owners, known and unknown, with the token of the owner's usual caller."""
        every = {probe.key: probe for probe in _all_probes(self.cases)}
        states = (*OWNED, State.UNKNOWN)
        return [probe for probe in every.values() if probe.request_kind == PLAIN.name and probe.state in states]

    def probes(self, chosen: Iterable[Cell]) -> list[Probe]:
        """What has to be asked for these cells: their own answers, and those of the requirements they depend on."""
        wanted: dict[str, Probe] = {}
        seen: set[int] = set()
        waiting = [case for cell in chosen for case in self.cases.get(cell.name, ())]
        if len(waiting) == sum(map(len, self.cases.values())):  # all of them, as in most runs
            return self.every_probe
        while waiting:
            case = waiting.pop()
            if id(case) in seen:
                continue
            seen.add(id(case))
            wanted.update({probe.key: probe for probe in probes_of(case)})
            requirement = self.catalogue[case.cell.requirement]
            for probe in probes_of(case):
                here = self.by_probe.get(probe.key, {})
                for other in (*requirement.needs, *requirement.yields_to):
                    waiting.extend(here.get(other, ()))
        return in_order(wanted.values())

    def in_editions(self, editions: Iterable[Edition]) -> list[Plan]:
        """The same plan for each of the editions."""
        return [self if edition == self.edition else replace(self, edition=edition) for edition in editions]


def probes_of_all(plans: Sequence[Plan], chosen: Sequence[Cell]) -> list[Probe]:
    """The requests that any of the plans needs for the chosen cells, each once."""
    if len(plans) == 1:
        return plans[0].probes(chosen)
    return in_order({probe.key: probe for plan in plans for probe in plan.probes(chosen)}.values())


def wave(probe: Probe) -> int:
    """Plain requests, then all others (a cache is full before one without a token), metadata again, pictures again."""
    again = 2 + (probe.shape.form is Form.PHOTO)  # apart: where two backends take turns, each would get its own again
    return {PLAIN.name: 0, AGAIN.name: again}.get(probe.request_kind, 1)


def in_order(probes: Iterable[Probe]) -> list[Probe]:
    """Probes wave by wave, as they are sent."""
    return sorted(probes, key=lambda probe: (wave(probe), probe.key))


def at_once(probes: Iterable[Probe]) -> list[Probe]:
    """The probes that wait for no other answer."""
    return [probe for probe in probes if probe.request_kind != OWN_TAG.name]


def afterwards(probes: Iterable[Probe], exchanges: Mapping[str, Exchange]) -> Iterator[Probe]:
    """The others, with what the earlier responses hold; none where the plain answer has no entity-tag."""
    for probe in probes:
        plain = exchanges.get(f"{probe.key.rpartition('/')[0]}/{PLAIN.name}")
        if probe.request_kind != OWN_TAG.name or plain is None or plain.answer is None:
            continue
        tag = (plain.answer.header("ETag") or "").strip()
        if is_entity_tag(tag) and len(tag) <= LONGEST_TAG:
            yield replace(probe, headers=(("If-None-Match", tag),))


def probes_of(case: Case) -> list[Probe]:
    """All probes of a case, primary and support."""
    return [probe for _, probe in case.primary + case.support]


def _all_probes(cases: Mapping[str, list[Case]]) -> Iterator[Probe]:
    return (probe for group in cases.values() for case in group for probe in probes_of(case))


def explores(requirement: Requirement) -> bool:
    """Whether it is a requirement for random requests."""
    return any(isinstance(selector, Explored) for selector in requirement.on)


def why_not_exercised(cell: Cell, plan: Plan) -> str:
    """In one sentence, why a cell has no case on this target."""
    if plan.tenant.default is None and cell.state is not State.NO_CREDENTIALS:
        return "no token is given: only the chapter on credentials can be evaluated"
    named = any(plan.tenant.whole.of_kind(cell.shape, state) for state in OWNED)
    if cell.state is State.SCOPED and named and plan.tenant.of is None:
        return "no caller is known to have the scopes that this needs: add [[identity]] entries with `scopes`"
    if explores(plan.catalogue[cell.requirement]) and not plan.explored:
        return "nothing was drawn at random in this recording, or in this part of the run"
    shape = cell.shape
    if reason := plan.tenant.whole.out_of_reach(shape):
        return reason
    if plan.tenant.of is not None:
        return "no owner of this shard is asked this; another shard may have one"
    having = {State.PRESENT: "with a photo", State.ABSENT: "without a photo"}.get(cell.state, "of the kind asked")
    if shape.operation.leads_to == "size":
        return "no size of a photo is known: the list at …/photos gives none"
    known = f"no {shape.operation.owner} {having} is known for this path"
    if not plan.tenant.whole.of_kind(shape, cell.state):
        return known
    if plan.tenant.whole.named_by(shape, cell.state):
        return f"no {shape.operation.owner} {having} is known for every path that this compares"
    return known + (f" by {shape.addressing}" if shape.addressing else ", which needs the token of the user")
