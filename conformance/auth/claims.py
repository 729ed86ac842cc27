"""What a token says of its holder (RFC 7519), read without checking any signature: for planning alone."""

from __future__ import annotations

import base64
import json

from ..model import Caller, Owner

LARGEST = 64 * 1024
"""Characters of a token that is read; longer ones are taken for opaque."""
LONGEST = 1000
"""Characters of an id; a longer one makes no path."""
_LAST = 10**11
"""Seconds since 1970 beyond which a time is nonsense."""


def same_user(one: Caller | Owner, other: Caller | Owner) -> bool | None:
    """Whether two are one user, without regard to case; None: they have neither an id nor a userPrincipalName each."""
    for mine, theirs in ((one.user_id, other.user_id), (one.user_upn, other.user_upn)):
        if mine and theirs:
            return mine.casefold() == theirs.casefold()
    return None


def read(token: str) -> Caller | None:
    """The caller that a JWT tells of, without a label; None for any other token. Never raises.

    Scopes are from `scp`, or of an application from `roles`: where `idtyp` is `app`, or there are roles and no scp. The
    user who is signed in is from `oid` and `upn`, else `preferred_username`.
    """
    data = _payload(token)
    if data is None:
        return None
    scp, roles = _words(data.get("scp")), _words(data.get("roles"))
    if data.get("idtyp") == "app" or (data.get("idtyp") != "user" and bool(roles) and not scp):
        return Caller("", roles or frozenset(), app_only=True)
    return Caller("", scp, text(data.get("oid")), text(data.get("upn")) or text(data.get("preferred_username")))


def expiry(token: str) -> float | None:
    """Until when a JWT says that it is good (`exp`), in seconds since 1970; None where it does not say."""
    return seconds((_payload(token) or {}).get("exp"))


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


def text(value: object) -> str | None:
    """A value that can stand in a path: text, not empty, printable, not endless."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() else None


def seconds(value: object) -> float | None:
    """A moment as seconds since 1970, as a number or in digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < _LAST
    return float(value) if usable else None  # type: ignore[arg-type]  # the line above has looked
