"""What stands in Authorization: a caller's token, by where it comes from, nothing, or what is no token."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from ..model import MARK, REDACTED, Credential, CredentialKind, Exchange, Headers, Request, mark
from .redaction import Redactor, Secret

GRAPH_TOKEN = "GRAPH_TOKEN"  # noqa: S105 - the variable's name
"""Where the token of the default caller stands if the target file names none."""
_VARIABLE = re.compile(r"[A-Z_]{1,11}|[A-Z]{1,16}[0-9]?(?:_(?:[A-Z]{1,16}[0-9]?|[0-9]{1,3})){1,8}")
_KEY = re.compile(r"[a-z_]{1,11}|[a-z]{1,12}(?:[A-Z][a-z]{1,12}){1,3}")


def shown_variable(name: str) -> str:
    """A variable's name for a message: not where it may be the secret itself, put in the name's place."""
    return name if _VARIABLE.fullmatch(name) else "that is named there (not shown: it may be a secret)"


def missing_variable(name: str, environ: Mapping[str, str]) -> str | None:
    """An environment variable that is not set, or is empty, for a message; None where it has a value."""
    if environ.get(name, "").strip():
        return None
    return f"the environment variable {shown_variable(name)}, which is {'empty' if name in environ else 'not set'}"


def shown_key(name: str) -> str:
    """A key of a TOML table for a message: see `shown_variable`."""
    return repr(name) if _KEY.fullmatch(name) else "(not shown: it may be a secret)"


@dataclass(frozen=True)
class TokenSource:
    """Where a caller's token is found: `env` (a variable's name), `command` (a list) or `azure` (a table)."""

    kind: str
    value: Any = field(repr=False)


class CredentialError(Exception):
    """A caller's token cannot be had. The message is one line, for people, and holds no secret."""


class UnusableToken(CredentialError):
    """There is a token, but it can never be sent."""


class Tokens(Protocol):
    """Where tokens come from. The recorder calls it from several threads, one at a time."""

    def token(self, caller: str) -> str:
        """The caller's token, good now; CredentialError when it cannot be had."""

    def source_name(self, caller: str) -> str:
        """Where the caller's token comes from, in a word that may be shown."""

    def refused(self, caller: str) -> bool:
        """A 401 says `expired`; True when a fresh token was fetched, so that asking again is worth it."""


def _segment(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")


# Claims that would allow everything, so that a target which reads claims without checking the signature is found.
_CLAIMS = {
    "aud": "https://graph.microsoft.com",
    "sub": "photo-conformance",
    "exp": 4102444800,
    "scp": "User.Read.All Group.Read.All Contacts.Read",
}
GARBAGE = (
    "q7VnX2pLr0KcYw9eTzB5hUfJ3mDsA8gN",
    ".".join((_segment({"alg": "none", "typ": "JWT"}), _segment(_CLAIMS), _segment("photo-conformance"))),
)
"""Tokens that were never issued: an opaque one, and an unsigned JWT."""
LENGTHENING = "-photo-conformance"
"""What makes of a caller's token one that was never issued: a target takes it that checks the beginning of a token
alone, or reads the claims of a JWT and does not check the signature."""

BASIC = base64.b64encode(b"photo-conformance:password").decode()

FORGED = (*GARBAGE, BASIC)
"""All that is sent in a token's place: no secret, but not to be echoed either."""


def authorization(credential: Credential, token: str | None) -> str | None:
    """The value of Authorization, or None for no header. `token`: the caller's, where `needs_token` says so."""
    match credential.kind:
        case CredentialKind.NONE:
            return None
        case CredentialKind.EMPTY:
            return "Bearer "
        case CredentialKind.GARBAGE:
            if needs_token(credential):
                return Secret(f"Bearer {token}{LENGTHENING}")
            return f"Bearer {GARBAGE[credential.variety % len(GARBAGE)]}"
        case CredentialKind.SCHEME:
            # a scheme as long as Bearer: a server that cuts that many characters off opens for it, too
            return Secret(f"ApiKey {token}") if needs_token(credential) else f"Basic {BASIC}"
        case _:
            return Secret(f"Bearer {token}")


def proxy_fields(proxy: str | None) -> Headers:
    """The header field for the user in the proxy's URL; none where it names no user."""
    parts = urlsplit(proxy or "")
    if parts.username is None:
        return ()
    basic = base64.b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()).decode()
    return (("Proxy-Authorization", Secret(f"Basic {basic}")),)


def needs_token(credential: Credential) -> bool:
    """Whether a caller's good token goes out with it, or in it: an opaque one is made up where there is no caller."""
    if credential.kind is CredentialKind.GARBAGE:
        return credential.variety == 0 and credential.caller is not None
    if credential.kind is CredentialKind.SCHEME:
        return credential.variety % 2 == 1
    return credential.kind is CredentialKind.TOKEN


def with_echoes(exchange: Exchange, redactor: Redactor) -> Exchange:
    """The exchange, which says where the caller's token came back, in any form: the redactor knows it yet."""
    shown = _shown(exchange.request)
    if MARK.fullmatch(shown) is None:
        return exchange
    return replace(exchange, echoed=_places(exchange, lambda data: redactor.holds(data, shown)))


def echoes(exchange: Exchange) -> tuple[str, ...]:
    """Where what was sent in Authorization came back: names of header fields, or `the body`.

    Live it was found in the responses as they came; in a recording the token's mark stands there.
    """
    shown = _shown(exchange.request)
    if shown in FORGED:
        forged = _forged(shown)
        return _places(exchange, lambda data: _UNNAMED in data or forged.holds(data, mark("forged")))
    if MARK.fullmatch(shown) is None:
        return ()
    found = _places(exchange, lambda data: _UNNAMED in data or shown.encode() in data)
    return tuple(dict.fromkeys((*exchange.echoed, *found)))


@cache
def _forged(token: str) -> Redactor:
    return Redactor([("forged", token)])


_UNNAMED = REDACTED.encode()


def _shown(request: Request) -> str:
    """The credentials of a request that was recorded: a mark, or what was made up in a token's place."""
    value = next((value for name, value in request.headers if name.lower() == "authorization"), "")
    return value.rpartition(" ")[2].removesuffix(LENGTHENING)


def _places(exchange: Exchange, holds: Callable[[bytes], bool]) -> tuple[str, ...]:
    found: list[str] = []
    for answer in exchange.answers:
        if holds(answer.head):  # all at once first: there is seldom one
            for name, value in (("the reason phrase", answer.reason), *answer.headers):
                if holds(name.encode("utf-8", "surrogatepass")) or holds(value.encode("utf-8", "surrogatepass")):
                    found.append(name)
        if holds(answer.body):
            found.append("the body")
    return tuple(dict.fromkeys(found))
