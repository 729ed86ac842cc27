"""Verdicts counted where a chapter, or a requirement, meets a type of owner or a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Outcome
from .outcomes import OUTCOMES


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
    """Chapters down, type of owners across."""

    variants: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def square(counts: Mapping[str, int]) -> Square:
    """The outcomes of some verdicts, the worst first."""
    return Square({outcome: counts[outcome] for outcome in OUTCOMES if counts.get(outcome)})
