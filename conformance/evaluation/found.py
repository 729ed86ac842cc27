"""The results of calls of a requirement's function, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model import Cell, Exchange, Finding, Outcome, Probe, Verdict
from ..planning.plan import Plan
from ..reporting.outcomes import worst

BAD = (Outcome.VIOLATES, Outcome.DEPARTS)


@dataclass(frozen=True)
class Found:
    """The result of one call of a requirement's function."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    probes: tuple[Probe, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None


def verdict_of(
    cell: Cell,
    name: str,
    plan: Plan,
    found: Sequence[Found],
    exchanges: Mapping[str, Exchange],
    primary: Sequence[Probe],
) -> Verdict:
    """The verdict of a case with this name: the worst result of its calls."""
    requirement = plan.catalogue[cell.requirement]
    outcome = worst((one.outcome for one in found), default=Outcome.CONFORMS)
    decisive = [one for one in found if one.outcome is outcome]
    probes = [probe for one in decisive for probe in one.probes] if outcome in BAD or not primary else primary
    return Verdict(
        requirement=cell.requirement,
        level=requirement.level_in(plan.edition) or requirement.level,
        cites=requirement.statement(cell),
        variant=cell.variant,
        form=cell.form,
        addressing=cell.addressing,
        state=cell.state,
        case=name,
        outcome=outcome,
        findings=tuple(dict.fromkeys(finding for one in decisive for finding in one.findings)),
        exchanges=tuple(dict.fromkeys(exchanges[probe.key].id for probe in probes if probe.key in exchanges)),
        blocked_by=next((one.blocked_by for one in decisive if one.blocked_by), None),
        reason=next((one.reason for one in decisive if one.reason), None),
    )
