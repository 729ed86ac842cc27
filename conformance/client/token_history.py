"""Whether a 401 is about the token, or belongs to the path."""

from __future__ import annotations

from collections.abc import Callable

from ..media.header_fields import asks_for_claims, has_expired
from ..model import Answer, Failure
from .outgoing_request import OutgoingRequest

SPENT = "is refused (401) where it was accepted before"
EXPIRED = "is refused (401) for its age or its claims"

Checked = Callable[[str, OutgoingRequest, Answer], str | None]


def token_history(send: Callable[[OutgoingRequest], Answer | Failure]) -> Checked:
    """A function of operation, request and response: what is wrong with the token; None where a 401 is the path's.

    It remembers which tokens were accepted, and is usable from several threads. At the first 401 of each operation, a
    request that was accepted with the token is sent again; where it is accepted still, the 401 belongs to the path.
    """
    opened: dict[str, OutgoingRequest] = {}
    checked: set[tuple[str, str]] = set()
    spent: set[str] = set()

    def wrong(operation: str, message: OutgoingRequest, answer: Answer) -> str | None:
        token = message.token
        if token is None or answer.status != 401:
            if token is not None and 200 <= answer.status < 300:
                opened.setdefault(token, message)
            return None
        accepted = opened.get(token)
        if accepted is not None and token not in spent and (operation, token) not in checked:
            checked.add((operation, token))
            again = send(accepted)
            if isinstance(again, Answer) and again.status == 401:
                spent.add(token)
        if token in spent:
            return SPENT
        return EXPIRED if has_expired(answer) or asks_for_claims(answer) else None

    return wrong
