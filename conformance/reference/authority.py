"""Who asks, and whether they may: the Authorization header and the permission table (S3 to S7, S24)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ..model import CredentialKind, Operation
from .entities import Identity, MockTenant
from .responses_sent import Refusal, ServiceRequest

_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="reference"'),)
_REFUSED_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="reference", error="invalid_token"'),)

DENIED = Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


@dataclass(frozen=True, slots=True)
class Presented:
    """What stood in Authorization, and whose it is; `identity` is None for all but a good token."""

    kind: CredentialKind
    identity: Identity | None = None


def presented(request: ServiceRequest, tenant: MockTenant) -> Presented:
    """Read the Authorization header; the scheme's name has no case (RFC 9110 11.1)."""
    header = request.header("authorization")
    if header is None:
        return Presented(CredentialKind.NONE)
    scheme, _, token = header.strip().partition(" ")
    if scheme and scheme.lower() != "bearer":
        return Presented(CredentialKind.SCHEME)
    if not token.strip():
        return Presented(CredentialKind.EMPTY)
    identity = tenant.identity(token.strip())
    return Presented(CredentialKind.TOKEN, identity) if identity else Presented(CredentialKind.GARBAGE)


def unauthorized(kind: CredentialKind) -> Refusal:
    """The 401 for a credential that is none."""
    if kind is CredentialKind.GARBAGE:
        message = "Access token is malformed, or its signature cannot be validated."
        return Refusal(401, "InvalidAuthenticationToken", message, _REFUSED_CHALLENGE)
    return Refusal(401, "InvalidAuthenticationToken", "Access token is empty.", _CHALLENGE)


def permitted(operation: Operation, scopes: Set[str], *, own: bool) -> bool:
    """Whether the scopes open the operation; `own`: for the caller's own photo."""
    return bool(scopes & operation.scopes) or (own and bool(scopes & operation.own_scopes))
