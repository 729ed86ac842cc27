"""The one table of outcomes: how bad each is, what pytest makes of it, how reports show it; and verdicts counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import Outcome


@dataclass(frozen=True, slots=True)
class Shown:
    """How bad one outcome is, how it is shown, and what it makes of a run."""

    badness: int
    """Between two runs: what is of the same is no change, and `NOT_EVALUATED` may be anything."""
    pytest: str
    """pytest's category: `passed`, `failed`, `skipped`, `xfailed` or `error`."""
    letter: str
    meaning: str
    mark: str
    """A sign beside the word, so that nothing depends on a colour alone."""
    emoji: str
    colour: str
    """Of the badge, as shields.io names it."""
    exit_code: int = 0
    """Of a run in which it is the worst; 0: it does not fail a run."""
    or_else: str = ""
    """The option that makes a failure of it."""

    @property
    def pytest_words(self) -> str:
        """What pytest calls it, with the option that changes that."""
        word = {"xfailed": "Expected failure"}.get(self.pytest, self.pytest.capitalize())
        return f"{word}, or Failed with {self.or_else}" if self.or_else else word


NOT_EVALUATED = 1
OUTCOMES = {
    Outcome.BROKEN: Shown(4, "error", "E", "a bug in the suite", "⚡", "💥", "lightgrey", 3),
    Outcome.VIOLATES: Shown(3, "failed", "F", "a MUST is broken", "✕", "❌", "red", 1),
    Outcome.INCONCLUSIVE: Shown(1, "error", "i", "could not be evaluated; it says why", "?", "❔", "lightgrey", 6),
    Outcome.DEPARTS: Shown(2, "passed", "d", "a SHOULD is broken", "!", "⚠️", "orange", or_else="--fail-on should"),
    Outcome.KNOWN: Shown(2, "xfailed", "k", "a listed known deviation", "≈", "📌", "orange"),
    Outcome.BLOCKED: Shown(1, "skipped", "b", "not checked, because the named requirement is violated", "⊘", "▫️",
                           "lightgrey"),
    Outcome.NOT_EXERCISED: Shown(1, "skipped", "-", "the target has no such owner, token or scope", "○", "▫️",
                                 "lightgrey", or_else="--complete"),
    Outcome.CONFORMS: Shown(0, "passed", ".", "as required", "✓", "✅", "brightgreen"),
}  # fmt: skip
"""The worst first: the first of several outcomes stands for all of them."""

RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}

BAD = frozenset({Outcome.VIOLATES, Outcome.DEPARTS})
"""Outcomes of a clause that is broken."""

EXERCISED = frozenset({Outcome.CONFORMS, Outcome.VIOLATES, Outcome.DEPARTS, Outcome.KNOWN})
"""Outcomes of what was asked and evaluated."""


def worst(outcomes: Iterable[Outcome], default: Outcome = Outcome.NOT_EXERCISED) -> Outcome:
    """The outcome that stands for all of them."""
    return min(outcomes, key=RANK.__getitem__, default=default)


def counts_as(outcome: Outcome, fail_on: str, *, complete: bool) -> str:
    """pytest's category of an outcome under the run's options."""
    if (outcome is Outcome.DEPARTS and fail_on == "should") or (outcome is Outcome.NOT_EXERCISED and complete):
        return "failed"
    return OUTCOMES[outcome].pytest


@dataclass(frozen=True, slots=True)
class Square:
    """Where a chapter meets a type of owner: how many verdicts of each outcome, the worst first."""

    counts: Mapping[Outcome, int]

    @property
    def outcome(self) -> Outcome | None:
        """The worst; None where there is no verdict."""
        return next(iter(self.counts), None)

    @property
    def worst(self) -> str:
        """The worst outcome in words, e.g. `4 violates`."""
        return f"{self.counts[self.outcome]:,} {self.outcome}" if self.outcome else ""

    @property
    def rest(self) -> str:
        """The other outcomes in words, e.g. `4 blocked, 18 conforms`."""
        return ", ".join(f"{n:,} {outcome}" for outcome, n in self.counts.items() if outcome is not self.outcome)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.worst, self.rest)))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Chapters down, types of owner across."""

    variants: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def square(counts: Mapping[str, int]) -> Square:
    """The outcomes of some verdicts, the worst first."""
    return Square({outcome: counts[outcome] for outcome in OUTCOMES if counts.get(outcome)})
