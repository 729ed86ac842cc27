"""Evaluates owners in batches: one if memory holds them all; of several, only what a report needs is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ..model import Cell, Exchange, Outcome, Probe, Recording, State, Verdict
from ..planning.plan import Plan
from ..recording.exchange_store import ExchangeStore
from ..reporting.outcomes import RANK
from ..requirements.photo_index import PhotoIndex, declared
from ..target.tenant import Tenant
from . import no_evidence, run_problems
from .evaluator import Evaluator
from .no_evidence import NoEvidence

SHOWN = 6
"""Exchanges kept for a verdict without findings."""

PlanOf = Callable[[Tenant], Plan]


@dataclass(frozen=True)
class Tally:
    """The verdicts of all batches, equal ones once if there are several; and the exchanges that they name."""

    counting: bool
    """Whether there are several batches, so that equal verdicts are only counted."""
    notes: dict[str, None] = field(default_factory=dict)
    exchanges: MutableMapping[str, Exchange] = field(default_factory=ExchangeStore)
    """Those that some verdict names."""
    probes: list[Probe] = field(default_factory=list)
    """The probes of those exchanges."""
    left_out: dict[str, str] = field(default_factory=dict)
    """For all other exchanges, status and SHA-256 of the body, or how the response failed."""
    _verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    _places: dict[tuple[object, ...], int] = field(default_factory=dict)
    """Where in its cell's list a verdict stands, by its case, and by what it has in common with others."""

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """The verdicts of a cell; `more` of each is the number of further equal ones."""
        return self._verdicts.get(cell.name, [])

    def add(self, cell: Cell, verdict: Verdict) -> tuple[str, ...]:
        """Add a verdict; returns the ids of the exchanges to keep for it."""
        kept = self._verdicts.setdefault(cell.name, [])
        if not self.counting:
            kept.append(verdict)
            return ()
        case = (cell.name, verdict.case)
        alike = (cell.name, verdict.outcome, verdict.blocked_by, verdict.reason)
        counted = not verdict.findings and verdict.outcome is not Outcome.BROKEN
        if (place := self._places.get(case)) is not None:  # a case that every batch has: the worst is kept
            if RANK[verdict.outcome] >= RANK[kept[place].outcome]:
                return ()
            kept[place] = _bounded(verdict)
            return kept[place].exchanges
        if counted and (place := self._places.get(alike)) is not None:
            kept[place] = replace(kept[place], more=kept[place].more + 1)
            return ()
        self._places[case] = len(kept)
        if counted:
            self._places[alike] = len(kept)
        kept.append(_bounded(verdict))
        return kept[-1].exchanges

    def keep(self, exchanges: Mapping[str, Exchange], probes: Sequence[Probe], ids: Collection[str]) -> None:
        """Keep these of a batch's exchanges, and a short form of the others."""
        named = {key: exchange for key, exchange in exchanges.items() if exchange.id in ids}
        self.probes.extend(probe for probe in probes if probe.key in named)
        self.exchanges.update(named)
        self.left_out.update((key, _in_short(exchange)) for key, exchange in exchanges.items() if key not in named)


def _bounded(verdict: Verdict) -> Verdict:
    return verdict if verdict.findings else replace(verdict, exchanges=verdict.exchanges[:SHOWN])


def _in_short(exchange: Exchange) -> str:
    if exchange.answer is None:
        return str(exchange.failure.kind) if exchange.failure else ""
    return f"{exchange.answer.status} {sha256(exchange.answer.body).hexdigest()}"


def evaluated(
    own: Tenant, parts: Sequence[Tenant], plan_of: PlanOf, recording: Recording, chosen: Sequence[Cell]
) -> Tally:
    """Evaluate the chosen cells on every part of a tenant, as one run: each photo among those of all owners.

    Problems of the run as a whole are found in the first part.
    """
    tally = Tally(counting=len(parts) > 1)
    photo_index, evidence = _of_all(own, parts, plan_of, recording) if tally.counting else (None, None)

    def add(plan: Plan, *, diagnose: bool) -> bool:
        """Evaluate one batch, and say whether the run has a problem as a whole, if that is asked.

        All that is needed for the batch alone is gone when this returns.
        """
        probes = plan.probes(chosen)
        asked = answered(recording, probes) if tally.counting else recording
        aside = run_problems.set_aside(asked, probes, plan.tenant.callers) if diagnose else asked
        evaluator = Evaluator(plan, aside, photo_index, evidence)
        cells = [cell for cell in chosen if plan.cases.get(cell.name)]
        kept = {each for cell in cells for verdict in evaluator.verdicts(cell) for each in tally.add(cell, verdict)}
        tally.notes.update(dict.fromkeys(evaluator.notes))
        if tally.counting:
            tally.keep(asked.exchanges, probes, kept)
        return aside.notes != recording.notes

    problem = False
    for number, part in enumerate(parts):
        problem |= add(plan_of(part), diagnose=problem or number == 0)
    unexercised = Evaluator(plan_of(own), Recording({}))
    for cell in chosen:
        if not tally.verdicts(cell) and cell.state is not State.UNDECLARED:
            tally.add(cell, unexercised.unexercised(cell))
    return tally


def _of_all(
    own: Tenant, parts: Sequence[Tenant], plan_of: PlanOf, recording: Recording
) -> tuple[PhotoIndex, NoEvidence]:
    """The photos of all owners, from all batches, and what their plain responses give no evidence for."""
    photo_index = PhotoIndex(declared=declared(own.whole.owners))

    def responses() -> Iterator[tuple[Probe, Exchange]]:
        for part in parts:
            plan = plan_of(part)
            plain = answered(recording, plan.plain)
            Evaluator(plan, plain).join(photo_index)
            yield from ((probe, plain.exchanges[probe.key]) for probe in plan.plain if probe.key in plain.exchanges)

    return photo_index, no_evidence.found(plan_of(own), responses())


def answered(recording: Recording, probes: Iterable[Probe]) -> Recording:
    """The exchanges of these probes, in memory."""
    asked = ExchangeStore()
    asked.update((each.key, recording.exchanges[each.key]) for each in probes if each.key in recording.exchanges)
    return replace(recording, exchanges=asked)
