"""Recordings of other tools (browsers, proxies): which entry asks for which operation, and at which base URL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import SplitResult, unquote, urlsplit

from ..model import Credential, CredentialKind, Exchange, Operation
from ..spec import Contract
from ..spec.paths import Match
from .har_reader import Cassette
from .kept_credentials import NOT_SHOWN
from .sanitizer import ODATA_OPTIONS

_VERSION = re.compile(r"v[0-9]{1,4}(\.[0-9]{1,4})?|beta", re.IGNORECASE)
_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_CHANGING = ("PUT", "PATCH", "POST", "DELETE")
_OF_CACHES = re.compile(
    r"_*(t|ts|v|ver|version|r|rnd|rand|random|time|timestamp|date|now|cb|bust|buster|(no|cache)?[-_]?cache|"
    r"cache[-_]?bust(er)?|_)?", re.IGNORECASE
)  # fmt: skip
"""Options by which a browser's app gets past caches: they change nothing of what is asked."""
_LONGEST = 8000
"""Characters of a URL that is looked at."""

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry that asks for an operation of the contract, or changes the photo at its path."""

    exchange: Exchange
    operation: Operation
    params: Params
    """The decoded values of the path's parameters, by name, as `comparable`."""
    target: str
    """Path and query below the base URL, as it stood on the wire."""
    credential: Credential
    respelled: bool = False
    """Whether slashes in the path had to be taken away."""
    unlisted: bool = False
    """Whether it is about a size that the recorded list of the photo's sizes lacks."""

    @property
    def query(self) -> str:
        return asked_for(self.target.partition("?")[2])

    @property
    def values(self) -> dict[str, str]:
        """The path's values by what they name: `user`, `contact`, `size` …"""
        words = self.operation.keys
        return {words[name]: value for name, value in self.params if name in words}

    @property
    def accept(self) -> str | None:
        return next((value for name, value in self.exchange.request.headers if name.lower() == "accept"), None)

    @property
    def has_other_options(self) -> bool:
        """Whether it has an option of which nothing says what it means: `?size=48x48`."""
        return any(_OF_CACHES.fullmatch(name) is None for name in self.others)

    @property
    def others(self) -> list[str]:
        """Names of options that are not OData's."""
        options = unquote(self.target.partition("?")[2]).split("&")
        return [one.partition("=")[0] for one in options if one and not asked_for(one)]

    @property
    def changes(self) -> bool:
        """Whether it may have changed the photo."""
        return self.exchange.request.method.upper() in _CHANGING

    @property
    def status(self) -> int | None:
        return self.exchange.answer.status if self.exchange.answer else None

    @property
    def same(self) -> tuple[object, ...]:
        """What is equal of two entries that ask the same as the same caller."""
        return (self.operation.id, self.params, self.query, self.credential)


@dataclass(frozen=True, slots=True)
class Reading:
    """Another tool's recording, read by a contract."""

    asked: tuple[Asked, ...] = ()
    base_url: str | None = None
    """As given, else the one that most entries have; None where nothing matched."""
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Entries that ask for an operation at another base URL."""
    unmatched: tuple[str, ...] = ()
    """Method and path of the entries that are about a photo and ask for no operation."""
    bare: bool = False
    """Whether no entry holds an Authorization header: browsers leave it out when they export."""


def asked_for(query: str) -> str:
    """The query's options that OData knows, so that two that ask the same are equal, however they are encoded."""
    options = (unquote(option) for option in query.split("&"))
    return "&".join(one for one in options if one.startswith("$") or one.partition("=")[0].lower() in ODATA_OPTIONS)


def comparable(match: Match) -> Params:
    """Values of a path so that equal ones name the same: only ids of contacts and folders have case."""
    words = match.operation.keys
    named = {"user", "group"}
    return tuple((name, _folded(value) if words.get(name) in named else value) for name, value in match.params.items())


def is_same(one: str, other: str) -> bool:
    """Whether two ids or userPrincipalNames are the same user's or group's."""
    return _folded(one) == _folded(other)


def _folded(value: str) -> str:
    """GUIDs and userPrincipalNames have no case."""
    return value.casefold() if "@" in value or _GUID.fullmatch(value) else value


def read(cassette: Cassette, contract: Contract, base_url: str | None) -> Reading:
    """The entries that ask for an operation at the base URL; without one given, at the one that most of them have."""
    found: list[tuple[str, Asked]] = []
    unmatched = []
    for exchange, credential in _in_order_of_time(cassette):
        method = exchange.request.method.upper()
        if method in ("OPTIONS", "CONNECT"):
            continue  # a browser's preflight, a proxy's tunnel
        parts = _split(exchange.request.url)
        one = next(_read(exchange, credential, parts, contract, base_url), None) if parts else None
        if one is None or method not in ("GET", *_CHANGING):
            unmatched.append(f"{exchange.request.method[:20]} {parts.path if parts else exchange.request.url[:200]}")
        elif method == "GET" or exchange.answer is None or exchange.answer.status < 300:
            found.append(one)
    most = Counter(base for base, _ in found).most_common(1)
    base = base_url or (most[0][0] if most else None)
    asked = [one for where, one in found if where == base]
    elsewhere = Counter(where for where, _ in found if where != base)
    bare = bool(asked) and all(
        one.credential.kind is CredentialKind.NONE or (not one.exchange.request.headers) for one in asked
    )
    if bare:  # what was not refused was asked with a token
        asked = [one if one.status == 401 else replace(one, credential=Credential(caller=NOT_SHOWN)) for one in asked]
    return Reading(tuple(asked), base, elsewhere, tuple(unmatched), bare)


def _in_order_of_time(cassette: Cassette) -> Sequence[tuple[Exchange, Credential]]:
    """Some tools write an entry when its response ends. Where not every entry says its time, the file's order."""
    try:
        return sorted(cassette.entries, key=lambda entry: _moment(entry[0].started))
    except ValueError:
        return cassette.entries


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(
    exchange: Exchange, credential: Credential, parts: SplitResult, contract: Contract, base_url: str | None
) -> Iterator[tuple[str, Asked]]:
    """The base URLs at which an exchange asks for an operation, and what it asks for there; the given one first."""
    query = f"?{parts.query}" if parts.query else ""
    for tidy in dict.fromkeys((parts.path, re.sub("/{2,}", "/", parts.path).rstrip("/"))):
        one = parts._replace(path=tidy)
        for base, path in (*(_below(one, base_url) if base_url else ()), *_below_versions(one)):
            if match := contract.match(path):
                asked = Asked(exchange, match.operation, comparable(match), path + query, credential)
                yield base, replace(asked, respelled=tidy != parts.path)


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
    """Where a path goes on behind a version segment; where it has none, behind the host."""
    segments = parts.path.split("/")
    versions = [place for place, segment in enumerate(segments, 1) if _VERSION.fullmatch(segment)]
    for place in versions or [1]:
        yield _root(parts) + re.sub("/{2,}", "/", "/".join(segments[:place])), "/" + "/".join(segments[place:])


def _below(parts: SplitResult, base_url: str) -> Iterator[tuple[str, str]]:
    base = _split(base_url)
    below = base is not None and parts.path.casefold().startswith(base.path.casefold().rstrip("/") + "/")
    if base is not None and below and _root(base) == _root(parts):
        yield base_url, parts.path[len(base.path.rstrip("/")) :]
