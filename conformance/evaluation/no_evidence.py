"""Responses that prove nothing about a clause: routes that may not exist, users without a mailbox, allowed refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..catalogue.permission_selectors import opens
from ..catalogue.requirement import NO_5XX
from ..media import json_text
from ..model import OWNED, Answer, Exchange, Outcome, Probe, State
from ..planning.plan import Plan
from ..requirements.prerequisites import ABSENT, ENOUGH, NO_PLACEHOLDER, NO_SCOPE_403, UNDECLARED_ALLOWED, UNKNOWN_404

Reason = tuple[Outcome, str]
Refusal = tuple[int, str]
"""Status and error code."""

NO_ROUTE = "this operation responded to every id with the same {status}: its route may not exist"
OTHER_REFUSALS = frozenset({"credentials.refused-with-401", "credentials.has-www-authenticate", NO_SCOPE_403})
"""Requirements of another refusal than a 404, which a path that does not exist cannot give."""
OF_MAILBOXES = frozenset({ABSENT, NO_PLACEHOLDER, UNDECLARED_ALLOWED, NO_5XX, ENOUGH, NO_SCOPE_403})
WITHOUT_MAILBOX = "the user seems to have no mailbox: every response is {status}"
OF_PHOTOS = ("picture", "metadata", "annotation", "placeholder", "undeclared", "relation", "option", "sizes", "odata")


@dataclass(frozen=True)
class NoEvidence:
    """What the plain responses of a run give no evidence for."""

    plan: Plan
    silent: frozenset[str]
    """Operations of which every plain response is the same 404, or 400."""
    mailboxless: Mapping[str, Reason]
    """By label, users that responded as the service does for one without a mailbox."""

    def of(self, requirement: str, probe: Probe, answer: Answer | None) -> Reason | None:
        """Why the response to a probe is no evidence for or against a requirement; None: it is."""
        owner, known = probe.owner.label, probe.state in OWNED
        if requirement in OF_MAILBOXES and owner in self.mailboxless and (known or probe.state is State.SCOPED):
            return self.mailboxless[owner]
        if requirement in OTHER_REFUSALS:
            return self.of_conforming(probe, answer)
        of_photos = requirement == UNKNOWN_404 or (known and requirement.partition(".")[0] in OF_PHOTOS)
        return self._refused(requirement, probe, answer.status) if of_photos and answer else None

    def of_conforming(self, probe: Probe, answer: Answer | None) -> Reason | None:
        """Why a response is no evidence for any requirement, although nothing is wrong with it."""
        if answer is None or answer.status not in (400, 404) or probe.shape.operation.id not in self.silent:
            return None
        return Outcome.NOT_EXERCISED, NO_ROUTE.format(status=answer.status)

    def _refused(self, requirement: str, probe: Probe, status: int) -> Reason | None:
        edition, owner, caller = self.plan.edition, probe.owner, probe.credential.caller
        permitted = opens(caller, probe.shape, owner, self.plan.tenant) if caller else True
        if permitted is False and (status == 403 or (status == 404 and requirement != UNKNOWN_404)):  # S5b allows both
            return Outcome.NOT_EXERCISED, f"{status}, and the caller holds none of the listed scopes"
        if status == 403 and probe.credential.app_only and owner.kind == "group" and not edition.apps_see_groups:
            return Outcome.NOT_EXERCISED, "403, which this edition allows to an application"
        if permitted or status != 403:
            return None
        if requirement == UNKNOWN_404 and not self.plan.tenant.whole.known(probe.shape):
            return Outcome.NOT_EXERCISED, "403, and no owner is known that would show whether the token opens this path"
        if requirement == UNDECLARED_ALLOWED or self.plan.tenant.exhaustive:
            return Outcome.INCONCLUSIVE, "403, and the scopes of the caller are not known"
        return None


def found(plan: Plan, responses: Iterable[tuple[Probe, Exchange]]) -> NoEvidence:
    """What the plain responses of all owners of a run give no evidence for."""
    refusals: dict[str, set[Refusal | None]] = {}
    of_unknown: dict[str, set[Refusal | None]] = {}
    statuses: dict[str, set[int | None]] = {}
    for probe, exchange in responses:
        operation, answer = probe.shape.operation.id, exchange.answer
        refusals.setdefault(operation, set()).add(_refusal(answer))
        if probe.state is State.UNKNOWN:
            of_unknown.setdefault(operation, set()).add(_refusal(answer))
        elif probe.owner.kind == "user" and probe.owner.size is None:
            statuses.setdefault(probe.owner.label, set()).add(answer.status if answer else None)
    nowhere = {(404, ""), *(one for each in of_unknown.values() for one in each)}
    silent = {
        operation
        for operation, found in refusals.items()
        if len(found) == 1 and None not in found and (operation in of_unknown or found <= nowhere)
    }
    return NoEvidence(plan, frozenset(silent), dict(_mailboxless(plan, statuses)))


def _mailboxless(plan: Plan, statuses: Mapping[str, set[int | None]]) -> Iterator[tuple[str, Reason]]:
    if plan.edition.placeholder:
        return
    with_photo = {owner.label for owner in plan.tenant.whole.owners if owner.state is State.PRESENT}
    for label, seen in statuses.items():
        status = next(iter(seen)) or 0
        alike_refused = status == 501 or (400 <= status < 500 and status not in (403, 404, 429))
        if label in with_photo or len(seen) > 1 or not alike_refused:
            continue
        others = any(each & {200, 404} for other, each in statuses.items() if other != label)
        outcome = Outcome.NOT_EXERCISED if others else Outcome.INCONCLUSIVE
        yield label, (outcome, WITHOUT_MAILBOX.format(status=status))


def _refusal(answer: Answer | None) -> Refusal | None:
    """What a 404, or a 400 as for a malformed id, says: its error code if it has one; None for any other response."""
    if answer is None or answer.status not in (400, 404):
        return None
    body = json_text.read(answer.body)
    error = body.get("error") if isinstance(body, dict) else None
    return answer.status, str(error.get("code")) if isinstance(error, dict) else ""
