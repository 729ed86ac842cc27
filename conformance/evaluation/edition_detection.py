"""Which edition a target follows: recorded once, judged by each, held to the one it breaks least (`--edition auto`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..catalogue.requirement import Catalogue
from ..model import Cell, Outcome, Probe, Recording, State, Verdict
from ..planning.plan import Plan, in_order
from ..planning.plan import cells as cells_of_one
from ..spec import EDITIONS, load
from ..spec.editions import Edition, edition_named
from .evaluator import Evaluator
from .found import BAD

AUTO = "auto"
LONGEST = 100
"""Characters of what a target answered that are told in a note."""

Verdicts = Mapping[tuple[str, str], Verdict]
"""By requirement and case."""
Score = tuple[int, int, int]
"""The lower, the more a target follows the edition."""


@dataclass(frozen=True)
class DetectedEdition:
    """The plan of the edition that a target follows, and in one sentence each how that was told, and where it mixes."""

    plan: Plan
    notes: tuple[str, ...]


def candidates(name: str, *, odata: bool, explore: int = 0) -> tuple[Edition, ...]:
    """The edition of that name; for `auto` all of them, the one with the most paths last."""
    names = EDITIONS if name == AUTO else (name,)
    return tuple(replace(edition_named(one), odata=odata, explore=explore) for one in names)


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


def detected(plans: Sequence[Plan], recording: Recording, chosen: Iterable[Cell]) -> DetectedEdition:
    """The edition with the fewest requirements broken on the points where the editions differ; see `_score`.

    A point where they differ is an owner in a cell that is broken by one edition and not by every one. Where every
    edition finds a requirement broken somewhere, that it is so on the paths of one edition as well is no difference.
    """
    names = {cell.name for cell in chosen}
    evaluated = [_evaluated(plan, recording, names) for plan in plans]
    broken = [{place: verdict for place, verdict in one.items() if verdict.outcome in BAD} for one in evaluated]
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
    scores = [_score(one, common, verdicts) for one, verdicts in zip(differing, evaluated, strict=True)]
    best = scores.index(min(scores))
    notes = (_follows(plans, scores, best), *_mixes(plans, differing, best))
    return DetectedEdition(plans[best], notes)


def _score(differing: Verdicts, common: set[str], evaluated: Verdicts) -> Score:
    """Requirements broken on the paths that all editions have; on any path; and paths of its own that it serves.

    In this order: what is answered where the editions agree on the paths says more than paths that are not there.
    """
    on_common = {name for name, case in differing if _cell(name, case) in common}
    own = sum(
        verdict.outcome is Outcome.CONFORMS and verdict.state is State.PRESENT and _cell(name, case) not in common
        for (name, case), verdict in evaluated.items()
    )
    return (len(on_common), len({name for name, _ in differing}), -own)


def _cell(requirement: str, case: str) -> str:
    return f"{requirement}[{case.partition('/')[0]}]"


def _evaluated(plan: Plan, recording: Recording, names: set[str]) -> Verdicts:
    evaluator = Evaluator(plan, recording)
    own = (cell for cell in cells_of_one(plan.catalogue, plan.contract, plan.edition) if cell.name in names)
    return {(verdict.requirement, verdict.case): verdict for cell in own for verdict in evaluator.verdicts(cell)}


def _follows(plans: Sequence[Plan], scores: Sequence[Score], best: int) -> str:
    name = plans[best].edition.name
    if not any(score[1] for score in scores):
        return f"nothing that was answered tells the editions apart: judged by {name}"
    told = ", ".join(f"{score[0]} and {score[1]} by {p.edition.name}" for p, score in zip(plans, scores, strict=True))
    equals = [p.edition.name for n, p in enumerate(plans) if n != best and scores[n][:2] == scores[best][:2]]
    as_well = f", no less than {_listed(equals)}" if equals else ""
    where = "where the editions differ, on the paths that they share and in all"
    return f"follows {name}{as_well} (requirements broken {where}: {told})"


def _mixes(plans: Sequence[Plan], differing: Sequence[Verdicts], best: int) -> Iterator[str]:
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
