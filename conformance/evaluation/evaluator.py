"""From recorded answers to verdicts. Pure: nothing is sent, nothing is written.

A requirement is judged where the answers that it looks at hold by themselves: where a requirement that it needs is
violated (or one that tells the same cause more exactly), it is blocked by that one and says so. One cause, one red.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse, PhotoIndex
from ..catalogue.requirement import EXPLORED_WHOLE, NO_5XX, WHOLE, BlockedBy, Requirement
from ..catalogue.selectors import Case
from ..media import json_text
from ..model import (
    INCONCLUSIVE_FAILURES,
    Addressing,
    Cell,
    FailureKind,
    Finding,
    Form,
    Level,
    Outcome,
    Owner,
    Probe,
    Recording,
    Verdict,
)
from ..planning.plan import Plan, explores, why_not_exercised
from ..reporting.outcomes import worst

BAD = (Outcome.VIOLATES, Outcome.DEPARTS)
SEVERAL = ("other_paths", "asked", "otherwise")
"""Roles that a case may have any number of answers in."""
CACHED = 1_000_000
"""Values in JSON texts that are kept decoded, about 100 bytes each."""
OPTIONAL = (*SEVERAL, "sibling", "beside")
"""Support that a function can do without."""


@dataclass
class _Found:
    """What one call of a requirement's function came to."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    probes: tuple[Probe, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None


