"""Verdicts counted where a chapter, or a requirement, meets a path variant or a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Outcome
from .outcomes import EXERCISED, OUTCOMES


@dataclass(frozen=True, slots=True)
class Square:
    """Where a chapter meets a path variant: how many verdicts of each outcome, the worst first."""

    counts: Mapping[Outcome, int]

    @property
    def outcome(self) -> Outcome | None:
        """The worst; None where there is no verdict."""
        return next(iter(self.counts), None)

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


def square(counts: Mapping[str, int]) -> Square:
    """The outcomes of some verdicts, the worst first."""
    return Square({outcome: counts[outcome] for outcome in OUTCOMES if counts.get(outcome)})
