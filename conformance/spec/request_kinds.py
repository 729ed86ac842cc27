"""Kinds of requests for an owner at a path shape: by which credential, with which options, first or again."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import CredentialKind, Headers


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
TWICE = (PLAIN, AGAIN)

SELECTS, OTHER_SELECTS = (
    tuple(RequestKind(f"select-{names.replace(',', '-')}", query=f"$select={names}") for names in lists)
    for lists in (("id", "width", "height", "width,height", "id,height"), ("id,width", "id,width,height"))
)
"""`$select` of one or several properties (S23a, S23b); the others, which another tool's recording may hold."""

ODD_SELECT = RequestKind("select-nosuch", query="$select=noSuchProperty")
ODD_OPTION = RequestKind("option-nosuch", query="$nosuch=1")
ODD_OPTIONS = (ODD_SELECT, ODD_OPTION)
"""A property that does not exist, and an option that does not (S23c)."""

FORMAT = RequestKind("format", query="$format=json")
PHOTO_OPTIONS = (RequestKind("photo-select", query="$select=id,width"), FORMAT, ODD_OPTION)
"""Options on the bytes: checked by H1 and H2 alone."""
METADATA_OPTIONS = (
    FORMAT,
    RequestKind("expand", query="$expand=*"),
    RequestKind("filter", query="$filter=width%20gt%200&$orderby=id"),
    RequestKind("paged", query="$top=1&$skip=0&$count=true"),
)
"""Options that OData has and a photo has no use for: checked by H1 and H2 alone."""

NO_SUCH_SIZE = RequestKind("size-nosuch", size="17x23")
OTHER_SIZES = tuple(RequestKind(f"{NO_SUCH_SIZE.name}-{number}", size=NO_SUCH_SIZE.size) for number in range(2, 10))
"""A size that no photo is kept in; and further ones, which another tool's recording may hold."""

HEAD = RequestKind("head")
"""The recorder knows by this name that it is asked by HEAD."""
OWN_TAG = RequestKind("own-tag")
"""With the entity-tag of the plain response: it can be sent only after that one, see `planning.plan`."""
ODD_ACCEPT = RequestKind("odd-accept", headers=(("Accept", "application/x-nothing"),))
KEYED = RequestKind("keyed", keyed=True)

NO_TOKEN = (RequestKind("no-token", credential=CredentialKind.NONE),)
EMPTY_TOKEN = (RequestKind("empty-token", credential=CredentialKind.EMPTY),)
GARBAGE_TOKEN = (
    RequestKind("garbage-token", credential=CredentialKind.GARBAGE),
    RequestKind("garbage-jwt", credential=CredentialKind.GARBAGE, variety=1),
)
OTHER_SCHEME = (
    RequestKind("basic-scheme", credential=CredentialKind.SCHEME),
    RequestKind("other-scheme-good-token", credential=CredentialKind.SCHEME, variety=1),
)
BAD_CREDENTIALS = NO_TOKEN + EMPTY_TOKEN + GARBAGE_TOKEN + OTHER_SCHEME
