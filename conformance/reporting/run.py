"""A run as its reports show it: cells, coverage, matrix, causes; each is computed once, when a report needs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..causes.evidence import Document, VerdictData, outcome_counts, place_of, places, weight
from ..model import Level, Outcome
from .coverage import Coverage, covered, of_known_owners, operations
from .outcomes import BAD, EXERCISED, RANK, Matrix, counts_as, square
from .printable import timestamp

Exchanges = Mapping[str, Mapping[str, Any]]
"""HAR entries by exchange id."""
CauseData = Mapping[str, Any]
"""One member of `causes` in `verdicts.json`."""

_OF_CELL = ("requirement", "level", "cites", "variant", "form", "addressing", "state")
"""What the verdicts of a cell have in common."""


@dataclass(frozen=True, kw_only=True)
class CellResult:
    """A cell with a verdict for each owner: what one pytest item, one row and one test case are drawn from."""

    requirement: str
    variant: str
    form: str | None
    addressing: str | None
    state: str
    sentence: str
    level: str
    cites: str
    link: str
    chapter: str
    verdicts: tuple[VerdictData, ...]
    worst: VerdictData
    """The first verdict with the worst outcome."""
    outcome: Outcome
    counts_as: str
    """pytest's category: `passed`, `failed`, `skipped`, `error` or `xfailed`."""
    cause: str
    """The id of the cause that explains the worst of its verdicts; empty where it needs none."""

    @property
    def name(self) -> str:
        """As `model.Cell` has it."""
        place = (self.variant, self.form, self.addressing, self.state)
        return f"{self.requirement}[{'.'.join(filter(None, place))}]"

    @property
    def row(self) -> str:
        """The id of its row in `report.html`, the same in every run, e.g. `metadata.id:user.metadata.upn.present`."""
        return re.sub(r"[^A-Za-z0-9_.:-]", "_", self.name.removesuffix("]").replace("[", ":"))


@dataclass(frozen=True, slots=True)
class Requirements:
    """How many requirements of one level a run has, and what became of them."""

    of: int
    failed: int
    """Violated, or departed from, at some owner."""
    blocked: int
    """Checked for no owner, and not checked for some because another requirement failed."""
    not_exercised: int
    """Nowhere evaluated: blocked, not exercised or inconclusive."""


