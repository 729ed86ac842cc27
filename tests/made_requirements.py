"""Hand-made requirements, and their outcomes on a hand-made recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.catalogue.decoded_response import DecodedResponse
from conformance.catalogue.requirement import NO_5XX, WHOLE, Requirement
from conformance.catalogue.selectors import PerOwner
from conformance.evaluation.evaluator import Evaluator
from conformance.model import (
    Answer,
    Caller,
    Exchange,
    Failure,
    Finding,
    Form,
    Level,
    Outcome,
    Probe,
    Recording,
    Request,
    State,
    Verdict,
)
from conformance.planning.plan import Plan, cells
from conformance.spec import Edition, load
from conformance.target import target_file
from conformance.target.discovery import informed

MUST, SHOULD = Level.MUST, Level.SHOULD
PHOTO = PerOwner(State.PRESENT, (Form.PHOTO,))
METADATA = PerOwner(State.PRESENT, (Form.METADATA,))
TWO_GROUPS = {
    "user": [{"id": "u", "token": {"env": "T"}}],
    "group": [{"id": "a", "photo": True}, {"id": "b", "photo": True}],
}
Reply = Callable[[Probe], Answer | Failure | None]


EDITION = load()


def rule(
    name: str, evaluator: Callable[..., Iterator[Any]], *, on: Any = PHOTO, level: Level = MUST, **more: Any
) -> Requirement:
    """A requirement that is in no catalogue yet."""
    return Requirement(name, level, "S0", (on,), evaluator, **more)


def good(answer: DecodedResponse) -> Iterator[Finding]:
    """Finds nothing."""
    yield from ()


def not_200(answer: DecodedResponse) -> Iterator[Finding]:
    """Finds every status but 200."""
    if answer.status != 200:
        yield Finding("status", "200", str(answer.status))


def evaluated(
    *rules: Requirement,
    reply: Reply = lambda probe: Answer(200),
    who: dict[str, Any] = TWO_GROUPS,
    edition: Edition = EDITION,
    state: State = State.PRESENT,
    scopes: frozenset[str] | None = None,
) -> list[Verdict]:
    """The verdicts on groups, by rules; the reply may be an answer, a failure, or None for what was not asked.

    The callers' tokens claim `scopes`.
    """
    catalogue = {each.id: each for each in rules}
    tenant = informed(target_file.parse(who).tenant, ["user-1"], lambda label: Caller(label, scopes))
    plan = Plan(catalogue, edition, tenant)
    every = [cell for cell in cells(catalogue, edition) if cell.variant == "group" and cell.state is state]
    exchanges = {}
    for probe in plan.probes(every):
        came = reply(probe)
        request = Request("GET", "http://h" + probe.target)
        if isinstance(came, Answer):
            exchanges[probe.key] = Exchange(probe.key, request, answer=came)
        elif came is not None:
            exchanges[probe.key] = Exchange(probe.key, request, failure=came)
    evaluator = Evaluator(plan, Recording(exchanges))
    asked = [cell for cell in every if plan.cases[cell.name] or cell.requirement not in (WHOLE, NO_5XX)]
    return [verdict for cell in asked for verdict in evaluator.verdicts(cell)]


def outcomes(verdicts: list[Verdict]) -> dict[str, list[tuple[Outcome, str | None]]]:
    """Outcome and blocker of each owner, by requirement."""
    outcomes_by_id: dict[str, list[tuple[Outcome, str | None]]] = {}
    for verdict in verdicts:
        outcomes_by_id.setdefault(verdict.requirement, []).append((verdict.outcome, verdict.blocked_by))
    return outcomes_by_id
