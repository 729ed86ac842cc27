"""Two runs side by side: what got better, what got worse, what is no longer judged, what is new and what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..model import Outcome
from .cells import Document, VerdictData, base_url
from .markdown import code, plain, table
from .overview import plural
from .printable import visible

_RANK = {
    Outcome.CONFORMS: 0,
    Outcome.NOT_EXERCISED: 1,
    Outcome.BLOCKED: 1,
    Outcome.INCONCLUSIVE: 1,
    Outcome.DEPARTS: 2,
    Outcome.KNOWN: 2,
    Outcome.VIOLATES: 3,
    Outcome.BROKEN: 4,
}
_UNJUDGED = 1
_TOLD = 200


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


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two runs."""

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    """Also what conformed and is not judged any more."""
    judged_now: tuple[Change, ...]
    """What is wrong and was not judged before: nobody can say that it got worse."""
    unjudged: tuple[Change, ...]
    """What was wrong and is not judged any more: nobody can say that it got better."""
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    alike: int
    remarks: tuple[str, ...] = ()
    """Why the two may not be comparable: another target, another edition, an interrupted run."""

    @property
    def exit_code(self) -> int:
        """1 where something got worse, else 0."""
        return 1 if self.worse else 0

    @property
    def groups(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The changes under their titles, the worst first."""
        return (
            ("worse", self.worse),
            ("newly judged", self.judged_now),
            ("no longer judged", self.unjudged),
            ("better", self.better),
            ("new", self.new),
            ("gone", self.gone),
        )

    def __str__(self) -> str:
        counted = ", ".join(f"{len(changes):,} {title}" for title, changes in self.groups)
        return f"{'Worse' if self.worse else 'Not worse'}: {counted}, {self.alike:,} alike"


def compare(old: Document, new: Document) -> Comparison:
    """Two documents, verdict by verdict (requirement and case)."""
    before, after = _by_key(old), _by_key(new)
    _fill(before, after, old)
    _fill(after, before, new)
    changes = [_change(key, before.get(key), after.get(key)) for key in sorted({*before, *after})]
    both = [change for change in changes if change.before is not None and change.after is not None]
    return Comparison(
        better=tuple(change for change in both if _step(change) < 0 and not _lost(change)),
        worse=tuple(change for change in both if _step(change) > 0 and not _found(change)),
        judged_now=tuple(change for change in both if _found(change)),
        unjudged=tuple(change for change in both if _lost(change)),
        new=tuple(change for change in changes if change.before is None),
        gone=tuple(change for change in changes if change.after is None),
        alike=sum(1 for change in both if _step(change) == 0),
        remarks=_remarks(old, new),
    )


def _by_key(document: Document) -> dict[tuple[str, str], VerdictData]:
    return {(verdict["requirement"], verdict["case"]): verdict for verdict in document["verdicts"]}


def _fill(these: dict[tuple[str, str], VerdictData], others: Iterable[tuple[str, str]], document: Document) -> None:
    """Give cases that a document only counts (`more`) the verdict that is told for those alike."""
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


def _step(change: Change) -> int:
    return 0 if change.before is None or change.after is None else _RANK[change.after] - _RANK[change.before]


def _lost(change: Change) -> bool:
    return _step(change) < 0 and change.after is not None and _RANK[change.after] == _UNJUDGED


def _found(change: Change) -> bool:
    return _step(change) > 0 and change.before is not None and _RANK[change.before] == _UNJUDGED


def _remarks(old: Document, new: Document) -> tuple[str, ...]:
    pairs = (
        ("targets", base_url(old), base_url(new)),
        ("editions", old["edition"], new["edition"]),
    )
    told = [f"the {name} differ: {before} and {after}" for name, before, after in pairs if before != after]
    cut = [f"the {name} run was interrupted" for name, run in (("old", old), ("new", new)) if run["interrupted"]]
    return (*told, *cut)


def terminal(comparison: Comparison, width: int = 100) -> list[str]:
    """The comparison as plain text lines."""
    told = [visible(f"note: {remark}", width) for remark in comparison.remarks]
    for title, changes in comparison.groups:
        if changes:
            told += ["", f"{title}:"]
            told += [f"    {visible(_sentence(change), width - 4)}" for change in changes[:_TOLD]]
            told += _more(changes)
    return [*told, "", str(comparison)]


def _sentence(change: Change) -> str:
    got = f": {change.got}" if change.got else ""
    return f"{change.words}  {change.requirement}  {change.case}{got}"


def _more(changes: Sequence[Change]) -> list[str]:
    return [f"    … and {plural(len(changes) - _TOLD, 'more', 'more')}"] if len(changes) > _TOLD else []


def markdown(comparison: Comparison) -> str:
    """The comparison as GitHub-flavoured Markdown."""
    told = [f"## Get profilePhoto: {plain(comparison)}"]
    told += [f"\n> {plain(remark)}" for remark in comparison.remarks]
    for title, changes in comparison.groups:
        if changes:
            rows = [
                [change.words, code(change.requirement), code(change.case), code(change.got, 200)]
                for change in changes[:_TOLD]
            ]
            told += ["", f"### {title.capitalize()}", "", *table(["change", "requirement", "case", "got"], rows)]
            told += _more(changes)
    return "\n".join(told) + "\n"
