"""From recorded responses to verdicts. Pure: nothing is sent, nothing is written.

Each case is evaluated when it is asked for, and once. What keeps its requirement from being evaluated comes first: no
response, a violated requirement (see `blocking`), a response that is no evidence.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse, marks
from ..catalogue.relation_selectors import SEVERAL
from ..catalogue.requirement import EXPLORED_WHOLE, WHOLE, BlockedBy, Requirement
from ..catalogue.selectors import Case
from ..media import json_text
from ..model import (
    INCONCLUSIVE_FAILURES,
    NOT_ASKED,
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
from ..model.probe import AGAIN
from ..planning.plan import Plan, explores, why_not_exercised
from ..reporting.outcomes import BAD, worst
from ..requirements.photo_index import PhotoIndex, declared
from . import blocking, no_evidence
from .blocking import Blockers
from .no_evidence import NoEvidence

CACHED = 1_000_000
"""Values in JSON texts that are kept decoded, about 100 bytes each."""
OPTIONAL = (*SEVERAL, "sibling", "beside", "repeated")
"""Roles of support that a function does not depend on."""


class Result(NamedTuple):
    """The result of one call of a requirement's function."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    probes: tuple[Probe, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None


@dataclass(eq=False, repr=False)
class Evaluator:
    """Evaluates the cases of a plan on a recording, each once, on demand."""

    plan: Plan
    recording: Recording
    _photo_index: PhotoIndex | None = None
    _evidence: NoEvidence | None = None
    _decoded: dict[str, DecodedResponse] = field(default_factory=dict)
    _weight: int = 0
    _results: dict[int, list[Result]] = field(default_factory=dict)
    _wrong: dict[int, dict[str, str]] = field(default_factory=dict)
    roots: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the recording, and of the owners in it once the photo index was built."""
        return (*self.recording.notes, *(self._photo_index.notes if self._photo_index else ()))

    @cached_property
    def blockers(self) -> Mapping[str, Blockers]:
        """What may block each requirement, by its id."""
        catalogue, edition = self.plan.catalogue, self.plan.edition
        return {each.id: blocking.blockers(each, catalogue, edition) for each in catalogue.values()}

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
        return self._verdict(case.cell, case.name, self.evaluated(case), [probe for _, probe in case.primary])

    def unexercised(self, cell: Cell) -> Verdict:
        """The verdict of a cell without any owner."""
        found = Result(Outcome.NOT_EXERCISED, reason=why_not_exercised(cell, self.plan))
        return self._verdict(cell, f"{cell.place}/none", [found])

    def _verdict(self, cell: Cell, case: str, found: Sequence[Result], primary: Sequence[Probe] = ()) -> Verdict:
        """The worst of some results."""
        requirement, exchanges = self.plan.catalogue[cell.requirement], self.recording.exchanges
        outcome = worst((one.outcome for one in found), default=Outcome.CONFORMS)
        decisive = [one for one in found if one.outcome is outcome]
        probes = [probe for one in decisive for probe in one.probes] if outcome in BAD or not primary else primary
        findings = tuple(dict.fromkeys(finding for one in decisive for finding in one.findings))
        if outcome in BAD and all(one.probes[0].request_kind == AGAIN.name for one in decisive if one.probes):
            findings = tuple(replace(each, at=f"{each.at}, asked again") for each in findings)
        return Verdict(
            requirement=cell.requirement,
            level=requirement.level_in(self.plan.edition) or requirement.level,
            cites=requirement.statement(cell),
            variant=cell.variant,
            form=cell.form,
            addressing=cell.addressing,
            state=cell.state,
            case=case,
            outcome=outcome,
            findings=findings,
            exchanges=tuple(dict.fromkeys(exchanges[probe.key].id for probe in probes if probe.key in exchanges)),
            blocked_by=next((one.blocked_by for one in decisive if one.blocked_by), None),
            reason=next((one.reason for one in decisive if one.reason), None),
        )

    def evaluated(self, case: Case) -> list[Result]:
        """The results of a case: one, or one for each of its responses where a function looks at one at a time."""
        if id(case) not in self._results:
            self._results[id(case)] = self._evaluate(case)
        return self._results[id(case)]

    def wrong(self, case: Case) -> Mapping[str, str]:
        """What is violated on a case's responses, or blocks it, by probe key; not on one that is only compared with."""
        if id(case) not in self._wrong:
            wrong = self._wrong[id(case)] = {}
            compared = 1 if any(role == "plain" for role, _ in case.primary) else None
            for one in self.evaluated(case):
                if name := case.cell.requirement if one.outcome in BAD else one.blocked_by:
                    wrong.update({probe.key: wrong.get(probe.key, name) for probe in one.probes[:compared]})
        return self._wrong[id(case)]

    def answer(self, key: str) -> Answer | None:
        """The response to a probe, if there is one."""
        return exchange.answer if (exchange := self.recording.exchanges.get(key)) else None

    def _evaluate(self, case: Case) -> list[Result]:
        requirement = self.plan.catalogue[case.cell.requirement]
        if "answer" not in requirement.parameters or len(case.primary) == 1:
            return [self._call(requirement, case)]
        answers = [(role, probe) for role, probe in case.primary if role == "answer"]
        beside = tuple((role, probe) for role, probe in case.primary if role != "answer")
        asked = [each for each in answers if each[1].key in self.recording.exchanges or not case.may_lack_answers]
        calls = [Case(case.cell, case.label, (answer, *beside), case.support) for answer in asked or answers[:1]]
        return [self._call(requirement, call) for call in calls]

    def _call(self, requirement: Requirement, case: Case) -> Result:
        """Evaluate one set of responses: first whether the function can be called, then the function itself."""
        probes = tuple(probe for _, probe in case.primary)
        if hindered := self._hindered(requirement, case, probes):
            return hindered
        try:
            yielded = list(requirement.function(**self.arguments(requirement, case)))
        except CannotEvaluate as error:
            return Result(Outcome.INCONCLUSIVE, probes=probes, reason=str(error))
        except Exception:  # noqa: BLE001 - a bug in the suite is reported as "broken", never as a violation
            return Result(Outcome.BROKEN, probes=probes, reason=traceback.format_exc())
        if findings := tuple(found for found in yielded if isinstance(found, Finding)):
            known = blocking.found_already(requirement, case, self)
            if known := known or blocking.varies(requirement, case, findings, self):
                return Result(Outcome.BLOCKED, probes=probes, blocked_by=known)
            must = requirement.level_in(self.plan.edition) is Level.MUST
            return Result(Outcome.VIOLATES if must else Outcome.DEPARTS, findings, probes)
        for found in yielded:
            if isinstance(found, BlockedBy):
                return Result(Outcome.BLOCKED, probes=probes, blocked_by=found.requirement)
        for probe in probes:
            reason = self.evidence.of_conforming(probe, self.answer(probe.key))
            if reason := reason or blocking.unknown_token(requirement, probe, self):
                return Result(reason[0], probes=probes, reason=reason[1])
        return Result(Outcome.CONFORMS, probes=probes)

    def _hindered(self, requirement: Requirement, case: Case, primary: tuple[Probe, ...]) -> Result | None:
        """Why the function is not called: no response, blocked by another requirement, or no evidence."""
        for probe in primary:
            if gap := self._gap(requirement, probe):
                return gap
        for probe in primary:
            if blocker := blocking.on_response(requirement, probe, self):
                return Result(Outcome.BLOCKED, probes=primary, blocked_by=blocker)
        for probe in primary:
            if reason := self.evidence.of(requirement.id, probe, self.answer(probe.key)):
                return Result(reason[0], probes=primary, reason=reason[1])
        for probe in (probe for role, probe in case.support if role not in OPTIONAL):
            if gap := self._gap(requirement, probe):
                return gap._replace(probes=primary)
            if blocker := blocking.on_response(requirement, probe, self):
                return Result(Outcome.BLOCKED, probes=primary, blocked_by=blocker)
        return None

    def _gap(self, requirement: Requirement, probe: Probe) -> Result | None:
        """The result where there is no response to evaluate."""
        exchange = self.recording.exchanges.get(probe.key)
        if exchange is None:
            return Result(Outcome.NOT_EXERCISED, probes=(probe,), reason=NOT_ASKED)
        failure = exchange.failure
        if failure is None or (requirement.failures and requirement.id != WHOLE and exchange.throttled):
            return None
        if failure.kind in INCONCLUSIVE_FAILURES:
            return Result(Outcome.INCONCLUSIVE, probes=(probe,), reason=failure.detail)
        asked = failure.kind is not FailureKind.NOT_ASKED
        if asked and requirement.failures:
            return None
        whole = EXPLORED_WHOLE if explores(requirement) else WHOLE
        return Result(Outcome.BLOCKED, probes=(probe,), blocked_by=whole, reason=None if asked else failure.detail)

    def arguments(self, requirement: Requirement, case: Case) -> dict[str, Any]:
        """What a function gets, by its parameters."""
        return {name: self._argument(name, requirement, case) for name in requirement.parameters}

    def _argument(self, name: str, requirement: Requirement, case: Case) -> Any:
        """What a function gets for a parameter of this name: the responses in that role which can be looked at."""
        match name:
            case "answer":
                return self.decode(case.primary[0][1])
            case "edition":
                return self.plan.edition
            case "photo_index":
                return self.photo_index
        usable = [self.decode(probe) for role, probe in case.primary if role == name and self.answer(probe.key)]
        for role, probe in case.support:
            if role == name and self.answer(probe.key) and not blocking.on_response(requirement, probe, self):
                usable.append(self.decode(probe))
        return usable if name in SEVERAL else next(iter(usable), None)

    def decode(self, probe: Probe) -> DecodedResponse:
        """The response to a probe, decoded once."""
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
        shown = [each for each in self.plan.plain if each.state is State.PRESENT and self.answer(each.key)]
        photos = {_path_of(probe): probe for probe in shown if probe.shape.form is Form.PHOTO}
        for probe in shown:
            beside = photos.get(_path_of(probe))
            with suppress(CannotEvaluate):
                photo_index.join(self.decode(probe), self.decode(beside) if beside else None)
        for probe in self.plan.plain:
            if probe.state is State.ABSENT and self.answer(probe.key):
                with suppress(CannotEvaluate):
                    photo_index.marks.update(marks(self.decode(probe).metadata))


def _path_of(probe: Probe) -> tuple[str, ...]:
    """The path to the owner, the same for both forms."""
    return (probe.shape.variant, probe.shape.addressing or "", probe.owner.label)
