"""The result of one call of a requirement's function."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Finding, Outcome, Probe

BAD = (Outcome.VIOLATES, Outcome.DEPARTS)


@dataclass(frozen=True)
class Found:
    """The result of one call of a requirement's function."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    probes: tuple[Probe, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None
