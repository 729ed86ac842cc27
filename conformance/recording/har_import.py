"""Recordings of other tools (browsers, proxies): which entry asks for which operation, and at which base URL."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, unquote, urlsplit

from ..model import Credential, CredentialKind, Exchange, Operation
from ..reporting.printable import timestamp
from ..spec import Edition
from ..spec.paths import Match
from .har_reader import Cassette
from .kept_credentials import NOT_SHOWN
from .sanitizer import ODATA_OPTIONS

_VERSION = re.compile(r"v[0-9]{1,4}(\.[0-9]{1,4})?|beta", re.IGNORECASE)
_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_CHANGING = ("PUT", "PATCH", "POST", "DELETE")
_LONGEST = 8000
"""Characters of a URL that is looked at."""
_NAMED = 3
"""Paths, or base URLs, that are named of those that match nothing."""
_BARE = (
    "no entry holds an Authorization header, as where a browser leaves it out: "
    "only what returned 401 counts as requested without a token"
)

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry that asks for an operation of the contract, or changes the photo at its path."""

    exchange: Exchange
    operation: Operation
    params: Params
    """The decoded values of the path, by what they name, as `comparable`."""
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
        return dict(self.params)

    @property
    def accept(self) -> str | None:
        return next((value for name, value in self.exchange.request.headers if name.lower() == "accept"), None)

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
    def lost(self) -> bool:
        """Whether the response was not kept, or not its body."""
        return self.exchange.answer is None or self.exchange.answer.unread is not None

    @property
    def same(self) -> tuple[object, ...]:
        """What is equal of two entries that ask the same as the same caller."""
        return (self.operation.id, self.params, self.query, self.credential)


def asked_for(query: str) -> str:
    """The query's options that OData knows, so that two that ask the same are equal, however they are encoded."""
    options = (unquote(option) for option in query.split("&"))
    return "&".join(one for one in options if one.startswith("$") or one.partition("=")[0].lower() in ODATA_OPTIONS)


def comparable(match: Match) -> Params:
    """Values of a path so that equal ones name the same: only ids of contacts and folders have case."""
    named = ((match.operation.keys[name], value) for name, value in match.params.items())
    return tuple((word, folded(value) if word in ("user", "group") else value) for word, value in named)


def folded(value: str) -> str:
    """GUIDs and userPrincipalNames have no case."""
    return value.casefold() if "@" in value or _GUID.fullmatch(value) else value


def read(
    cassette: Cassette, edition: Edition, base_url: str | None
) -> tuple[Sequence[Asked], str | None, Sequence[str]]:
    """The entries that ask for an operation at the base URL, that, and what became of the others, in notes.

    Without a base URL given it is the one that most entries have; None where nothing matched.
    """
    found: list[tuple[str, Asked]] = []
    unmatched = []
    for exchange, credential in _in_order_of_time(cassette):
        method = exchange.request.method.upper()
        if method in ("OPTIONS", "CONNECT"):
            continue  # a browser's preflight, a proxy's tunnel
        parts = _split(exchange.request.url)
        one = next(_read(exchange, credential, parts, edition, base_url), None) if parts else None
        if one is None or method not in ("GET", *_CHANGING):
            unmatched.append(f"{method[:20]} {_root(parts) + parts.path if parts else exchange.request.url}")
        elif method == "GET" or exchange.answer is None or exchange.answer.status < 300:
            found.append(one)
    found_at = Counter(where for where, _ in found)
    base = base_url or next((where for where, _ in found_at.most_common(1)), None)
    asked = [one for where, one in found if where == base]
    shown = {
        _file(one) for one in asked if one.credential.kind is not CredentialKind.NONE and one.exchange.request.headers
    }
    bare = [one for one in asked if _file(one) not in shown]
    asked = [
        # what was not refused was asked with a token
        one if one.status == 401 or _file(one) in shown else replace(one, credential=Credential(caller=NOT_SHOWN))
        for one in asked
    ]
    del found_at[base or ""]
    elsewhere = {
        f"at {other}, not at {base}: to evaluate them, give --base-url={other}": number
        for other, number in found_at.most_common(_NAMED)
    }
    notes = [*counted(elsewhere), *_unmatched(unmatched, base, edition), *([_BARE] if bare else [])]
    slashes, options = sum(one.respelled for one in asked), sum(bool(one.others) for one in asked)
    peculiar = {
        "asked for with a slash too many; taken for the plain path where it was found": slashes,
        "asked for with options that are not OData's; one that is for caches, like `?t=…`, is left aside": options,
    }
    return asked, base, [*notes, *counted(peculiar)]


