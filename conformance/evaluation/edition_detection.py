"""Which edition a target follows (`--edition auto`): recorded once, then the one with the fewest violations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..model import Cell, Outcome, Recording, Verdict
from ..planning.plan import Plan, cells
from ..reporting.outcomes import BAD
from ..requirements.prerequisites import ANSWERED
from ..spec import EDITIONS, Edition, load
from .evaluator import Evaluator

AUTO = "auto"
LONGEST = 100
"""Characters of a response that a note quotes."""
MOST = 4
"""Requirements that a note names."""


class Candidate(NamedTuple):
    """A plan of one edition, and what its own requirements say of the target."""

    plan: Plan
    verdicts: Mapping[tuple[str, str], Verdict]
    """By requirement and case."""
    violated: Mapping[str, Verdict]
    """The first violation of each requirement that is violated."""

    @property
    def name(self) -> str:
        return self.plan.edition.name


def candidates(name: str, *, odata: bool, explore: int = 0) -> tuple[Edition, ...]:
    """The edition of that name; for `auto` all of them, the one with the most paths last."""
    names = EDITIONS if name == AUTO else (name,)
    return tuple(replace(load(one), odata=odata, explore=explore) for one in names)


def detected(plans: Sequence[Plan], recording: Recording, chosen: Iterable[Cell]) -> tuple[Plan, tuple[str, ...]]:
    """The plan of the edition with the fewest violated requirements, those on its own paths included; and notes.

    Of several: the one with the fewest broken SHOULDs, an edition of the page, the one whose own paths respond, the
    newest. The notes say what speaks for and against each edition, and where the target mixes them.
    """
    names = {cell.name for cell in chosen}
    found = [_candidate(plan, recording, names) for plan in plans]
    common = names.intersection(*(plan.cases for plan in plans))
    scores = [_score(one, common) for one in found]
    alike = [one for one, score in zip(found, scores, strict=True) if score == min(scores)]
    best = alike[-1]
    notes = (_headline(alike, found), *(_for_and_against(one, found) for one in found), *_mixes(best, found))
    return best.plan, tuple(filter(None, notes))


def _candidate(plan: Plan, recording: Recording, names: set[str]) -> Candidate:
    evaluator = Evaluator(plan, recording)
    own = (cell for cell in cells(plan.catalogue, plan.edition) if cell.name in names)
    verdicts = {(verdict.requirement, verdict.case): verdict for cell in own for verdict in evaluator.verdicts(cell)}
    violated: dict[str, Verdict] = {}
    for verdict in verdicts.values():
        if verdict.outcome is Outcome.VIOLATES:
            violated.setdefault(verdict.requirement, verdict)
    return Candidate(plan, verdicts, violated)


def _score(one: Candidate, common: set[str]) -> tuple[int, ...]:
    """Requirements violated, requirements broken, whether it is not the page's, its own paths that do not respond.

    The lower, the better the edition fits. Own paths count where the paths of all editions respond: else they say
    nothing of the edition.
    """
    answered = [
        (name, f"{name}[{case.partition('/')[0]}]" in common, verdict.outcome)
        for (name, case), verdict in one.verdicts.items()
        if name in ANSWERED and verdict.outcome in (Outcome.VIOLATES, Outcome.CONFORMS)
    ]
    shown = {name for name, shared, outcome in answered if shared and outcome is Outcome.CONFORMS}
    own = [outcome for name, shared, outcome in answered if not shared and name in shown]
    broken = {name for (name, _), verdict in one.verdicts.items() if verdict.outcome in BAD}
    missing = own.count(Outcome.VIOLATES) - own.count(Outcome.CONFORMS)
    return len(one.violated), len(broken), not one.plan.edition.placeholder, missing


def _headline(alike: Sequence[Candidate], found: Sequence[Candidate]) -> str:
    names = [one.name for one in alike]
    if len(names) > 1:
        return f"the responses fit {' and '.join(names)} alike: evaluated by {names[-1]}, the newest of them"
    counts = (f"{one.name} {len(one.violated)}" for one in found)
    return f"follows {names[-1]} (violated requirements by edition: {', '.join(counts)})"


def _for_and_against(one: Candidate, found: Sequence[Candidate]) -> str:
    """What another edition finds violated and this one does not, and the reverse."""
    held = {name for (name, _), verdict in one.verdicts.items() if verdict.outcome is Outcome.CONFORMS}
    pro = {name for other in found for name in other.violated} & held - one.violated.keys()
    contra = {name for name in one.violated if not all(name in other.violated for other in found)}
    words = [f"{word} {_short(names)}" for word, names in (("fits in", pro), ("does not fit in", contra)) if names]
    return f"{one.name}: {'; '.join(words)}" if words else ""


def _mixes(best: Candidate, found: Sequence[Candidate]) -> Iterator[str]:
    """A sentence for each requirement that the target violates where another edition, asked the same, conforms."""
    for requirement, verdict in best.violated.items():
        content = [
            other.name
            for other in found
            if (same := other.verdicts.get((requirement, verdict.case))) and same.outcome is Outcome.CONFORMS
        ]
        if content:
            finding = verdict.findings[0]
            yield (
                f"mixes: {finding.at} {finding.got[:LONGEST]} as in {' and '.join(content)}, not {finding.wanted} "
                f"({requirement}, e.g. {verdict.case})"
            )


def _short(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:MOST]) + (f" and {len(listed) - MOST} more" if len(listed) > MOST else "")