class Evaluator:
    """Judges the cases of a plan by a recording, each once, on demand."""

    def __init__(self, plan: Plan, recording: Recording, photo_index: PhotoIndex | None = None) -> None:
        self.plan = plan
        self.recording = recording
        self._photo_index = photo_index
        self._decoded: dict[str, DecodedResponse] = {}
        self._weight = 0
        self._found: dict[int, list[_Found]] = {}
        self._held: dict[tuple[str, str], str | None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the recording, and of whom it shows, where that was looked at."""
        return (*self.recording.notes, *(self._photo_index.notes if self._photo_index else ()))

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """One verdict for every owner of a cell; where there is none, one that says why it was not exercised."""
        cases = self.plan.cases.get(cell.name, [])
        if not cases:
            return [self.unexercised(cell)]
        return [self.verdict(case) for case in cases]

    def verdict(self, case: Case) -> Verdict:
        """The verdict of one owner in one cell."""
        return self._verdict(case.cell, case.name, self._evaluated(case), case)

    def unexercised(self, cell: Cell) -> Verdict:
        """The verdict of a cell without any owner."""
        reason = why_not_exercised(cell, self.plan)
        return self._verdict(cell, f"{cell.place}/none", [_Found(Outcome.NOT_EXERCISED, reason=reason)])

    def _verdict(self, cell: Cell, name: str, found: list[_Found], case: Case | None = None) -> Verdict:
        requirement = self.plan.catalogue[cell.requirement]
        level = requirement.level_in(self.plan.edition) or requirement.level
        outcome = worst((one.outcome for one in found), default=Outcome.CONFORMS)
        told = [one for one in found if one.outcome is outcome]
        return Verdict(
            requirement=cell.requirement,
            level=level,
            cites=requirement.statement(cell),
            variant=cell.variant,
            form=cell.form,
            addressing=cell.addressing,
            state=cell.state,
            case=name,
            outcome=outcome,
            findings=tuple(dict.fromkeys(finding for one in told for finding in one.findings)),
            exchanges=self._exchange_ids(told, outcome, case),
            blocked_by=next((one.blocked_by for one in told if one.blocked_by), None),
            reason=next((one.reason for one in told if one.reason), None),
        )

    def _exchange_ids(self, told: list[_Found], outcome: Outcome, case: Case | None) -> tuple[str, ...]:
        probes = [probe for one in told for probe in one.probes]
        if outcome not in BAD and case is not None:
            probes = [probe for _, probe in case.primary]
        exchanges = self.recording.exchanges
        return tuple(dict.fromkeys(exchanges[probe.key].id for probe in probes if probe.key in exchanges))

    def _evaluated(self, case: Case) -> list[_Found]:
        if id(case) not in self._found:
            self._found[id(case)] = list(self._evaluate(case))
        return self._found[id(case)]

    def _evaluate(self, case: Case) -> Iterable[_Found]:
        requirement = self.plan.catalogue[case.cell.requirement]
        if "answer" not in requirement.parameters:
            yield self._call(requirement, case, [probe for _, probe in case.primary])
            return
        beside = [probe for role, probe in case.primary if role != "answer"]
        for role, probe in case.primary:
            if role == "answer":
                yield self._call(requirement, case, [probe, *beside])

    def _call(self, requirement: Requirement, case: Case, primary: list[Probe]) -> _Found:
        """Judge one set of answers: gaps first, then what blocks, then the function itself."""
        told = tuple(primary)
        for probe in primary:
            if gap := self._gap(requirement, probe):
                return gap
        for probe in primary:
            if blocker := self._blocker(requirement, probe):
                return _Found(Outcome.BLOCKED, probes=told, blocked_by=blocker)
        for role, probe in case.support:
            if role not in OPTIONAL and (missing := self._missing(requirement, probe, told)):
                return missing
        return self._applied(requirement, case, primary)

    def _applied(self, requirement: Requirement, case: Case, primary: list[Probe]) -> _Found:
        """What the requirement's function says of answers that it may look at."""
        told = tuple(primary)
        try:
            yielded = list(requirement.function(**self._arguments(requirement, case, primary)))
        except CannotEvaluate as error:
            return _Found(Outcome.INCONCLUSIVE, probes=told, reason=str(error))
        except Exception:  # noqa: BLE001 - a fault of the suite is told as one ("broken"), never as the target's
            return _Found(Outcome.BROKEN, probes=told, reason=traceback.format_exc())
        findings = tuple(found for found in yielded if isinstance(found, Finding))
        if findings:
            if known := self._known_of(requirement, case.cell) or self._told_beside(requirement, case):
                return _Found(Outcome.BLOCKED, probes=told, blocked_by=known)
            level = requirement.level_in(self.plan.edition)
            return _Found(Outcome.VIOLATES if level is Level.MUST else Outcome.DEPARTS, findings, told)
        blocked = next((found.requirement for found in yielded if isinstance(found, BlockedBy)), None)
        return _Found(Outcome.BLOCKED if blocked else Outcome.CONFORMS, probes=told, blocked_by=blocked)

    def _gap(self, requirement: Requirement, probe: Probe) -> _Found | None:
        """What is told where there is no answer to judge."""
        exchange = self.recording.exchanges.get(probe.key)
        if exchange is None:
            return _Found(Outcome.NOT_EXERCISED, probes=(probe,), reason="it was not asked in this recording")
        failure = exchange.failure
        if failure is None or (requirement.failures and requirement.id != WHOLE and exchange.throttled):
            return None
        if failure.kind in INCONCLUSIVE_FAILURES:
            return _Found(Outcome.INCONCLUSIVE, probes=(probe,), reason=failure.detail)
        if failure.kind is FailureKind.NOT_ASKED:
            return _Found(Outcome.BLOCKED, probes=(probe,), blocked_by=_whole(requirement), reason=failure.detail)
        if requirement.failures:
            return None
        return _Found(Outcome.BLOCKED, probes=(probe,), blocked_by=_whole(requirement))

    def _known_of(self, requirement: Requirement, cell: Cell) -> str | None:
        """For what was drawn at random: the requirement that tells the same of planned requests at this place."""
        if not explores(requirement):
            return None
        for other in self._may_block(requirement, requirement.yields_to):
            for place in (replace(cell, requirement=other, addressing=each) for each in (None, *Addressing)):
                for case in self.plan.cases.get(place.name, ()):
                    if any(found.outcome in BAD for found in self._evaluated(case)):
                        return other
        return None

    def _told_beside(self, requirement: Requirement, case: Case) -> str | None:
        """The requirement that tells the cause of a finding already, on an answer that supports this case."""
        others = self._may_block(requirement, requirement.yields_to)
        every = ((other, probe.key) for _, probe in case.support for other in others)
        return next((other for other, key in every if self._holds(other, key) == other), None)

    def _missing(self, requirement: Requirement, probe: Probe, told: tuple[Probe, ...]) -> _Found | None:
        """What is told where the support that the function cannot do without is missing."""
        gap = self._gap(requirement, probe)
        if gap is None and (blocker := self._blocker(requirement, probe)):
            gap = _Found(Outcome.BLOCKED, blocked_by=blocker)
        return gap and _Found(gap.outcome, probes=told, blocked_by=gap.blocked_by, reason=gap.reason)

    def _blocker(self, requirement: Requirement, probe: Probe) -> str | None:
        """The violated requirement, if any, that keeps this one from being judged on this answer."""
        general = () if requirement.id in (WHOLE, NO_5XX) or requirement.failures else (NO_5XX,)
        for other in self._may_block(requirement, general + requirement.needs):
            if root := self._holds(other, probe.key):
                return root
        for other in self._may_block(requirement, requirement.yields_to):
            if self._holds(other, probe.key) == other:
                return other
        return None

    def _may_block(self, requirement: Requirement, others: Iterable[str]) -> list[str]:
        return self.plan.catalogue.blockers(requirement, others, self.plan.edition)

    def _holds(self, requirement: str, key: str) -> str | None:
        """None where the requirement holds of this answer; else the id of the requirement that is violated."""
        place = (requirement, key)
        if place not in self._held:
            self._held[place] = None
            for case in self.plan.by_probe.get(place, ()):
                for found in self._evaluated(case):
                    if any(probe.key == key for probe in found.probes):
                        bad = requirement if found.outcome in BAD else found.blocked_by
                        self._held[place] = self._held[place] or bad
        return self._held[place]

    def _arguments(self, requirement: Requirement, case: Case, primary: list[Probe]) -> dict[str, Any]:
        available: dict[str, Any] = {"edition": self.plan.edition, "answer": self._decode(primary[0])}
        available.update({role: [] for role in SEVERAL})
        for place, (role, probe) in enumerate(case.primary + case.support):
            if role == "answer" or role not in requirement.parameters:
                continue
            supports = place >= len(case.primary)
            usable = self._answered(probe) and not (supports and self._blocker(requirement, probe))
            if role in SEVERAL:
                available[role] += [self._decode(probe)] if usable else []
            else:
                available[role] = self._decode(probe) if usable else None
        if "photo_index" in requirement.parameters:
            available["photo_index"] = self.photo_index
        return {name: available[name] for name in requirement.parameters}

    def _answered(self, probe: Probe) -> bool:
        exchange = self.recording.exchanges.get(probe.key)
        return exchange is not None and exchange.answer is not None

    def _decode(self, probe: Probe) -> DecodedResponse:
        decoded = self._decoded.get(probe.key)
        if decoded is None:
            decoded = DecodedResponse(probe, self.recording.exchanges[probe.key])
            self._weight += json_text.weight(decoded.exchange.answer.body if decoded.exchange.answer else b"")
            if self._weight > CACHED:
                self._weight, self._decoded = 0, {}
            self._decoded[probe.key] = decoded
        return decoded

    @cached_property
    def photo_index(self) -> PhotoIndex:
        """All owners of the plan, unless another crowd was given."""
        if self._photo_index is None:
            self._photo_index = PhotoIndex(declared=declared(self.plan.tenant.whole.owners))
            self.join(self._photo_index)
        return self._photo_index

    def join(self, photo_index: PhotoIndex) -> None:
        """Put into a crowd every plain answer that shows an owner's photo."""
        shown = [probe for probe in self.plan.showing if self._answered(probe)]
        photos = {_path_of(probe): probe for probe in shown if probe.shape.form is Form.PHOTO}
        for probe in shown:
            beside = photos.get(_path_of(probe))
            with suppress(CannotEvaluate):
                photo_index.join(self._decode(probe), self._decode(beside) if beside else None)


def _path_of(probe: Probe) -> tuple[str, ...]:
    """How the owner was come to, in whatever form."""
    return (probe.shape.variant, probe.shape.addressing or "", probe.owner.label)


def declared(owners: Iterable[Owner]) -> dict[str, str]:
    """The SHA-256 of each owner's picture, where the target file tells it, by his label."""
    return {owner.label: owner.sha256.lower() for owner in owners if owner.sha256}


def _whole(requirement: Requirement) -> str:
    """The requirement that an answer which did not come is told by."""
    return EXPLORED_WHOLE if explores(requirement) else WHOLE
