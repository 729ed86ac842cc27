"""Whose token stands in Authorization of another tool's recording, as far as its recorder kept it."""

from __future__ import annotations

import hashlib
import re

from ..auth import claims
from ..auth.authorization import BASIC, GARBAGE, LENGTHENING
from ..model import Credential, CredentialKind, Headers
from .kept_response import masked

NOT_SHOWN = "not-shown"
"""The caller of a request whose token was masked, blanked or left out by the recorder."""
BEARING = ("authorization", "proxy-authorization")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,19})[ \t]+(\S.*)", re.DOTALL)
SCHEME_ALONE = re.compile(r"[ \t]*(?:(bearer|basic|digest|negotiate|ntlm|token)[ \t]*)?", re.IGNORECASE)


def parts(value: str) -> tuple[str, str]:
    """Scheme and credentials; a token that stands alone has no scheme."""
    found = _SCHEME.fullmatch(value)
    return (found[1], found[2].strip()) if found else ("", value.strip())


def digest(token: str) -> str:
    """By which a token is recognized without being kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def authorization(headers: Headers) -> str | None:
    """The value of the header field."""
    return next((value for name, value in headers if name.lower() == "authorization"), None)


def credential(headers: Headers, status: int) -> Credential:
    """What stood in Authorization of a request that got this status; the caller is the digest of the token.

    Without a token there is a 401: where anything else came, a credential that is blank, or a request of which no
    header was kept, is the recorder's doing.
    """
    value = authorization(headers)
    if status != 401 and (not headers if value is None else SCHEME_ALONE.fullmatch(value)):
        return Credential(caller=NOT_SHOWN)
    if value is None:
        return Credential(CredentialKind.NONE)
    if SCHEME_ALONE.fullmatch(value):
        return Credential(CredentialKind.EMPTY)
    scheme, secret = parts(value)
    if secret.endswith(LENGTHENING):
        return Credential(CredentialKind.GARBAGE)
    if masked(secret) or masked(value):
        return Credential(caller=NOT_SHOWN)
    if not scheme and status != 401:  # the recorder left the scheme out, or wrote something else altogether
        return Credential(caller=digest(secret) if claims.read(secret) else NOT_SHOWN)
    if scheme.lower() != "bearer":
        ours = scheme.lower() == "token" and secret != BASIC
        return Credential(CredentialKind.SCHEME, digest(secret) if ours else None, int(ours))
    if secret in GARBAGE:
        return Credential(CredentialKind.GARBAGE, variety=GARBAGE.index(secret))
    return Credential(CredentialKind.TOKEN, digest(secret))
