"""A recording read back: from our own HAR without loss, from another tool's as far as it goes."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..auth import claims
from ..auth.redaction import Redactor
from ..model import (
    Answer,
    Caller,
    Credential,
    Exchange,
    Failure,
    FailureKind,
    Owner,
    Recording,
    Request,
    State,
    UsageProblem,
)
from ..reporting.printable import header_fields, mapping, string
from ..spec import errors
from ..target.tenant import Tenant
from . import har_file, kept_response
from .exchange_store import ExchangeStore
from .har_file import OURS, Beside, Entry, Log, UnreadableRecording, number, one_line
from .kept_credentials import authorization, credential, digest, parts
from .kept_response import fields
from .sanitizer import secrets_of, stripped

_LONGEST_URL = 64 * 1024
"""Characters of a URL that may be about a photo."""
_BLANK: Mapping[str, Any] = {"owners": [], "callers": [], "notes": []}
_BODY_LOST = "in the recording: the response's body was not kept"
_CACHED = ("_fromCache", "_fromDiskCache", "_fromMemoryCache", "_fetchedViaServiceWorker")
"""What browsers say of an entry that was not asked for on the wire."""
_WEBKIT_CACHED = ("Memory Cache", "Disk Cache", "Service Worker")
_Log = tuple[Log, Iterable[tuple[Entry, Beside]]]


@dataclass(frozen=True, slots=True)
class Cassette:
    """What a HAR holds: a recording of ours, or the entries of another tool, whose requests say what they ask."""

    recorded: Recording = field(default_factory=lambda: Recording({}))
    tenant: Tenant = field(default_factory=Tenant)
    """Of a recording of ours."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What it says of its run; empty for another tool's file."""
    entries: tuple[tuple[Exchange, Credential], ...] = ()
    """Another tool's, in the order of the file; the callers of the credentials are digests of their tokens."""
    claims: Mapping[str, Caller] = field(default_factory=dict)
    """By the digest of a token what it says of its holder, if it does."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Entries that were not read, by what they are."""
    creator: str = ""
    """The tool that wrote it."""
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What the file holds where secrets stand, each with a name that may be shown; nothing where we wrote it."""

    @property
    def imported(self) -> bool:
        """Whether another tool wrote it."""
        return not self.about


def load(*paths: Path) -> Cassette:
    """A recording of ours or of another tool; several of other tools as one.

    Raises:
        UsageProblem: it is none, or names owners that there cannot be.
    """
    try:
        logs = [_log(path) for path in paths]
        if not any(mapping(log.get(OURS)) for log, _ in logs):
            return _imported(logs)
        if len(logs) == 1:
            return _own(*logs[0])
        raise UnreadableRecording("expected recordings of other tools where there are several; `merge` joins our own")
    except UnreadableRecording as error:
        raise UsageProblem(f"recording {', '.join(map(str, paths))}: {error}") from None


def _log(path: Path) -> _Log:
    """A file is ours if its log says so before its entries, or the first of them does."""
    log, entries = har_file.opened(path)
    first = list(islice(entries, 1))
    if any(mapping(entry.get("_probe")) for entry, _ in first):
        log[OURS] = mapping(log.get(OURS)) or _BLANK
    return log, chain(first, entries)


def _imported(logs: Iterable[_Log]) -> Cassette:
    """The entries of other tools that are about a photo, without their credentials."""
    kept = ExchangeStore(budget=har_file.LARGEST_UNPACKED)
    credentials: list[Credential] = []
    left_out, creators = Counter[str](), []
    for file, (log, entries) in enumerate(logs, 1):
        creators.append(one_line(string(mapping(log.get("creator")).get("name"))))
        for place, (entry, beside) in enumerate(entries, 1):
            url = _url(mapping(entry.get("request")))
            if len(url) > _LONGEST_URL or "photo" not in unquote(url).lower():
                left_out["not about a photo"] += 1
            elif from_cache(entry, creators[-1]):
                left_out["a browser's own copy: nothing was sent"] += 1
            else:
                name = f"recording-{file}.entry-{place}" if file > 1 else f"entry-{place}"
                kept[name], shows = _entry(entry, name, beside)
                credentials.append(shows)
    secrets = secrets_of(kept.values())
    tokens = (parts(authorization(exchange.request.headers) or "")[1] for exchange in kept.values())
    said = {digest(token): own for token in dict.fromkeys(tokens) if (own := claims.read(token))}
    redactor = Redactor(secrets)
    shown = tuple((stripped(one, redactor), shows) for one, shows in zip(kept.values(), credentials, strict=True))
    return Cassette(entries=shown, claims=said, left_out=left_out, creator=creators[0], secrets=secrets)


def from_cache(entry: Mapping[str, object], creator: str) -> bool:
    """Whether a browser took the response from its cache.

    Firefox says so by leaving out times and body, or by saying anything in `cache`.
    """
    kept = mapping(entry.get("response"))
    bare = entry.get("timings") == {} and not mapping(kept.get("content")).get("text")
    named = entry.get("_fetchType") in _WEBKIT_CACHED or (creator == "Firefox" and mapping(entry.get("cache")))
    return bare or bool(named) or any(each.get(name) for name in _CACHED for each in (entry, kept))


def _entry(entry: Entry, entry_id: str, beside: Beside) -> tuple[Exchange, Credential]:
    request = mapping(entry.get("request"))
    shown = Request(string(request.get("method")), _url(request), fields(request.get("headers")))
    exchange = _exchange(entry, entry_id, shown, kept_response.response(entry, beside))
    return exchange, credential(shown.headers, int(number(mapping(entry.get("response")).get("status"))))


def _exchange(
    entry: Entry, entry_id: str, request: Request, outcome: Answer | Failure, throttled: tuple[Answer, ...] = ()
) -> Exchange:
    answer, failure = (outcome, None) if isinstance(outcome, Answer) else (None, outcome)
    started = string(entry.get("startedDateTime")).replace(har_file.NEVER, "")
    seconds = round(max(0.0, number(entry.get("time")) / 1000), 6)
    return Exchange(entry_id, request, answer, failure, throttled, started, seconds)


def _url(request: Mapping[str, object]) -> str:
    """The URL of a request; Postman's is an object, and converters of proxies' logs keep the host in a header."""
    url = string(request.get("url")) or string(mapping(request.get("url")).get("raw"))
    if not url.startswith("/"):
        return url
    said = {name.lower(): value for name, value in fields(request.get("headers"), pseudo=True)}
    host = said.get(":authority") or said.get("host", "")
    scheme = said.get(":scheme") or said.get("x-forwarded-proto") or ("http" if ":" in host else "https")
    return f"{scheme}://{host}{url}"


def _own(log: Log, entries: Iterable[tuple[Entry, Beside]]) -> Cassette:
    """Our own recording: bodies that are kept once only, and throttled answers, belong to entries elsewhere."""
    exchanges = ExchangeStore(budget=har_file.LARGEST_UNPACKED)
    bodies: dict[str, Answer] = {}
    throttled: dict[str, list[Answer]] = {}
    for place, (entry, _) in enumerate(entries, 1):
        response = mapping(entry.get("response"))
        outcome = _failure(entry) or _answer(response, bodies, place)
        if (waited := entry.get("_throttled")) is not None:
            if isinstance(outcome, Answer):
                throttled.setdefault(string(waited), []).append(outcome)
        elif isinstance(key := mapping(entry.get("_probe")).get("key"), str):
            entry_id, sent = string(entry.get("_id")), mapping(entry.get("request"))
            request = Request(string(sent.get("method")), string(sent.get("url")), tuple(header_fields(sent)))
            exchanges[key] = _exchange(entry, entry_id, request, outcome, tuple(throttled.pop(entry_id, ())))
            outcome = exchanges[key].answer or outcome  # without its body, where there are too many
        if isinstance(outcome, Answer) and (sha256 := string(mapping(response.get("content")).get("_sha256"))):
            bodies.setdefault(sha256, outcome)
    about = {**_BLANK, **mapping(log.get(OURS))}  # which may stand behind the entries
    for error in errors("recording", about):
        raise UnreadableRecording(one_line(f"{error.at}: expected {error.wanted}"))
    recorded = Recording(dict(exchanges), tuple(about["notes"]))
    secrets = secrets_of(recorded.exchanges.values())
    return Cassette(recorded, _tenant(about), about, secrets=secrets)


def _tenant(about: Mapping[str, Any]) -> Tenant:
    """The tenant that a recording of ours describes."""
    owners = tuple(Owner(**{**each, "state": each.get("state") and State(each["state"])}) for each in about["owners"])
    if len({owner.label for owner in owners}) < len(owners):
        raise UnreadableRecording("$['owners']: expected a label of its own for each")
    callers = tuple(
        Caller(**{**each, "scopes": frozenset(each["scopes"]) if "scopes" in each else None})
        for each in about["callers"]
    )
    return Tenant(
        owners,
        callers,
        about.get("default") or None,
        tuple(label for label in about.get("identities", ()) if label in {caller.label for caller in callers}),
        about.get("unknown", {}),
        closed=frozenset(about.get("closed", ())),
        seed=about.get("seed", 0),
        exhaustive=about.get("exhaustive", False),
    )


def _failure(entry: Entry) -> Failure | None:
    failure, response = mapping(entry.get("_failure")), mapping(entry.get("response"))
    if failure:
        try:
            return Failure(FailureKind(string(failure.get("kind"))), string(failure.get("detail")))
        except ValueError:
            raise UnreadableRecording("a `_failure` of a kind that does not exist") from None
    if not 100 <= number(response.get("status")) <= 999:
        return Failure(FailureKind.UNREACHABLE, f"in the recording: {one_line(string(response.get('_error')))}")
    return None


def _answer(response: Mapping[str, object], bodies: Mapping[str, Answer], place: int) -> Answer:
    content = mapping(response.get("content"))
    kept = isinstance(content.get("text"), str) or number(content.get("size")) == 0
    elsewhere = None if kept else bodies.get(string(content.get("_sha256")))
    held = string(content.get("text"))
    try:
        encoded = content.get("encoding") == "base64"
        body = base64.b64decode(held) if encoded else held.encode("utf-8", "surrogatepass")
    except ValueError:
        raise UnreadableRecording(f"entry {place}: its body is not the base64 it is said to be") from None
    return Answer(
        status=int(number(response.get("status"))),
        headers=tuple(header_fields(response)),
        body=elsewhere.body if elsewhere else body,
        reason=string(response.get("statusText")),
        version=string(response.get("httpVersion")),
        unread=string(response.get("_unread")) or (elsewhere.unread if elsewhere else None if kept else _BODY_LOST),
    )
