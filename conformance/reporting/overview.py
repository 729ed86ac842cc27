"""What a whole run says: the verdict in one line, what was exercised, and the matrix of chapters and path variants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..model import Outcome, State
from .causes import causes, places
from .cells import (
    EXERCISED,
    WORST_FIRST,
    Document,
    VerdictData,
    about,
    in_page_order,
    selected,
    shape_of,
    shapes,
    stale,
    weight,
)
from .verdicts_file import tally


@dataclass(frozen=True, slots=True)
class Headline:
    """The verdict in one line: an outcome for its colour, a few words, and a sentence of numbers."""

    outcome: Outcome
    words: str
    detail: str

    def __str__(self) -> str:
        return f"{self.words}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the contract was asked and judged of owners who are known to have a photo, or to have none.

    That strangers and unknown owners are refused can be seen everywhere, and says little of a photo.
    """

    operations: int
    of_operations: int
    shapes: int
    of_shapes: int
    left_out: tuple[str, ...]
    """Keys of the path shapes that were not."""

    def __str__(self) -> str:
        return (
            f"{self.operations} of {self.of_operations} operations and "
            f"{self.shapes} of {self.of_shapes} path shapes were exercised with a known owner"
        )


@dataclass(frozen=True, slots=True)
class Square:
    """Where a chapter meets a path variant."""

    outcome: Outcome | None
    counts: dict[Outcome, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def rest(self) -> str:
        """The other outcomes in words, e.g. `4 blocked, 18 conform`."""
        return ", ".join(f"{n} {outcome}" for outcome, n in self.counts.items() if outcome is not self.outcome)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Chapters down, path variants across."""

    variants: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def plural(count: int, word: str, words: str | None = None) -> str:
    """E.g. `1 cause`, `2,000 causes`."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def headline(document: Document) -> Headline:
    """The verdict in one line; the gravest thing that can be said comes first."""
    n = tally(document["verdicts"])
    edition = document["edition"]
    asked = sum(n[outcome] for outcome in EXERCISED)
    aside = _aside(n)
    if n["broken"]:
        what = f"{plural(n['broken'], 'verdict')} could not be reached for a fault of the suite itself"
        return Headline(Outcome.BROKEN, "The suite is broken", what)
    if n["violates"]:
        found = len(causes(document, outcomes=(Outcome.VIOLATES,)))
        what = f"{plural(found, 'cause')}, {plural(n['violates'], 'verdict')} of {asked:,} against {edition}"
        return Headline(Outcome.VIOLATES, "Does not conform", what + aside)
    if document["interrupted"]:
        what = f"{plural(asked, 'verdict')} reached before the run was interrupted, none of them a violation"
        return Headline(Outcome.INCONCLUSIVE, "Interrupted", what)
    if n["departs"] and document.get("fail_on") == "should":
        what = f"{plural(n['departs'], 'verdict')} of {asked:,} against a SHOULD of {edition}"
        return Headline(Outcome.DEPARTS, "Departs", what)
    if told := stale(document):
        what = plural(len(told), "known deviation is", "known deviations are") + " none any more"
        return Headline(Outcome.KNOWN, "Stale", what)
    if n["inconclusive"]:
        what = f"{plural(n['inconclusive'], 'verdict')} inconclusive, {asked:,} reached, none of them a violation"
        return Headline(Outcome.INCONCLUSIVE, "Could not be judged", what)
    if not asked:
        return Headline(Outcome.NOT_EXERCISED, "Nothing was exercised", f"no verdict on {edition} was reached")
    if n["not-exercised"] and document.get("complete"):
        what = f"{plural(n['not-exercised'], 'verdict')} not exercised, and a complete run was asked for"
        return Headline(Outcome.NOT_EXERCISED, "Incomplete", what)
    return _content(document, n, f"{n['conforms']:,} of {asked:,} verdicts on {edition}{aside}")


def _content(document: Document, n: Counter[str], what: str) -> Headline:
    """The verdict where nothing is violated: what it rests on."""
    if not any(map(_of_known_owner, document["verdicts"])):
        return Headline(Outcome.NOT_EXERCISED, "No photo was looked at", f"{what}, none of them of a known owner")
    if n["known"]:
        return Headline(Outcome.KNOWN, "Conforms but for known deviations", what)
    if part := selected(document):
        return Headline(Outcome.CONFORMS, "Conforms in what was selected", f"{what}; {part[0]:,} of {part[1]:,} items")
    return Headline(Outcome.CONFORMS, "Conforms", what)


def _aside(n: Counter[str]) -> str:
    words = {
        "departs": "against a SHOULD",
        "known": "known",
        "blocked": "blocked",
        "inconclusive": "inconclusive",
        "not-exercised": "not exercised",
    }
    told = ", ".join(f"{n[outcome]:,} {word}" for outcome, word in words.items() if n[outcome])
    return f" ({told})" if told else ""


def coverage(document: Document) -> Coverage:
    """Operations and path shapes that some verdict on a known owner was reached on, of those that the edition has."""
    every = shapes(document)
    asked = {shape_of(verdict) for verdict in document["verdicts"] if _of_known_owner(verdict)}
    left_out = tuple(shape for shape in every if shape not in asked)
    reached = [shape for shape in every if shape in asked]
    return Coverage(len(_operations(reached)), len(_operations(every)), len(reached), len(every), left_out)


def _of_known_owner(verdict: VerdictData) -> bool:
    return verdict["outcome"] in EXERCISED and verdict["state"] in (State.PRESENT, State.ABSENT)


def _operations(shapes: list[str]) -> set[str]:
    return {".".join(shape.split(".")[:2]) for shape in shapes}


def matrix(document: Document) -> Matrix:
    """Verdicts by chapter and path variant."""
    found: dict[str, dict[str, Counter[Outcome]]] = {}
    for verdict in document["verdicts"]:
        row = found.setdefault(about(document, verdict["requirement"])["chapter"], {})
        row.setdefault(verdict["variant"], Counter())[Outcome(verdict["outcome"])] += weight(verdict)
    variants = in_page_order(verdict["variant"] for verdict in document["verdicts"])
    rows = tuple(
        (chapter, tuple(_square(row.get(variant, Counter())) for variant in variants)) for chapter, row in found.items()
    )
    return Matrix(tuple(variants), rows)


def _square(counts: Counter[Outcome]) -> Square:
    ordered = {outcome: counts[outcome] for outcome in WORST_FIRST if counts[outcome]}
    return Square(next(iter(ordered), None), ordered)


def by_chapter(document: Document) -> list[tuple[str, Counter[Outcome]]]:
    """How many verdicts ended how, in each chapter."""
    found: dict[str, Counter[Outcome]] = {}
    for verdict in document["verdicts"]:
        chapter = about(document, verdict["requirement"])["chapter"]
        found.setdefault(chapter, Counter())[Outcome(verdict["outcome"])] += weight(verdict)
    return list(found.items())


def not_exercised(document: Document) -> list[tuple[str, int, str]]:
    """Why verdicts were not exercised: reason, how many, and where; the most frequent reason first."""
    reasons: dict[str, list[str]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] == Outcome.NOT_EXERCISED:
            where = shape_of(verdict) or verdict["variant"]
            reasons.setdefault(verdict["reason"] or "no reason was given", []).append(where)
    grouped = [(reason, len(where), places(where, shapes(document))) for reason, where in reasons.items()]
    return sorted(grouped, key=lambda each: -each[1])
