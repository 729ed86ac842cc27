"""Responses that prove nothing about a clause: routes that may not exist, users without a mailbox, allowed refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..catalogue.permission_selectors import opens
from ..catalogue.prerequisites import ABSENT, NO_PLACEHOLDER, REFUSING, UNDECLARED_ALLOWED
from ..catalogue.requirement import NO_5XX
from ..catalogue.selectors import OWNED
from ..media import json_text
from ..model import Answer, Exchange, Form, Outcome, Probe, State
from ..planning.plan import Plan

Reason = tuple[Outcome, str]
Refusal = tuple[int, str]
"""Status and error code."""

NO_ROUTE = "every response of this operation, whatever id was asked for, is the same {status}: the route may not exist"
BY_404 = frozenset({ABSENT, NO_PLACEHOLDER, UNDECLARED_ALLOWED})
"""Requirements of known owners that a 404 satisfies."""
OF_MAILBOXES = frozenset({*BY_404, NO_5XX, "permission.one-scope-is-enough"})
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

    def of(self, requirement: str, probe: Probe, answer: Answer) -> Reason | None:
        """Why the response to a probe is no evidence for a requirement; None: it is."""
        if (
            requirement in OF_MAILBOXES
            and probe.owner.label in self.mailboxless
            and probe.state in (*OWNED, State.SCOPED)
        ):
            return self.mailboxless[probe.owner.label]
        chapter = requirement.partition(".")[0]
        if answer.status in (400, 404) and probe.shape.operation.id in self.silent:
            due = probe.shape.form is Form.PHOTO or not self.plan.edition.placeholder
            satisfied = requirement in REFUSING or (answer.status == 404 and due and requirement in BY_404)
            return (Outcome.NOT_EXERCISED, NO_ROUTE.format(status=answer.status)) if satisfied else None
        if answer.status == 403 and probe.state in OWNED and chapter in OF_PHOTOS:
            return self._refused(requirement, probe)
        return None

    def _refused(self, requirement: str, probe: Probe) -> Reason | None:
        edition, owner, caller = self.plan.edition, probe.owner, probe.credential.caller
        if probe.credential.app_only and owner.kind == "group" and not edition.apps_see_groups:
            return Outcome.NOT_EXERCISED, "403, which this edition allows to an application"
        if caller is None:
            return None
        permitted = opens(caller, probe.shape, owner, self.plan.tenant)
        if permitted is None and (requirement == UNDECLARED_ALLOWED or self.plan.tenant.exhaustive):
            return Outcome.INCONCLUSIVE, "403, and the scopes of the caller are not known"
        return (
            (Outcome.NOT_EXERCISED, "403, and the caller holds none of the listed scopes")
            if permitted is False
            else None
        )


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
        status = next(iter(seen))
        if label in with_photo or len(seen) > 1 or not _is_for_no_mailbox(status):
            continue
        others = any(each & {200, 404} for other, each in statuses.items() if other != label)
        outcome = Outcome.NOT_EXERCISED if others else Outcome.INCONCLUSIVE
        yield label, (outcome, WITHOUT_MAILBOX.format(status=status))


def _is_for_no_mailbox(status: int | None) -> bool:
    return status is not None and (status == 501 or (400 <= status < 500 and status not in (403, 404, 429)))


def _refusal(answer: Answer | None) -> Refusal | None:
    """What a 404, or a 400 as for a malformed id, says: its error code if it has one; None for any other response."""
    if answer is None or answer.status not in (400, 404):
        return None
    body = json_text.read(answer.body)
    error = body.get("error") if isinstance(body, dict) else None
    return answer.status, str(error.get("code")) if isinstance(error, dict) else ""
