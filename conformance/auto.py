"""Which edition a target follows: recorded once, judged by each, held to the one it breaks least (`--edition auto`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .contract import load
from .edition import EDITIONS, Edition
from .judging import BAD, Judge
from .model import Cell, Probe, Recording, Verdict
from .planning.plan import Plan, in_order
from .planning.plan import cells as cells_of_one
from .requirement import Catalogue

AUTO = "auto"
LONGEST = 100
"""Characters of what a target answered that are told in a note."""

Broken = Mapping[tuple[str, str], Verdict]
"""Verdicts that violate or depart, by requirement and case."""


@dataclass(frozen=True)
class Followed:
    """The plan of the edition that a target follows, and in one sentence each how that was told, and where it mixes."""

    plan: Plan
    notes: tuple[str, ...]


def candidates(name: str, *, odata: bool, explore: int = 0) -> tuple[Edition, ...]:
    """The edition of that name; for `auto` all of them, the one with the most paths last."""
    editions = tuple(EDITIONS.values()) if name == AUTO else (EDITIONS[name],)
    return tuple(replace(edition, odata=odata, explore=explore) for edition in editions)


def cells(catalogue: Catalogue, editions: Iterable[Edition]) -> list[Cell]:
    """All cells of the editions, each once, in the catalogue's order."""
    every = [cells_of_one(catalogue, load(edition.name), edition) for edition in editions]
    place = {requirement: number for number, requirement in enumerate(catalogue)}
    found = {cell.name: cell for one in every for cell in one}
    return sorted(found.values(), key=lambda cell: place[cell.requirement])


def plans(widest: Plan, editions: Iterable[Edition]) -> list[Plan]:
    """The same plan for each of the editions."""
    return [
        widest if edition == widest.edition else replace(widest, contract=load(edition.name), edition=edition)
        for edition in editions
    ]


def probes(plans: Iterable[Plan], chosen: Sequence[Cell]) -> list[Probe]:
    """What any of the plans needs for the chosen cells, each request once."""
    return in_order({probe.key: probe for plan in plans for probe in plan.probes(chosen)}.values())


def followed(plans: Sequence[Plan], recording: Recording, chosen: Iterable[Cell]) -> Followed:
    """The edition with the fewest requirements broken on the points where the editions differ; of equals the first.

    A point where they differ is an owner in a cell that is broken by one edition and not by every one. Where every
    edition finds a requirement broken somewhere, that it is so on the paths of one edition as well is no difference.
    """
    names = {cell.name for cell in chosen}
    broken = [_broken(plan, recording, names) for plan in plans]
    shared = set(broken[0]).intersection(*broken)
    everywhere = {name for name, _ in broken[0]}.intersection(*({name for name, _ in one} for one in broken))
    common = names.intersection(*(plan.cases for plan in plans))
    differing = [
        {
            (name, case): verdict
            for (name, case), verdict in one.items()
            if (name, case) not in shared and (name not in everywhere or _cell(name, case) in common)
        }
        for one in broken
    ]
    scores = [len({requirement for requirement, _ in one}) for one in differing]
    best = scores.index(min(scores))
    notes = (_follows(plans, scores, best), *_mixes(plans, differing, best))
    return Followed(plans[best], notes)


def _cell(requirement: str, case: str) -> str:
    return f"{requirement}[{case.partition('/')[0]}]"


def _broken(plan: Plan, recording: Recording, names: set[str]) -> Broken:
    judge = Judge(plan, recording)
    own = (cell for cell in cells_of_one(plan.catalogue, plan.contract, plan.edition) if cell.name in names)
    verdicts = (verdict for cell in own for verdict in judge.verdicts(cell))
    return {(verdict.requirement, verdict.case): verdict for verdict in verdicts if verdict.outcome in BAD}


def _follows(plans: Sequence[Plan], scores: Sequence[int], best: int) -> str:
    name = plans[best].edition.name
    if not any(scores):
        return f"nothing that was answered tells the editions apart: judged by {name}"
    told = ", ".join(f"{score} by {plan.edition.name}" for plan, score in zip(plans, scores, strict=True))
    equals = [p.edition.name for n, p in enumerate(plans) if n != best and scores[n] == scores[best]]
    as_well = f", no less than {_listed(equals)}" if equals else ""
    return f"follows {name}{as_well} (requirements broken where the editions differ: {told})"


def _mixes(plans: Sequence[Plan], differing: Sequence[Broken], best: int) -> Iterator[str]:
    """A sentence for each requirement that the target breaks where another edition is content."""
    points: dict[str, list[tuple[str, str]]] = {}
    for key in differing[best]:
        points.setdefault(key[0], []).append(key)
    for requirement, keys in points.items():
        content = [
            p.edition.name for n, p in enumerate(plans) if n != best and not any(k in differing[n] for k in keys)
        ]
        if content:
            verdict = differing[best][keys[0]]
            finding = verdict.findings[0]
            yield (
                f"mixes: {finding.at} {finding.got[:LONGEST]} as in {_listed(content)}, not {finding.wanted} "
                f"({requirement}, e.g. {verdict.case})"
            )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)
