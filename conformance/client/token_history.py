"""Whether a 401 is about the token, or belongs to the path."""

from __future__ import annotations

from collections.abc import Callable

from ..media.header_fields import asks_for_claims, has_expired
from ..model import Answer, Failure
from .outgoing_request import OutgoingRequest

SPENT = "is refused (401) where it was accepted before"


class TokenHistory:
    """Which tokens were accepted, and which no longer are. Usable from several threads."""

    def __init__(self, send: Callable[[OutgoingRequest], Answer | Failure]) -> None:
        self._send = send
        self._opened: dict[str, OutgoingRequest] = {}
        """For each token, a request that was accepted with it."""
        self._checked: set[tuple[str, str]] = set()
        """Operations and tokens for which that request was sent again after a 401."""
        self.spent: set[str] = set()
        """Tokens that were refused then."""

    def is_about_credential(self, operation: str, message: OutgoingRequest, answer: Answer) -> bool:
        """Whether a 401 is about the token: it says so, or the token is refused where it was accepted before.

        At the first 401 of each operation, the accepted request is sent again; where it is accepted still, the 401
        belongs to the path.
        """
        token = message.token
        if token is None or answer.status != 401:
            if token is not None and 200 <= answer.status < 300:
                self._opened.setdefault(token, message)
            return False
        opened = self._opened.get(token)
        if opened is not None and token not in self.spent and (operation, token) not in self._checked:
            self._checked.add((operation, token))
            again = self._send(opened)
            if isinstance(again, Answer) and again.status == 401:
                self.spent.add(token)
        return token in self.spent or has_expired(answer) or asks_for_claims(answer)
