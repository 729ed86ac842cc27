"""What a whole run looked at: what was exercised, and the matrix of chapters and path variants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..causes.evidence import shape_of, weight
from ..model import Outcome, State
from .causes import known, other_notes, places
from .cells import Document, VerdictData, about, in_order_of, shapes, stale
from .outcomes import EXERCISED, OUTCOMES


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the contract was tested with owners that are known to have a photo, or to have none.

    Refusals of bad credentials and unknown owners occur on every target, and say little about a photo.
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
    def tested(self) -> int:
        """How many of its verdicts say that something was asked and evaluated."""
        return sum(count for outcome, count in self.counts.items() if outcome in EXERCISED)

    @property
    def partly(self) -> bool:
        """Whether nothing is wrong in what was tested, and not all was."""
        return self.tested < self.total and set(self.counts) <= {Outcome.CONFORMS, Outcome.NOT_EXERCISED}

    @property
    def shade(self) -> Outcome:
        """The outcome whose colour it has: only what was tested whole is green."""
        return Outcome.NOT_EXERCISED if self.partly else self.outcome or Outcome.NOT_EXERCISED

    @property
    def words(self) -> str:
        return "partly tested" if self.partly and self.tested else str(self.outcome)

    @property
    def rest(self) -> str:
        """The other outcomes in words, e.g. `4 blocked, 18 conforms`."""
        return ", ".join(f"{n} {outcome}" for outcome, n in self.counts.items() if outcome is not self.outcome)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Chapters down, path variants across."""

    variants: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def plural(count: int, word: str, words: str | None = None) -> str:
    """E.g. `1 cause`, `2,000 causes`."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def coverage(document: Document) -> Coverage:
    """Operations and path shapes that some verdict on a known owner was reached on, of those that the edition has."""
    every = shapes(document)
    asked = {shape_of(verdict) for verdict in document["verdicts"] if of_known_owner(verdict)}
    left_out = tuple(shape for shape in every if shape not in asked)
    reached = [shape for shape in every if shape in asked]
    return Coverage(len(_operations(reached)), len(_operations(every)), len(reached), len(every), left_out)


def of_known_owner(verdict: VerdictData) -> bool:
    """Whether it says something of an owner who is known to have a photo, or to have none."""
    return verdict["outcome"] in EXERCISED and verdict["state"] in (State.PRESENT, State.ABSENT)


def _operations(shapes: list[str]) -> set[str]:
    return {".".join(shape.split(".")[:2]) for shape in shapes}


def matrix(document: Document) -> Matrix:
    """Verdicts by chapter and path variant."""
    found: dict[str, dict[str, Counter[Outcome]]] = {}
    for verdict in document["verdicts"]:
        row = found.setdefault(about(document, verdict["requirement"])["chapter"], {})
        row.setdefault(verdict["variant"], Counter())[Outcome(verdict["outcome"])] += weight(verdict)
    variants = in_order_of(shapes(document), (verdict["variant"] for verdict in document["verdicts"]))
    rows = tuple(
        (chapter, tuple(square(row.get(variant, Counter())) for variant in variants)) for chapter, row in found.items()
    )
    return Matrix(tuple(variants), rows)


def square(counts: Counter[Outcome]) -> Square:
    """The outcomes of some verdicts, the worst first."""
    ordered = {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]}
    return Square(next(iter(ordered), None), ordered)


def not_exercised(document: Document) -> list[tuple[str, int, str]]:
    """Why verdicts were not exercised: reason, how many, and where; the most frequent reason first."""
    reasons: dict[str, list[str]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] == Outcome.NOT_EXERCISED:
            reasons.setdefault(verdict["reason"] or "no reason was given", []).append(verdict["variant"])
    every = {shape.split(".")[0] for shape in shapes(document)}
    grouped = [
        (reason, len(where), "all paths" if every and every <= {*where} else places(where))
        for reason, where in reasons.items()
    ]
    return sorted(grouped, key=lambda each: -each[1])


def advice(document: Document) -> list[str]:
    """What to do next, where the run could not look at what it is for."""
    if document["target"]["callers"] or any(map(of_known_owner, document["verdicts"])):
        return []
    return [
        "No token was given. Set GRAPH_TOKEN, or name a variable for each user in the target file; for a mock that "
        'checks no token set it to anything, and leave out the checks of credentials with -k "not credentials"'
    ]


def below_causes(document: Document) -> list[tuple[str, list[str]]]:
    """What stands below the causes, as titles and sentences; no title without a sentence."""
    skipped = [f"{plural(count, 'verdict')}: {reason} ({where})" for reason, count, where in not_exercised(document)]
    left_out = coverage(document).left_out
    occurred = [f"{plural(count, 'verdict')} of {name}: {reason}" for name, reason, count, _ in known(document)]
    found = {
        "known deviations": occurred,
        "known deviations that no longer occur": stale(document),
        "not exercised": skipped + ([f"not tested: {places(left_out, shapes(document))}"] if left_out else []),
        "notes": other_notes(document),
        "how to go on": advice(document),
    }
    return [(title, sentences) for title, sentences in found.items() if sentences]
