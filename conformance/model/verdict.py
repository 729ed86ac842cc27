"""What a requirement says of one owner, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .contract import Addressing, Form, Level, State


class Outcome(StrEnum):
    """How a verdict ends; the words of every report."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    DEPARTS = "departs"
    BLOCKED = "blocked"
    NOT_EXERCISED = "not-exercised"
    INCONCLUSIVE = "inconclusive"
    KNOWN = "known"
    BROKEN = "broken"


NOT_ASKED = "this was not requested"
"""The reason of a verdict that is not exercised because its request is not there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: where, what was due, what was there. Plain text, from the wire too."""

    at: str
    wanted: str
    got: str

    def __post_init__(self) -> None:
        """What came from the wire may be long; thousands of verdicts repeat it."""
        for name in ("at", "wanted", "got"):
            if len(text := getattr(self, name)) > _FINDING:
                object.__setattr__(self, name, f"{text[: _FINDING - 1]}…")


_FINDING = 500
"""Characters of one part of a finding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of one owner in one cell, by one requirement."""

    requirement: str
    level: Level
    cites: str
    variant: str
    form: Form | None
    addressing: Addressing | None
    state: State
    case: str
    """`{variant}.{form}.{addressing}.{state}/{owner}`: what known deviations match by glob."""
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    exchanges: tuple[str, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None
    """Why it was not exercised, is inconclusive, known or broken; one sentence."""
    more: int = 0
    """How many more owners of its cell ended just so, and are only counted (past 500 owners)."""
