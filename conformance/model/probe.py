"""Requests to be sent: where, as which caller, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .contract import Owner, Shape, State
from .exchange import Headers


class CredentialKind(StrEnum):
    """What is in the Authorization header of a request."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    NONE = "none"
    EMPTY = "empty"
    GARBAGE = "garbage"
    SCHEME = "scheme"  # a scheme that is not Bearer


@dataclass(frozen=True, slots=True)
class Credential:
    """What to put in Authorization: a kind, and for TOKEN and SCHEME whose token."""

    kind: CredentialKind = CredentialKind.TOKEN
    caller: str | None = None
    variety: int = 0
    """Which of several of one kind (opaque or JWT-like garbage, Basic or Token)."""
    app_only: bool = False
    """Whether the caller is an application by itself."""


@dataclass(frozen=True, slots=True)
class RequestKind:
    """One way of asking. `name` is part of a probe's identity."""

    name: str
    query: str = ""
    """The query string as sent."""
    credential: CredentialKind = CredentialKind.TOKEN
    variety: int = 0
    headers: Headers = ()
    keyed: bool = False
    """With the keys of the path in parentheses, `users('…')` (OData URL Conventions 4.3)."""
    size: str | None = None
    """Of this size of the photo, whatever the owner's is."""


PLAIN = RequestKind("plain")
AGAIN = RequestKind("again")

NO_SUCH_SIZE = RequestKind("size-nosuch", size="17x23")
"""A size that no photo is kept in."""
HEAD = RequestKind("head")
"""The recorder knows by this name that it is asked by HEAD."""
OWN_TAG = RequestKind("own-tag")
"""With the entity-tag of the plain response: it can be sent only after that one, see `planning.plan`."""
KEYED = RequestKind("keyed", keyed=True)


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to be sent, once: where, as which caller, and why."""

    key: str
    """Identity within a run, e.g. `user-contact.photo.upn/present/user-1.contact-2/plain`."""
    shape: Shape
    state: State
    owner: Owner
    request_kind: str
    """What is asked: `plain`, `again`, `select-id`, `no-token` …"""
    target: str
    """Path and query below the base URL, percent-encoded, as sent."""
    credential: Credential
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the contract a request lands: what a fault knows of the response that it may change."""

    shape: Shape
    state: State
    """PRESENT, ABSENT or UNKNOWN: of the owner."""
    owner: str
    """The owner's key in the tenant of the server."""
    credential: CredentialKind = CredentialKind.TOKEN
    permitted: bool = True
    """False: the token is good and holds none of the scopes that open this owner's photo."""
    query: str = ""
    ask: int = 1
    """1 for the first time this very request is asked, 2 for the second …"""
    scopes: frozenset[str] = frozenset()
    """What the token holds; empty without a good one."""
    begins_well: bool = False
    """Whether a token that was never issued begins with a good one."""