def _file(asked: Asked) -> str:
    """Which of several recordings it stands in."""
    return asked.exchange.id.rpartition(".")[0]


def counted(entries: Mapping[str, int]) -> Iterator[str]:
    """A sentence for each number of entries that is not 0."""
    for words, count in entries.items():
        if count:
            yield f"{'1 entry is' if count == 1 else f'{count} entries are'} {words}"


def _unmatched(asked: Sequence[str], base_url: str | None, edition: Edition) -> Iterator[str]:
    """What is said of the methods and paths that are about a photo and no operation."""
    named = list(dict.fromkeys(asked))
    for one in named[:_NAMED]:
        near = _nearest(one.rpartition("://")[2].partition("/")[2], edition)
        yield f"no operation at {base_url or 'any base URL'}: {one[:200]} (the nearest is {near})"
    if len(named) > _NAMED:
        yield f"{len(named) - _NAMED} more paths match no operation"


def _nearest(path: str, edition: Edition) -> str:
    """The template that is most like a path."""
    templates = {re.sub(r"\{[^{}]*\}", "-", one.template).lower(): one.template for one in edition.operations}
    words = {word for template in templates for word in template.split("/")}
    segments = unquote(path[:500]).lower().split("/")[-9:]
    plain = "/" + "/".join((difflib.get_close_matches(one, words, 1, 0.7) or "-")[0] for one in segments)
    near = difflib.get_close_matches(plain, templates, 1, 0)
    return f"GET {templates[near[0]]}" if near else "none"


def _in_order_of_time(cassette: Cassette) -> Sequence[tuple[Exchange, Credential]]:
    """Some tools write an entry when its response ends. Where not every entry says its time, the file's order."""

    def moment(entry: tuple[Exchange, Credential]) -> float:
        return timestamp(entry[0].started)

    return sorted(cassette.entries, key=moment) if all(map(moment, cassette.entries)) else cassette.entries


def _read(
    exchange: Exchange, credential: Credential, parts: SplitResult, edition: Edition, base_url: str | None
) -> Iterator[tuple[str, Asked]]:
    """The base URLs at which an exchange asks for an operation, and what it asks for there; the given one first."""
    query = f"?{parts.query}" if parts.query else ""
    for tidy in dict.fromkeys((parts.path, re.sub("/{2,}", "/", parts.path).rstrip("/"))):
        for base, path in _bases(_root(parts), tidy, base_url):
            if match := edition.match(path):
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


def _bases(root: str, path: str, base_url: str | None) -> Iterator[tuple[str, str]]:
    """What a path may be below, and how it goes on there: the given base URL; a version segment, else the host."""
    given = _split(base_url or "")
    below = given.path.rstrip("/") + "/" if given else ""
    if base_url and given and _root(given) == root and path.casefold().startswith(below.casefold()):
        yield base_url, path[len(below) - 1 :]
    segments = path.split("/")
    versions = [place for place, segment in enumerate(segments, 1) if _VERSION.fullmatch(segment)]
    for place in versions or [1]:
        yield root + re.sub("/{2,}", "/", "/".join(segments[:place])), "/" + "/".join(segments[place:])
