"""Which violated requirement blocks another one, so that one cause gives one failure.

A requirement is not evaluated on a response, and names another one, where

1. one that it `needs` is violated there: what is no picture has no size. Where that one is blocked itself, the
   requirement at the root is named;
2. one that it `yields_to` is violated there, and reports the same cause more exactly;
3. one that it needs at the path shape (`needs_at_shape`) is violated there for some owner, with the same kind of
   credential;
4. it asks for a refusal, a permitted caller gets the same status, and what is violated is what that caller should get:
   such a refusal proves nothing.

What it does find is blocked too, where the same is found on a response of its form that supports it (`yields_to`), or,
of random requests, on planned ones; and where it is due to a response that varies (H3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue.requirement import NO_5XX, WHOLE, Catalogue, Requirement
from ..catalogue.selectors import Case
from ..model import Addressing, FailureKind, Finding, Level, Outcome, Probe, State
from ..model.probe import AGAIN, PLAIN
from ..planning.plan import Plan, explores
from ..reporting.outcomes import BAD
from ..requirements.prerequisites import DUE, REFUSING, REPEATABLE, USER_KEY
from ..spec.description import Edition

if TYPE_CHECKING:
    from .evaluator import Evaluator


class Blockers(NamedTuple):
    """The requirements that may block one in an edition, by how they do it."""

    needs: Sequence[str]
    yields_to: Sequence[str]
    at_shape: Sequence[str]


def blockers(requirement: Requirement, catalogue: Catalogue, edition: Edition) -> Blockers:
    """What may block a requirement: a SHOULD never blocks a MUST."""
    general = () if requirement.id in (WHOLE, NO_5XX) or requirement.failures else (NO_5XX,)
    levels = {Level.MUST, requirement.level_in(edition)}

    def may(others: Iterable[str]) -> list[str]:
        return [each for each in others if each in catalogue and catalogue[each].level_in(edition) in levels]

    needs = may((*general, *requirement.needs))
    return Blockers(needs, may(requirement.yields_to), may(requirement.needs_at_shape))


def on_response(requirement: Requirement, probe: Probe, evaluator: Evaluator) -> str | None:
    """The violated requirement, if any, that blocks this one on this response."""
    here = evaluator.plan.by_probe.get(probe.key, {})
    others = evaluator.blockers[requirement.id]
    for other in others.needs:
        if other in here and (found := root(other, probe.key, evaluator)):
            return found
    for other in others.yields_to:
        if other in here and root(other, probe.key, evaluator) == other:
            return other
    return _at_shape(others.at_shape, probe, evaluator) or _refused_alike(requirement, probe, evaluator)


def found_already(requirement: Requirement, case: Case, evaluator: Evaluator) -> str | None:
    """The requirement that reports a finding already: of random requests one on planned requests at this place.

    Or one on a response that supports this case.
    """
    others = evaluator.blockers[requirement.id].yields_to
    addressings = (None, *Addressing) if explores(requirement) else ()
    shapes = [replace(case.cell.shape, addressing=each) for each in addressings]
    for other in others:
        for place in (replace(case.cell, requirement=other, shape=shape, spans=()) for shape in shapes):
            for planned in evaluator.plan.cases.get(place.name, ()):
                if any(found.outcome in BAD for found in evaluator.evaluated(planned)):
                    return other
    forms = {probe.shape.form for _, probe in case.primary}  # faulty metadata says nothing against bytes
    every = ((other, probe.key) for _, probe in case.support if probe.shape.form in forms for other in others)
    return next((other for other, key in every if root(other, key, evaluator) == other), None)


def varies(requirement: Requirement, case: Case, findings: Sequence[Finding], evaluator: Evaluator) -> str | None:
    """H3, where it is violated and what was found is due to that.

    The other response to the same request has none of the findings. Of another request about the photo: those two do
    not have the same ones, so that it may have met what varies.
    """
    probe = case.primary[0][1]
    key = permitted_key(probe)
    first, again = (replace(probe, key=one) for one in (key, key.removesuffix(PLAIN.name) + AGAIN.name))
    unbound = "answer" not in requirement.parameters or requirement.id in (WHOLE, NO_5XX)
    if unbound or not evaluator.answer(again.key) or root(REPEATABLE, key, evaluator) != REPEATABLE:
        return None
    if probe.key in (first.key, again.key):
        other = _found_on(again if probe.key == first.key else first, requirement, case, evaluator)
        same = not other.isdisjoint(findings)
    else:
        one, other = (_found_on(each, requirement, case, evaluator) for each in (first, again))
        same = one == other or not one.isdisjoint(other) or requirement.id in REFUSING
    return None if same else REPEATABLE


def _found_on(probe: Probe, requirement: Requirement, case: Case, evaluator: Evaluator) -> set[object]:
    arguments = {**evaluator.arguments(requirement, case), "answer": evaluator.decode(probe)}
    with suppress(Exception):  # what the requirement needs may not be there: then it is not the same finding
        return set(requirement.function(**arguments))
    return set()


def root(requirement: str, key: str, evaluator: Evaluator) -> str | None:
    """What is to be put right for a requirement on a response: itself, or what blocks it; None: nothing."""
    place = (requirement, key)
    if place not in evaluator.roots:
        evaluator.roots[place] = None  # while it is found out
        cases = evaluator.plan.by_probe.get(key, {}).get(requirement, ())
        evaluator.roots[place] = next((found for case in cases if (found := evaluator.wrong(case).get(key))), None)
    return evaluator.roots[place]


def _at_shape(others: Sequence[str], probe: Probe, evaluator: Evaluator) -> str | None:
    """What is violated with the same kind of credential at the same path shape, for any owner."""
    for other in others:
        for case in evaluator.plan.cases.get(f"{other}[{probe.shape.key}.{probe.state}]", ()):
            for found in evaluator.evaluated(case):
                alike = (each for each in found.probes if each.credential.kind is probe.credential.kind)
                if found.outcome in BAD and any(alike):
                    return other
    return None


def _refused_alike(requirement: Requirement, probe: Probe, evaluator: Evaluator) -> str | None:
    """What is violated where permitted callers get the same status, so that this refusal proves nothing."""
    if requirement.id not in REFUSING:
        return None
    permitted = permitted_keys(probe, evaluator.plan)
    statuses = {answer.status for key in (*permitted, probe.key) if (answer := evaluator.answer(key))}
    if len(statuses) != 1 or probe.key in permitted:
        return None
    paths = (*DUE, USER_KEY)
    due = [next((one for other in DUE if (one := root(other, key, evaluator)) in paths), None) for key in permitted]
    return due[0] if due and all(due) else None


def unknown_token(requirement: Requirement, probe: Probe, evaluator: Evaluator) -> tuple[Outcome, str] | None:
    """Why it is not known whether a permitted caller gets in: then a refusal proves nothing."""
    permitted = evaluator.recording.exchanges.get(permitted_key(probe)) if requirement.id in REFUSING else None
    if permitted and permitted.failure and permitted.failure.kind is FailureKind.CREDENTIAL:
        return Outcome.INCONCLUSIVE, permitted.failure.detail
    return None


def permitted_key(probe: Probe) -> str:
    """The key of the plain request at the same path shape about the same owner, or the one around an unknown id."""
    return f"{probe.shape.key}/{probe.owner.label.partition('.unknown-')[0]}/{PLAIN.name}"


def permitted_keys(probe: Probe, plan: Plan) -> list[str]:
    """The same, or of all owners with a photo where no edition says what is due for this one: its list of sizes."""
    if (own := permitted_key(probe)) in plan.by_probe:
        return [own]
    found = plan.cases.get(f"metadata.answers-200[{probe.shape.key}.{State.PRESENT}]", ())
    return [one.key for case in found for _, one in case.primary]
