"""Recordings of other makers (browsers, proxies): which entry asks for which operation, at which base URL, of whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from ..model import Caller, Credential, CredentialKind, Exchange, Operation, Owner
from ..spec import Contract
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from .har_reader import Cassette

_VERSION = re.compile(r"v[0-9]{1,4}(\.[0-9]{1,4})?|beta", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_LONGEST = 8000
"""Characters of a URL that is looked at."""

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A foreign entry that asks for an operation of the contract."""

    exchange: Exchange
    operation: Operation
    params: Params
    """The decoded values of the path's parameters, by name."""
    target: str
    """Path and query below the base URL, as it stood on the wire."""
    credential: Credential

    @property
    def query(self) -> str:
        return decoded(self.target.partition("?")[2])


@dataclass(frozen=True, slots=True)
class Reading:
    """A foreign tape, read by a contract."""

    asked: tuple[Asked, ...]
    base_url: str | None
    """As told, else the one that most entries have; None where nothing matched."""
    unmatched: int
    """Entries that ask for no operation at this base URL."""
    bare: bool
    """Whether no entry holds an Authorization header: browsers leave it out when they export."""


def decoded(query: str) -> str:
    """A query so that two that ask the same are equal, however they are percent-encoded."""
    return "&".join(unquote(option) for option in query.split("&"))


def read(cassette: Cassette, contract: Contract, base_url: str | None) -> Reading:
    """The entries that ask for an operation at the base URL; without one told, at the one that most of them have.

    A base URL is found where a path goes on behind a version segment as an operation does.
    """
    found: list[tuple[str, Asked]] = []
    for exchange, credential in zip(cassette.exchanges, cassette.credentials, strict=True):
        if credential is not None and exchange.request.method.upper() == "GET":
            found += _read(exchange, credential, contract, base_url)[:1]
    counted = Counter(base for base, _ in found)
    base = counted.most_common(1)[0][0] if counted else base_url
    asked = tuple(one for where, one in found if where == base)
    bare = all(one.credential.kind is CredentialKind.NONE for one in asked)
    return Reading(asked, base, len(cassette.exchanges) + cassette.passed_over - len(asked), bare and bool(asked))


def _read(
    exchange: Exchange, credential: Credential, contract: Contract, base_url: str | None
) -> list[tuple[str, Asked]]:
    """The base URLs at which an exchange asks for an operation, and what it asks for there."""
    parts = _split(exchange.request.url)
    if parts is None:
        return []
    readings = _below_versions(parts) if base_url is None else _below(parts, base_url)
    query = f"?{parts.query}" if parts.query else ""
    return [
        (base, Asked(exchange, match.operation, tuple(match.params.items()), path + query, credential))
        for base, path in readings
        if (match := contract.match(path))
    ]


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url[:_LONGEST])
        known = parts.hostname and parts.scheme in _PORTS and parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _root(parts: SplitResult) -> str:
    """Scheme and host in lower case, the port where it is not the scheme's own."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _below_versions(parts: SplitResult) -> Iterator[tuple[str, str]]:
    segments = parts.path.split("/")
    for number, segment in enumerate(segments, 1):
        if _VERSION.fullmatch(segment):
            yield _root(parts) + "/".join(segments[:number]), "/" + "/".join(segments[number:])


def _below(parts: SplitResult, base_url: str) -> Iterator[tuple[str, str]]:
    base = _split(base_url)
    if base is not None and _root(base) == _root(parts) and parts.path.startswith(base.path.rstrip("/") + "/"):
        yield base_url, parts.path[len(base.path.rstrip("/")) :]


def tenant(asked: Sequence[Asked]) -> Tenant:
    """Those whom the requests name. Nothing says who of them has a photo: their state is not known.

    First come those who were asked for without a token: at each path shape the first one is judged so.
    """
    owners: dict[tuple[object, ...], Owner] = {}
    users: dict[str | None, str] = {}
    for one in sorted(asked, key=lambda one: one.credential.kind is CredentialKind.TOKEN):
        fields = _fields(one)
        caller = DEFAULT_CALLER if one.operation.signed_in else None
        if fields is None or (key := (caller, *sorted(fields.items()))) in owners:
            continue
        number = len(owners) + 1
        user = users.setdefault(fields.get("user_id") or fields.get("user_upn"), f"user-{len(users) + 1}")
        kind = next((kind for kind in ("contact", "group") if f"{kind}_id" in fields), "user")
        labels = {"user": user, "contact": f"{user}.contact-{number}", "group": f"group-{number}"}
        changes: dict[str, Any] = {**fields, "caller": caller}
        owners[key] = replace(Owner(labels[kind], kind), **changes)
    return Tenant(tuple(owners.values()), (Caller(DEFAULT_CALLER),), DEFAULT_CALLER)


_FIELDS = {"group-id": "group_id", "contactFolder-id": "folder_id", "contact-id": "contact_id"}


def _fields(asked: Asked) -> dict[str, str] | None:
    """The parameters as the fields of an owner; None where the path says more than an owner knows."""
    fields = {}
    for name, value in asked.params:
        if name == "user-id":
            fields["user_upn" if "@" in value else "user_id"] = value
        elif name in _FIELDS:
            fields[_FIELDS[name]] = value
        else:
            return None
    return fields
