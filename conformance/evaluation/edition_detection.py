"""Which edition a target follows (`--edition auto`): recorded once, then the one with the fewest violations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

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

Verdicts = Mapping[tuple[str, str], Verdict]
"""By requirement and case."""


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
    evaluated = [_evaluated(plan, recording, names) for plan in plans]
    common = names.intersection(*(plan.cases for plan in plans))
    scores = [_score(plan, verdicts, common) for plan, verdicts in zip(plans, evaluated, strict=True)]
    best = max(number for number, score in enumerate(scores) if score == min(scores))
    alike = [plan.edition.name for plan, score in zip(plans, scores, strict=True) if score == scores[best]]
    notes = (
        _headline(plans, evaluated, best, alike),
        *(_for_and_against(plans, evaluated, number) for number in range(len(plans))),
        *_mixes(plans, evaluated, best),
    )
    return plans[best], tuple(filter(None, notes))


def _score(plan: Plan, verdicts: Verdicts, common: set[str]) -> tuple[int, ...]:
    """Requirements violated, requirements broken, whether it is not the page's, its own paths that do not respond.

    The lower, the better the edition fits. Own paths count where the paths of all editions respond: else they say
    nothing of the edition.
    """
    answered = [
        (name, f"{name}[{case.partition('/')[0]}]" in common, verdict.outcome)
        for (name, case), verdict in verdicts.items()
        if name in ANSWERED and verdict.outcome in (Outcome.VIOLATES, Outcome.CONFORMS)
    ]
    shown = {name for name, shared, outcome in answered if shared and outcome is Outcome.CONFORMS}
    own = [outcome for name, shared, outcome in answered if not shared and name in shown]
    broken = {name for (name, _), verdict in verdicts.items() if verdict.outcome in BAD}
    missing = own.count(Outcome.VIOLATES) - own.count(Outcome.CONFORMS)
    return len(_violated(verdicts)), len(broken), not plan.edition.placeholder, missing


def _violated(verdicts: Verdicts) -> dict[str, Verdict]:
    """The first violation of each requirement that is violated."""
    found: dict[str, Verdict] = {}
    for (name, _), verdict in verdicts.items():
        if verdict.outcome is Outcome.VIOLATES:
            found.setdefault(name, verdict)
    return found


def _evaluated(plan: Plan, recording: Recording, names: set[str]) -> Verdicts:
    evaluator = Evaluator(plan, recording)
    own = (cell for cell in cells(plan.catalogue, plan.edition) if cell.name in names)
    return {(verdict.requirement, verdict.case): verdict for cell in own for verdict in evaluator.verdicts(cell)}


def _headline(plans: Sequence[Plan], evaluated: Sequence[Verdicts], best: int, alike: Sequence[str]) -> str:
    name = plans[best].edition.name
    if len(alike) > 1:
        return f"the responses fit {' and '.join(alike)} alike: evaluated by {name}, the newest of them"
    counts = (f"{plan.edition.name} {len(_violated(one))}" for plan, one in zip(plans, evaluated, strict=True))
    return f"follows {name} (violated requirements by edition: {', '.join(counts)})"


def _for_and_against(plans: Sequence[Plan], evaluated: Sequence[Verdicts], number: int) -> str:
    """What another edition finds violated and this one does not, and the reverse."""
    violated = [set(_violated(one)) for one in evaluated]
    held = {name for (name, _), verdict in evaluated[number].items() if verdict.outcome is Outcome.CONFORMS}
    pro = {name for one in violated for name in one} & held - violated[number]
    contra = {name for name in violated[number] if not all(name in one for one in violated)}
    words = [f"{word} {_short(names)}" for word, names in (("fits in", pro), ("does not fit in", contra)) if names]
    return f"{plans[number].edition.name}: {'; '.join(words)}" if words else ""


def _mixes(plans: Sequence[Plan], evaluated: Sequence[Verdicts], best: int) -> Iterator[str]:
    """A sentence for each requirement that the target violates where another edition, asked the same, conforms."""
    for requirement, verdict in _violated(evaluated[best]).items():
        content = [
            plan.edition.name
            for plan, verdicts in zip(plans, evaluated, strict=True)
            if (same := verdicts.get((requirement, verdict.case))) and same.outcome is Outcome.CONFORMS
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