@dataclass(frozen=True)
class Run:
    """What all reports of a run are drawn from."""

    document: Document
    exchanges: Exchanges = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The target's public root; `unknown target` where a recording does not say it."""
        return self.document["target"]["base_url"] or "unknown target"

    @property
    def shapes(self) -> Sequence[str]:
        """Keys of all path shapes of the edition."""
        return list(self.document["about"]["shapes"])

    @property
    def unfinished(self) -> bool:
        """Whether it has not ended."""
        return "unfinished" in self.document["about"]

    @property
    def ci(self) -> dict[str, str]:
        """`commit` and `url` of the CI run, both empty outside of one."""
        return {"commit": "", "url": "", **self.document["about"]["run"]}

    @property
    def seconds(self) -> float:
        """How long it took; 0 where its moments say nothing."""
        started, finished = (timestamp(self.document[name]) for name in ("started", "finished"))
        return max(finished - started, 0.0) if started else 0.0

    @cached_property
    def times(self) -> Mapping[str, float]:
        """Seconds by exchange id, where a recording says them."""
        found = ((identity, entry.get("time")) for identity, entry in self.exchanges.items())
        return {each: time / 1000 for each, time in found if isinstance(time, int | float) and 0 < time < 1e9}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many verdicts ended how, all eight outcomes, counted again."""
        return counts(self.document["verdicts"])

    @cached_property
    def requirements(self) -> Mapping[str, Requirements]:
        """By level, what became of the requirements, each counted once."""
        found: dict[str, dict[str, set[str]]] = {level: {} for level in Level}
        for verdict in self.document["verdicts"]:
            found[verdict["level"]].setdefault(verdict["requirement"], set()).add(verdict["outcome"])
        return {level: _requirements(own.values()) for level, own in found.items()}

    @cached_property
    def failing_operations(self) -> int:
        """How many operations violate a MUST; what is about metadata and picture together counts for both."""
        violates = (each for each in self.document["verdicts"] if each["outcome"] == Outcome.VIOLATES)
        return self.operations_of(map(place_of, violates))

    def operations_of(self, places: Iterable[str]) -> int:
        """How many operations these are, given as path shapes, or as variants for all operations of one."""
        found = {tuple(place.split(".")[:2]) for place in places}
        return sum(not found.isdisjoint({each, each[:1]}) for each in operations(self.shapes))

    def about(self, requirement: str) -> Mapping[str, str]:
        """What the document says of a requirement: `sentence`, `link`, `chapter`; else its id stands in."""
        unknown = {"sentence": requirement, "link": "", "chapter": requirement.partition(".")[0]}
        found: Mapping[str, str] = self.document["requirements"].get(requirement, unknown)
        return found

    @cached_property
    def cells(self) -> Sequence[CellResult]:
        """The cells in the order of their verdicts."""
        together: dict[tuple[Any, ...], list[VerdictData]] = {}
        for verdict in self.document["verdicts"]:
            key = tuple(verdict.get(name) for name in _OF_CELL)
            together.setdefault(key, []).append(verdict)
        return [self._cell(key, verdicts) for key, verdicts in together.items()]

    def _cell(self, key: tuple[Any, ...], verdicts: Sequence[VerdictData]) -> CellResult:
        worst = min(verdicts, key=lambda verdict: RANK[verdict["outcome"]])
        outcome = Outcome(worst["outcome"])
        return CellResult(
            **{**self.about(key[0]), **dict(zip(_OF_CELL, key, strict=True))},
            verdicts=tuple(verdicts),
            worst=worst,
            outcome=outcome,
            counts_as=counts_as(outcome, self.document["fail_on"], complete=self.document["complete"]),
            cause=str(worst.get("cause") or ""),
        )

    @cached_property
    def matrix(self) -> Matrix:
        """Verdicts by chapter and type of owner."""
        found: dict[str, dict[str, Counter[str]]] = {}
        for verdict in self.document["verdicts"]:
            row = found.setdefault(self.about(verdict["requirement"])["chapter"], {})
            row.setdefault(verdict["variant"], Counter())[verdict["outcome"]] += weight(verdict)
        variants = in_order_of(self.shapes, {variant for row in found.values() for variant in row})
        rows = ((name, tuple(square(row.get(each, {})) for each in variants)) for name, row in found.items())
        return Matrix(tuple(variants), tuple(rows))

    @cached_property
    def coverage(self) -> Coverage:
        """How much was tested with owners that are known to have a photo, or to have none."""
        return covered(self.document, self.shapes)

    @cached_property
    def causes(self) -> Sequence[CauseData]:
        """The causes that the document holds, most important first."""
        return list(self.document.get("causes", ()))

    @cached_property
    def notes(self) -> Sequence[str]:
        """What a reader should know of the run that no cause says already."""
        said = {text for cause in self.causes for text in (cause["title"], cause["reason"])}
        return [note for note in self.document["notes"] if note not in said]

    @cached_property
    def known(self) -> Sequence[tuple[tuple[str, ...], int, str]]:
        """The known deviations that occurred: requirement and reason, how many verdicts, and where."""
        return self._together(Outcome.KNOWN, "requirement", "reason")

    @cached_property
    def not_exercised(self) -> Sequence[tuple[str, int, str]]:
        """Why verdicts were not exercised: reason, how many, and where; the most frequent reason first."""
        found = self._together(Outcome.NOT_EXERCISED, "reason")
        return sorted(((reason, count, where) for (reason,), count, where in found), key=lambda each: -each[1])

    def _together(self, outcome: Outcome, *names: str) -> list[tuple[tuple[str, ...], int, str]]:
        """The verdicts with an outcome, those alike in these members together: their values, how many, and where."""
        found: dict[tuple[str, ...], list[VerdictData]] = {}
        for verdict in self.document["verdicts"]:
            if verdict["outcome"] == outcome:
                found.setdefault(tuple(verdict[name] or "" for name in names), []).append(verdict)
        return [
            (key, sum(map(weight, alike)), places(map(place_of, alike), self.shapes)) for key, alike in found.items()
        ]

    @cached_property
    def of_known_owners(self) -> bool:
        """Whether some verdict says something of an owner known to have a photo or none, or rests on it."""
        return of_known_owners(self.document)

    @property
    def advice(self) -> Sequence[str]:
        """What to do next, where the run could not look at what it is for."""
        if self.unfinished or self.document["target"]["callers"] or self.of_known_owners:
            return []
        return [
            "No token was given. Set GRAPH_TOKEN, or name a variable for each user in the target file; for a mock that "
            'checks no token set it to anything, and leave out the checks of credentials with -k "not credentials"'
        ]


def _requirements(outcomes: Collection[set[str]]) -> Requirements:
    failed = sum(not own.isdisjoint(BAD) for own in outcomes)
    unchecked = [own for own in outcomes if EXERCISED.isdisjoint(own)]
    blocked = sum(Outcome.BLOCKED in own for own in unchecked)
    return Requirements(len(outcomes), failed, blocked, len(unchecked) - blocked)


def plural(count: int, word: str, words: str | None = None) -> str:
    """E.g. `1 cause`, `2,000 causes`."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def counts(verdicts: Iterable[VerdictData]) -> dict[str, int]:
    """How many verdicts ended how, all eight outcomes."""
    found = outcome_counts(verdicts)
    return {outcome.value: found[outcome] for outcome in Outcome}


def in_order_of(shapes: Iterable[str], variants: Iterable[str]) -> list[str]:
    """The variants, each once, in the order of the edition's path shapes; others last, by name."""
    order = list(dict.fromkeys(shape.partition(".")[0] for shape in shapes))
    return sorted(set(variants), key=lambda name: (order.index(name) if name in order else len(order), name))
