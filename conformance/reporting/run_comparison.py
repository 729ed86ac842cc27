"""Runs side by side: what got better, worse, is no longer evaluated, is new or gone since the first of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..causes.evidence import Document, VerdictData, owner_of, weight
from ..model import OWNED, Outcome
from .conclusion import concluded
from .outcomes import BAD, EXERCISED, NOT_EVALUATED, OUTCOMES, RANK, Square, square
from .run import Run

NOTHING = 5
"""The exit code of a run that looked at no photo, and of a comparison with one."""
_NOT_WHOLE = (2, 3, NOTHING, 6)


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement on one owner, then and now; None where there was, or is, no such verdict."""

    requirement: str
    case: str
    before: Outcome | None
    after: Outcome | None
    got: str = ""
    """What there is now, where something is wrong with it."""

    @property
    def words(self) -> str:
        """E.g. `conforms → violates`."""
        return f"{self.before or 'absent'} → {self.after or 'absent'}"


GROUPS = ("worse", "newly evaluated", "no longer evaluated", "better", "new", "gone")
"""The worst first. What was or is not evaluated may have been, or may be, as bad as before."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two runs."""

    groups: Mapping[str, tuple[Change, ...]]
    """The changes of each of GROUPS."""
    alike: int
    evaluated: int
    """How many verdicts were reached in both runs."""
    remarks: tuple[str, ...] = ()
    """Why the two may not be comparable: another target, another edition, an interrupted run, a part of one."""

    @property
    def exit_code(self) -> int:
        """1: something got worse; 5: one of the runs looked at nothing, or they have no verdict in common."""
        return 1 if self.groups["worse"] else 0 if self.evaluated else NOTHING

    @property
    def words(self) -> str:
        """What the exit code stands for."""
        return {0: "Not worse", 1: "Worse", NOTHING: "Nothing to compare"}[self.exit_code]

    def __str__(self) -> str:
        counted = ", ".join(f"{len(changes):,} {title}" for title, changes in self.groups.items())
        return f"{self.words}: {counted}, {self.alike:,} alike"


def compare(old: Document, new: Document) -> Comparison:
    """Two documents, verdict by verdict (requirement and case)."""
    before, after = _by_key(old), _by_key(new)
    _fill(before, after, old)
    _fill(after, before, new)
    groups: dict[str, list[Change]] = {title: [] for title in GROUPS}
    alike = evaluated = 0
    found_now = _states(new)
    others = {place for place, state in _states(old).items() if found_now.get(place, state) != state}
    for key in sorted({*before, *after}):
        change = _change(key, before.get(key), after.get(key))
        evaluated += {change.before, change.after} <= EXERCISED
        title = _group(change.before, change.after)
        if title == "new" and change.after in BAD and _place(after[key]) in others:
            title = "worse"  # an owner who had a photo before, or had none
        if title:
            groups[title].append(change)
        else:
            alike += 1
    for title in ("worse", "newly evaluated"):
        groups[title].sort(key=lambda change: -OUTCOMES[change.after].badness if change.after else 0)
    looked = all(concluded(Run(document)).exit_code != NOTHING for document in (old, new))
    changed = {title: tuple(changes) for title, changes in groups.items()}
    return Comparison(changed, alike, evaluated if looked else 0, _remarks(old, new))


def _group(before: Outcome | None, after: Outcome | None) -> str | None:
    """The group of a change; None where both are as bad."""
    if before is None:
        return "new"
    if after is None:
        return "gone"
    old, new = OUTCOMES[before].badness, OUTCOMES[after].badness
    if old == new:
        return None
    if old < new:
        return "newly evaluated" if old == NOT_EVALUATED else "worse"
    return "no longer evaluated" if new == NOT_EVALUATED else "better"


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement in each of the runs."""

    requirement: str
    level: str
    squares: tuple[Square, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs end differently there."""
        return len({square.outcome for square in self.squares}) > 1


def side_by_side(documents: Sequence[Document]) -> list[Row]:
    """Requirement by run, differences first and the worst of them before others."""
    found: dict[str, list[Counter[str]]] = {}
    levels: dict[str, str] = {}
    for place, document in enumerate(documents):
        for verdict in document["verdicts"]:
            counters = found.setdefault(verdict["requirement"], [Counter() for _ in documents])
            counters[place][verdict["outcome"]] += weight(verdict)
            levels.setdefault(verdict["requirement"], verdict["level"])
    rows = [Row(name, levels[name], tuple(map(square, counters))) for name, counters in found.items()]
    return sorted(
        rows, key=lambda row: (not row.differs, min(RANK[each.outcome] for each in row.squares if each.outcome))
    )


def _states(document: Document) -> dict[object, str]:
    """Whether each owner was found to have a photo, by path."""
    return {_place(verdict): verdict["state"] for verdict in document["verdicts"] if verdict["state"] in OWNED}


def _place(verdict: VerdictData) -> object:
    return verdict["variant"], verdict["form"], verdict["addressing"], owner_of(verdict)


def _by_key(document: Document) -> dict[tuple[str, str], VerdictData]:
    return {(verdict["requirement"], verdict["case"]): verdict for verdict in document["verdicts"]}


def _fill(these: dict[tuple[str, str], VerdictData], others: Iterable[tuple[str, str]], document: Document) -> None:
    """Give cases that a document only counts (`more`) the verdict that is named for those alike."""
    counted = {
        (verdict["requirement"], verdict["case"].partition("/")[0]): verdict
        for verdict in document["verdicts"]
        if verdict.get("more")
    }
    for requirement, case in others:
        alike = counted.get((requirement, case.partition("/")[0]))
        if alike is not None:
            these.setdefault((requirement, case), alike)


def _change(key: tuple[str, str], old: VerdictData | None, new: VerdictData | None) -> Change:
    findings = new["findings"] if new else []
    return Change(
        *key,
        Outcome(old["outcome"]) if old else None,
        Outcome(new["outcome"]) if new else None,
        findings[0]["got"] if findings else (new["reason"] or "" if new else ""),
    )


def _remarks(old: Document, new: Document) -> tuple[str, ...]:
    pairs = (("targets", Run(old).base_url, Run(new).base_url), ("editions", old["edition"], new["edition"]))
    remarks = [f"the {name} differ: {before} and {after}" for name, before, after in pairs if before != after]
    for name, run in (("old", Run(old)), ("new", Run(new))):
        conclusion = concluded(run)
        if conclusion.exit_code in _NOT_WHOLE:
            remarks.append(f"the {name} run: {conclusion}")
        elif conclusion.partly:
            remarks.append(f"the {name} run: {conclusion.partly}")
    return tuple(remarks)
