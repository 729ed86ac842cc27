"""Whether a 401 is about the token, or belongs to the path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..media.header_fields import asks_for_claims, has_expired
from ..model import Answer, CredentialKind, Failure
from .outgoing_request import OutgoingRequest

SPENT = "is refused (401) where it was accepted before"
EXPIRED = "is refused (401) for its age or its claims"
ENOUGH = 5
"""Checks of an operation's 401s with one token."""

Checked = Callable[[str, OutgoingRequest, Answer], str | None]


def token_history(send: Callable[[OutgoingRequest], Answer | Failure]) -> Checked:
    """A function of operation, request and response: what is wrong with the token; None where a 401 is the path's.

    It remembers which tokens were accepted, and is usable from several threads. At a 401, a request that was accepted
    with the token is sent again; where it is accepted still, the 401 belongs to the path. An operation at which this
    was found `ENOUGH` times is not checked again.
    """
    accepted: dict[str, OutgoingRequest] = {}
    checks: Counter[tuple[str, str]] = Counter()
    spent: set[str] = set()

    def wrong(operation: str, message: OutgoingRequest, answer: Answer) -> str | None:
        token = message.token
        if token is None or message.probe.credential.kind is not CredentialKind.TOKEN:
            return None
        if answer.status != 401:
            if answer.status < 300 or (answer.status < 429 and token not in accepted):
                accepted[token] = message
            return None
        if token in accepted and token not in spent and checks[operation, token] < ENOUGH:
            checks[operation, token] += 1
            again = send(accepted[token])
            if isinstance(again, Answer) and again.status == 401:
                spent.add(token)
        if token in spent:
            return SPENT
        return EXPIRED if has_expired(answer) or asks_for_claims(answer) else None

    return wrong
