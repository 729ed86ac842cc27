"""What a request asks for, and who asks: Authorization (S3 to S7, S24), Accept, and the options of metadata."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ..model import CredentialKind, Operation
from .dialect import PROPERTIES
from .entities import Identity, MockTenant
from .responses_sent import Refusal, ServiceRequest

NOT_ACCEPTABLE = Refusal(406, "NotAcceptable", "None of the media types asked for can be answered.")
_TAKEN = ("*/*", "application/*", "application/json", "application/octet-stream")
_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="reference"'),)
_REFUSED_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="reference", error="invalid_token"'),)

DENIED = Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


@dataclass(frozen=True, slots=True)
class Presented:
    """What stood in Authorization, and whose it is; `identity` is None for all but a good token."""

    kind: CredentialKind
    identity: Identity | None = None
    begins_well: bool = False
    """Whether a token that was never issued begins with a good one."""


def presented(request: ServiceRequest, tenant: MockTenant) -> Presented:
    """Read the Authorization header; the scheme's name has no case (RFC 9110 11.1)."""
    header = request.header("authorization")
    if header is None:
        return Presented(CredentialKind.NONE)
    scheme, _, rest = header.strip().partition(" ")
    if scheme and scheme.lower() != "bearer":
        return Presented(CredentialKind.SCHEME)
    token = rest.strip()
    if not token:
        return Presented(CredentialKind.EMPTY)
    if identity := tenant.identity(token):
        return Presented(CredentialKind.TOKEN, identity)
    return Presented(CredentialKind.GARBAGE, begins_well=any(token.startswith(one.token) for one in tenant.identities))


def unauthorized(kind: CredentialKind) -> Refusal:
    """The 401 for a credential that is none."""
    if kind is CredentialKind.GARBAGE:
        message = "Access token is malformed, or its signature cannot be validated."
        return Refusal(401, "InvalidAuthenticationToken", message, _REFUSED_CHALLENGE)
    return Refusal(401, "InvalidAuthenticationToken", "Access token is empty.", _CHALLENGE)


def opens(operation: Operation, scopes: Set[str], *, own: bool) -> bool:
    """Whether the scopes open the operation; `own`: for the caller's own photo."""
    return bool(scopes & operation.scopes) or (own and bool(scopes & operation.own_scopes))


def wanted(field: str) -> list[str]:
    """The items of an Accept or Accept-Encoding field with a weight above zero, in lower case (RFC 9110 12.4.2)."""
    items = ([part.strip() for part in item.split(";")] for item in field.lower().split(","))
    return [item for item, *more in items if not any(p.startswith("q=") and not p[2:].strip("0.") for p in more)]


def acceptable(request: ServiceRequest) -> bool:
    """Whether Accept leaves anything to answer with (RFC 9110 12.5.1); true where there is none.

    Lenient, as the service is: JSON and bytes are taken for each other, and so are all pictures.
    """
    accept = request.header("accept") or ""
    return not accept.strip() or any(item in _TAKEN or item.startswith("image/") for item in wanted(accept))


def selected(query: str) -> tuple[str, ...] | Refusal:
    """The properties that `$select` names, in the order of PROPERTIES; empty: no choice was made.

    Refused with 400: a property that there is none of, an unknown system option, one given twice (S23; OData 6.1).
    Options without `$` are the client's own and ignored.
    """
    options = [(name.lower(), value) for name, value in parse_qsl(query, keep_blank_values=True)]
    system = [name for name, _ in options if name.startswith("$")]
    for name in system:
        if name not in ("$select", "$format") or system.count(name) > 1:
            return _bad("A query option is unknown here, or stands twice.")
    values = dict(options)
    if not values.get("$format", "json").lower().startswith(("json", "application/json")):
        return _bad("The format asked for is not supported.")
    if "$select" not in values:
        return ()
    names = {name.strip() for name in values["$select"].split(",")}
    if names == {"*"}:
        return ()
    if not names <= set(PROPERTIES):
        return _bad("Could not find a property that $select names.")
    return tuple(name for name in PROPERTIES if name in names)


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
