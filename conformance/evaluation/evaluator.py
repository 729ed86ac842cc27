"""From recorded responses to verdicts. Pure: nothing is sent, nothing is written.

A requirement is blocked where another one that it needs is violated, or one that reports the same cause more exactly;
the verdict names that requirement. So one cause gives one failure.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse, marks
from ..catalogue.relation_selectors import SEVERAL
from ..catalogue.requirement import EXPLORED_WHOLE, NO_5XX, WHOLE, BlockedBy, Requirement, blockers
from ..catalogue.selectors import Case
from ..media import json_text
from ..model import (
    INCONCLUSIVE_FAILURES,
    NOT_ASKED,
    Addressing,
    Answer,
    Cell,
    FailureKind,
    Finding,
    Form,
    Level,
    Outcome,
    Probe,
    Recording,
    State,
    Verdict,
)
from ..model.probe import PLAIN
from ..planning.plan import Plan, explores, why_not_exercised
from ..requirements.photo_index import PhotoIndex, declared
from ..requirements.prerequisites import DUE, REFUSING
from . import no_evidence
from .found import BAD, Found, verdict_of
from .no_evidence import NoEvidence

CACHED = 1_000_000
"""Values in JSON texts that are kept decoded, about 100 bytes each."""
OPTIONAL = (*SEVERAL, "sibling", "beside")
"""Roles of support that a function does not depend on."""


class Evaluator:
    """Evaluates the cases of a plan on a recording, each once, on demand."""

    def __init__(
        self,
        plan: Plan,
        recording: Recording,
        photo_index: PhotoIndex | None = None,
        evidence: NoEvidence | None = None,
    ) -> None:
        self.plan = plan
        self.recording = recording
        self._photo_index = photo_index
        self._evidence = evidence
        self._decoded: dict[str, DecodedResponse] = {}
        self._weight = 0
        self._found: dict[int, list[Found]] = {}
        self._by_key: dict[int, dict[str, list[Found]]] = {}
        self._held: dict[tuple[str, str], str | None] = {}
        self._may: dict[str, list[list[str]]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the recording, and of the owners in it once the photo index was built."""
        return (*self.recording.notes, *(self._photo_index.notes if self._photo_index else ()))

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """One verdict for every owner of a cell; where there is none, one that says why it was not exercised.

        None at all in a cell of undeclared owners that has no owner: leaving owners undeclared is optional.
        """
        cases = self.plan.cases.get(cell.name, [])
        if not cases:
            return [] if cell.state is State.UNDECLARED else [self.unexercised(cell)]
        return [self.verdict(case) for case in cases]

    def verdict(self, case: Case) -> Verdict:
        """The verdict of one owner in one cell."""
        primary = [probe for _, probe in case.primary]
        return verdict_of(case.cell, case.name, self.plan, self._evaluated(case), self.recording.exchanges, primary)

    def unexercised(self, cell: Cell) -> Verdict:
        """The verdict of a cell without any owner."""
        reason = why_not_exercised(cell, self.plan)
        return verdict_of(cell, f"{cell.place}/none", self.plan, [Found(Outcome.NOT_EXERCISED, reason=reason)], {}, [])

    def _evaluated(self, case: Case) -> list[Found]:
        if id(case) not in self._found:
            self._found[id(case)] = list(self._evaluate(case))
        return self._found[id(case)]

    def _found_on(self, case: Case) -> dict[str, list[Found]]:
        """What was found of a case, by the key of each probe: a case can have thousands of responses."""
        if id(case) not in self._by_key:
            by_key: dict[str, list[Found]] = {}
            for found, probe in [(one, probe) for one in self._evaluated(case) for probe in one.probes]:
                by_key.setdefault(probe.key, []).append(found)
            self._by_key[id(case)] = by_key
        return self._by_key[id(case)]

    def _evaluate(self, case: Case) -> Iterable[Found]:
        requirement = self.plan.catalogue[case.cell.requirement]
        if "answer" not in requirement.parameters or len(case.primary) == 1:
            return [self._call(requirement, case)]
        answers = [(role, probe) for role, probe in case.primary if role == "answer"]
        beside = tuple((role, probe) for role, probe in case.primary if role != "answer")
        asked = [each for each in answers if each[1].key in self.recording.exchanges or not case.some]
        calls = [Case(case.cell, case.label, (answer, *beside), case.support) for answer in asked or answers[:1]]
        return [self._call(requirement, call) for call in calls]

    def _call(self, requirement: Requirement, case: Case) -> Found:
        """Evaluate one set of responses: first whether the function can be called, then the function itself."""
        result = tuple(probe for _, probe in case.primary)
        if hindered := next(self._hindered(requirement, case, result), None):
            return hindered
        try:
            yielded = list(requirement.function(**self._arguments(requirement, case)))
        except CannotEvaluate as error:
            return Found(Outcome.INCONCLUSIVE, probes=result, reason=str(error))
        except Exception:  # noqa: BLE001 - a bug in the suite is reported as "broken", never as a violation
            return Found(Outcome.BROKEN, probes=result, reason=traceback.format_exc())
        findings = tuple(found for found in yielded if isinstance(found, Finding))
        if findings:
            if known := self._known_of(requirement, case.cell) or self._reported_on_support(requirement, case):
                return Found(Outcome.BLOCKED, probes=result, blocked_by=known)
            must = requirement.level_in(self.plan.edition) is Level.MUST
            return Found(Outcome.VIOLATES if must else Outcome.DEPARTS, findings, result)
        if blocked := next((found.requirement for found in yielded if isinstance(found, BlockedBy)), None):
            return Found(Outcome.BLOCKED, probes=result, blocked_by=blocked)
        reasons = (self.evidence.of_conforming(probe, self._answer(probe.key)) for probe in result)
        outcome, reason = next(filter(None, reasons), (Outcome.CONFORMS, None))
        return Found(outcome, probes=result, reason=reason)

    def _hindered(self, requirement: Requirement, case: Case, primary: tuple[Probe, ...]) -> Iterator[Found]:
        """Why the function is not called: no response, blocked by another requirement, or no evidence."""
        yield from filter(None, (self._gap(requirement, probe) for probe in primary))
        for probe in primary:
            if blocker := self._blocker(requirement, probe):
                yield Found(Outcome.BLOCKED, probes=primary, blocked_by=blocker)
        for probe in primary:
            if reason := self.evidence.of(requirement.id, probe, self._answer(probe.key)):
                yield Found(reason[0], probes=primary, reason=reason[1])
        for role, probe in case.support:
            if role not in OPTIONAL:
                if gap := self._gap(requirement, probe):
                    yield replace(gap, probes=primary)
                if blocker := self._blocker(requirement, probe):
                    yield Found(Outcome.BLOCKED, probes=primary, blocked_by=blocker)

    def _gap(self, requirement: Requirement, probe: Probe) -> Found | None:
        """The result where there is no response to evaluate."""
        exchange = self.recording.exchanges.get(probe.key)
        if exchange is None:
            return Found(Outcome.NOT_EXERCISED, probes=(probe,), reason=NOT_ASKED)
        failure = exchange.failure
        if failure is None or (requirement.failures and requirement.id != WHOLE and exchange.throttled):
            return None
        if failure.kind in INCONCLUSIVE_FAILURES:
            return Found(Outcome.INCONCLUSIVE, probes=(probe,), reason=failure.detail)
        asked = failure.kind is not FailureKind.NOT_ASKED
        if asked and requirement.failures:
            return None
        whole = EXPLORED_WHOLE if explores(requirement) else WHOLE
        return Found(Outcome.BLOCKED, probes=(probe,), blocked_by=whole, reason=None if asked else failure.detail)

    def _known_of(self, requirement: Requirement, cell: Cell) -> str | None:
        """For random requests: the requirement that reports the same of planned requests at this place."""
        if not explores(requirement):
            return None
        shapes = [replace(cell.shape, addressing=each) for each in (None, *Addressing)]
        for other in self._may_block(requirement)[1]:
            for place in (replace(cell, requirement=other, shape=shape, spans=()) for shape in shapes):
                for case in self.plan.cases.get(place.name, ()):
                    if any(found.outcome in BAD for found in self._evaluated(case)):
                        return other
        return None

    def _reported_on_support(self, requirement: Requirement, case: Case) -> str | None:
        """The requirement that reports the cause of a finding already, on a response that supports this case."""
        every = ((other, probe.key) for _, probe in case.support for other in self._may_block(requirement)[1])
        return next((other for other, key in every if self._holds(other, key) == other), None)

    def _blocker(self, requirement: Requirement, probe: Probe) -> str | None:
        """The violated requirement, if any, that blocks this one on this response."""
        here = self.plan.by_probe.get(probe.key, {})
        needs, yields_to, at_shape = self._may_block(requirement)
        for other in needs:
            if other in here and (root := self._holds(other, probe.key)):
                return root
        for other in yields_to:
            if other in here and self._holds(other, probe.key) == other:
                return other
        return self._at_shape(at_shape, probe) or self._refused_alike(requirement, probe)

    def _at_shape(self, others: Sequence[str], probe: Probe) -> str | None:
        """What is violated with the same kind of credential at the same path shape, for any owner."""
        for other in others:
            for case in self.plan.cases.get(f"{other}[{probe.shape.key}.{probe.state}]", ()):
                for found in self._evaluated(case):
                    alike = (each for each in found.probes if each.credential.kind is probe.credential.kind)
                    if found.outcome in BAD and any(alike):
                        return other
        return None

    def _refused_alike(self, requirement: Requirement, probe: Probe) -> str | None:
        """What is violated where a permitted caller gets the same status, so that this refusal proves nothing."""
        if requirement.id not in REFUSING:
            return None
        permitted = permitted_key(probe)
        statuses = {answer.status for key in (permitted, probe.key) if (answer := self._answer(key))}
        paths = DUE if len(statuses) == 1 and permitted != probe.key else ()
        return next((other for other in paths if self._holds(other, permitted) == other), None)

    def _may_block(self, requirement: Requirement) -> list[list[str]]:
        """What blocks a requirement in this edition: those that it needs, yields to, and needs at the path shape."""
        if requirement.id not in self._may:
            general = () if requirement.id in (WHOLE, NO_5XX) or requirement.failures else (NO_5XX,)
            kinds = ((*general, *requirement.needs), requirement.yields_to, requirement.needs_at_shape)
            catalogue, edition = self.plan.catalogue, self.plan.edition
            self._may[requirement.id] = [blockers(catalogue, requirement, others, edition) for others in kinds]
        return self._may[requirement.id]

    def _holds(self, requirement: str, key: str) -> str | None:
        """None where the requirement holds for this response; else the id of the requirement that is violated."""
        place = (requirement, key)
        if place not in self._held:
            self._held[place] = None
            for case in self.plan.by_probe.get(key, {}).get(requirement, ()):
                for found in self._found_on(case).get(key, ()):
                    bad = requirement if found.outcome in BAD else found.blocked_by
                    self._held[place] = self._held[place] or bad
        return self._held[place]

    def _arguments(self, requirement: Requirement, case: Case) -> dict[str, Any]:
        available: dict[str, Any] = {"edition": self.plan.edition, "answer": self._decode(case.primary[0][1])}
        available.update({role: [] for role in SEVERAL})
        for place, (role, probe) in enumerate(case.primary + case.support):
            if role == "answer" or role not in requirement.parameters:
                continue
            supports = place >= len(case.primary)
            usable = self._answer(probe.key) and not (supports and self._blocker(requirement, probe))
            if role in SEVERAL:
                available[role] += [self._decode(probe)] if usable else []
            else:
                available[role] = self._decode(probe) if usable else None
        if "photo_index" in requirement.parameters:
            available["photo_index"] = self.photo_index
        return {name: available[name] for name in requirement.parameters}

    def _answer(self, key: str) -> Answer | None:
        return exchange.answer if (exchange := self.recording.exchanges.get(key)) else None

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
    def evidence(self) -> NoEvidence:
        """Which requirements the responses of the run give no evidence for."""
        own = ((each, known) for each in self.plan.plain if (known := self.recording.exchanges.get(each.key)))
        return self._evidence or no_evidence.found(self.plan, own)

    @cached_property
    def photo_index(self) -> PhotoIndex:
        """The photos of all owners of the plan, unless another index was given."""
        if self._photo_index is None:
            self._photo_index = PhotoIndex(declared=declared(self.plan.tenant.whole.owners))
            self.join(self._photo_index)
        return self._photo_index

    def join(self, photo_index: PhotoIndex) -> None:
        """Add to an index every plain response that shows an owner's photo."""
        shown = [each for each in self.plan.plain if each.state is State.PRESENT and self._answer(each.key)]
        photos = {_path_of(probe): probe for probe in shown if probe.shape.form is Form.PHOTO}
        for probe in shown:
            beside = photos.get(_path_of(probe))
            with suppress(CannotEvaluate):
                photo_index.join(self._decode(probe), self._decode(beside) if beside else None)
        for probe in self.plan.plain:
            if probe.state is State.ABSENT and self._answer(probe.key):
                with suppress(CannotEvaluate):
                    photo_index.marks.update(marks(self._decode(probe).metadata))


def permitted_key(probe: Probe) -> str:
    """The key of the plain request at the same path shape about the same owner, or the one around an unknown id."""
    return f"{probe.shape.key}/{probe.owner.label.partition('.unknown-')[0]}/{PLAIN.name}"


def _path_of(probe: Probe) -> tuple[str, ...]:
    """The path to the owner, the same for both forms."""
    return (probe.shape.variant, probe.shape.addressing or "", probe.owner.label)
