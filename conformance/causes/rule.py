"""What a rule of a likely cause is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .evidence import Evidence, VerdictData


@dataclass(frozen=True, slots=True)
class Likely:
    """A likely cause, with what speaks for it and what would speak against it."""

    title: str
    hint: str
    supports: str
    refutes: str
    explains: Sequence[VerdictData]


Rule = Callable[[Evidence], Likely | None]
"""Gives the cause that the evidence speaks for, or None."""
