"""What a token says of its holder (RFC 7519), read without checking any signature: for planning alone."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from ..model import Caller, Owner

LARGEST = 64 * 1024
"""Characters of a token that is read; longer ones are taken for opaque."""
_LAST = 10**11
"""Seconds since 1970 beyond which a time is nonsense."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims that planning needs; None where the token does not say."""

    scopes: frozenset[str] | None = None
    """From `scp` (delegated) or `roles` (an application)."""
    user_id: str | None = None
    """From `oid`, where a user is signed in."""
    user_upn: str | None = None
    """From `upn`, else `preferred_username`."""
    tenant: str | None = None
    expires: float | None = None
    """Seconds since 1970, from `exp`."""
    app_only: bool = False
    """No user is signed in: `idtyp` is `app`, or there are roles and no scp."""


def same_user(one: Claims | Caller | Owner, other: Claims | Caller | Owner) -> bool | None:
    """Whether two are one user, without regard to case; None: they have neither an id nor a userPrincipalName each."""
    for mine, theirs in ((one.user_id, other.user_id), (one.user_upn, other.user_upn)):
        if mine and theirs:
            return mine.casefold() == theirs.casefold()
    return None


def read(token: str) -> Claims | None:
    """The claims of a JWT; None for any other token. Never raises."""
    data = _payload(token)
    if data is None:
        return None
    scp, roles = _words(data.get("scp")), _words(data.get("roles"))
    app_only = data.get("idtyp") == "app" or (data.get("idtyp") != "user" and bool(roles) and not scp)
    scopes = (roles or frozenset()) if app_only else scp
    return Claims(
        scopes=scopes,
        user_id=None if app_only else _text(data.get("oid")),
        user_upn=None if app_only else _text(data.get("upn")) or _text(data.get("preferred_username")),
        tenant=_text(data.get("tid")),
        expires=seconds(data.get("exp")),
        app_only=app_only,
    )


def _payload(token: str) -> dict[str, object] | None:
    parts = token.split(".")
    if len(parts) != 3 or len(token) > LARGEST:
        return None
    try:
        data = json.loads(base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _words(value: object) -> frozenset[str] | None:
    """Scopes by a blank between them, or roles in a list."""
    if isinstance(value, str):
        return frozenset(value.split())
    if isinstance(value, list):
        return frozenset(word for word in value if isinstance(word, str))
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 1000 and value.isprintable() else None


def seconds(value: object) -> float | None:
    """A moment as seconds since 1970, as a number or in digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < _LAST
    return float(value) if usable else None  # type: ignore[arg-type]  # the line above has looked
