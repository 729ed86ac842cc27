"""A recording read back: from our own HAR without loss, from another tool's as far as it goes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from ..auth import claims
from ..auth.claims import Claims
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
)
from ..reporting.printable import mapping
from ..reporting.printable import string as text
from ..spec import errors
from . import kept_response
from .har_file import Beside, UnreadableRecording, listed, no_har, number, one_line, opened, required_object
from .kept_credentials import authorization, credential, digest, parts
from .kept_response import fields
from .sanitizer import secrets_of, stripped

Entry = Mapping[str, object]
_BLANK: Mapping[str, Any] = {"owners": [], "callers": [], "notes": []}
_Log = tuple[Mapping[str, object], Sequence[Entry], Beside]


@dataclass(frozen=True, slots=True)
class Cassette:
    """What a HAR holds: a recording of ours, or the entries of another tool, whose requests say what they ask."""

    recorded: Recording = field(default_factory=lambda: Recording({}, (), ()))
    about: Mapping[str, Any] = field(default_factory=dict)
    """What it says of its run; empty for another tool's file."""
    entries: tuple[tuple[Exchange, Credential], ...] = ()
    """Another tool's, in the order of the file; the callers of the credentials are digests of their tokens."""
    claims: Mapping[str, Claims] = field(default_factory=dict)
    """By the digest of a token what it says of its holder, if it does."""
    passed_over: int = 0
    """Entries that cannot be about a photo, and were not read."""
    cached: int = 0
    """Entries that a browser took from its cache: nothing was sent."""
    creator: str = ""
    """The tool that wrote it."""
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What the file holds where secrets stand, each with a name that may be shown; nothing where we wrote it."""

    @property
    def imported(self) -> bool:
        """Whether another tool wrote it."""
        return not self.about and not self.recorded.exchanges


def load(*sources: str | bytes | Path) -> Cassette:
    """Read a HAR: a Path is opened, anything else is the text itself. Several are read as one, but for our own.

    Raises:
        UnreadableRecording: what is none.
    """
    logs = [_log(source) for source in sources]
    if not any(_is_ours(log, entries) for log, entries, _ in logs):
        return _imported(logs)
    if len(logs) > 1:
        raise UnreadableRecording("expected recordings of other tools where there are several; `merge` joins our own")
    return _own(*logs[0][:2])


def _log(source: str | bytes | Path) -> _Log:
    content, beside = opened(source)
    log = required_object(required_object(content, "the file").get("log"), "`log`")
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise no_har("`log.entries` is not a list")
    return log, [required_object(entry, f"entry {place}") for place, entry in enumerate(entries, 1)], beside


def _is_ours(log: Mapping[str, object], entries: Iterable[Entry]) -> bool:
    return bool(mapping(log.get("_photo_conformance"))) or any(mapping(entry.get("_exchange")) for entry in entries)


def _imported(logs: Iterable[_Log]) -> Cassette:
    """The entries of other tools that are about a photo, without their credentials."""
    found: list[tuple[Exchange, Credential]] = []
    passed_over, cached, creators = 0, 0, []
    for file, (log, entries, beside) in enumerate(logs, 1):
        creators.append(one_line(text(mapping(log.get("creator")).get("name"))))
        for place, entry in enumerate(entries, 1):
            if "photo" not in unquote(_url(mapping(entry.get("request")))).lower():
                passed_over += 1
            elif kept_response.from_cache(entry):
                cached += 1
            else:
                found.append(_entry(entry, f"recording-{file}.entry-{place}" if file > 1 else f"entry-{place}", beside))
    secrets = secrets_of(exchange for exchange, _ in found)
    tokens = {parts(authorization(exchange.request.headers) or "")[1] for exchange, _ in found}
    said = {digest(token): own for token in tokens if (own := claims.read(token))}
    redactor = Redactor(secrets)
    shown = tuple((stripped(exchange, redactor), shows) for exchange, shows in found)
    return Cassette(
        entries=shown, claims=said, passed_over=passed_over, cached=cached, creator=creators[0], secrets=secrets
    )


def _entry(entry: Entry, entry_id: str, beside: Beside) -> tuple[Exchange, Credential]:
    request = mapping(entry.get("request"))
    headers = fields(request.get("headers"))
    exchange = _exchange(
        entry_id,
        Request(text(request.get("method")), _url(request), headers),
        kept_response.response(entry, beside),
        text(entry.get("startedDateTime")),
        number(entry.get("time")) / 1000,
        token_sent=authorization(headers) is not None,
    )
    return exchange, credential(headers, int(number(mapping(entry.get("response")).get("status"))))


def _exchange(
    name: str, request: Request, outcome: Answer | Failure, started: str, seconds: float, *, token_sent: bool
) -> Exchange:
    answer, failure = (outcome, None) if isinstance(outcome, Answer) else (None, outcome)
    return Exchange(name, request, answer, failure, (), started, max(0.0, seconds), token_sent)


def _url(request: Mapping[str, object]) -> str:
    """The URL of a request; Postman's is an object, and converters of proxies' logs keep the host in a header."""
    url = text(request.get("url")) or text(mapping(request.get("url")).get("raw"))
    if not url.startswith("/"):
        return url
    said = {name.lower(): value for name, value in fields(request.get("headers"), pseudo=True)}
    host = said.get(":authority") or said.get("host", "")
    scheme = said.get(":scheme") or said.get("x-forwarded-proto") or ("http" if ":" in host else "https")
    return f"{scheme}://{host}{url}"


def _own(log: Mapping[str, object], entries: Iterable[Entry]) -> Cassette:
    """Our own recording: bodies that are kept once only, and throttled answers, belong to entries elsewhere."""
    exchanges: dict[str, Exchange] = {}
    bodies: dict[str, bytes] = {}
    throttled: dict[str, list[Answer]] = {}
    for place, entry in enumerate(entries, 1):
        outcome = _failure(entry) or _answer(mapping(entry.get("response")), bodies, place)
        if (waited := entry.get("_throttled")) is not None:
            if isinstance(outcome, Answer):
                throttled.setdefault(text(waited), []).append(outcome)
            continue
        ours, sent, key = (mapping(entry.get(name)) for name in ("_exchange", "request", "_probe"))
        if isinstance(key.get("key"), str):
            request = Request(text(sent.get("method")), text(sent.get("url")), _pairs(sent.get("headers")))
            started, seconds = text(ours.get("started")), number(ours.get("seconds"))
            with_token = ours.get("token_sent") is True
            exchange = _exchange(text(ours.get("id")), request, outcome, started, seconds, token_sent=with_token)
            exchanges[text(key["key"])] = exchange
    about: dict[str, Any] = {**_BLANK, **mapping(log.get("_photo_conformance"))}
    for error in errors("recording", about):
        raise UnreadableRecording(one_line(f"{error.at}: expected {error.wanted}"))
    owners = tuple(Owner(**{**each, "state": each.get("state") and State(each["state"])}) for each in about["owners"])
    if len({owner.label for owner in owners}) < len(owners):
        raise UnreadableRecording("$['owners']: expected a label of its own for each")
    callers = (
        Caller(**{**each, "scopes": frozenset(each["scopes"]) if "scopes" in each else None})
        for each in about["callers"]
    )
    recorded = Recording(
        {key: replace(one, throttled=tuple(throttled.get(one.id, ()))) for key, one in exchanges.items()},
        owners,
        tuple(callers),
        tuple(about["notes"]),
    )
    return Cassette(recorded, MappingProxyType(about), secrets=secrets_of(recorded.exchanges.values()))


def _failure(entry: Entry) -> Failure | None:
    failure, response = mapping(entry.get("_failure")), mapping(entry.get("response"))
    if failure:
        try:
            return Failure(FailureKind(text(failure.get("kind"))), text(failure.get("detail")))
        except ValueError:
            raise UnreadableRecording("a `_failure` of a kind that does not exist") from None
    if not 100 <= number(response.get("status")) <= 999:
        return Failure(FailureKind.UNREACHABLE, f"in the recording: {one_line(text(response.get('_error')))}")
    return None


def _answer(response: Mapping[str, object], bodies: dict[str, bytes], place: int) -> Answer:
    return Answer(
        status=int(number(response.get("status"))),
        headers=_pairs(response.get("headers")),
        body=_body(mapping(response.get("content")), bodies, place),
        reason=text(response.get("statusText")),
        version=text(response.get("httpVersion")),
        unread=text(response.get("_unread")) or None,
    )


def _body(content: Mapping[str, object], bodies: dict[str, bytes], place: int) -> bytes:
    held, sha256 = content.get("text"), text(content.get("_sha256"))
    if not isinstance(held, str):
        return bodies.get(sha256, b"")
    body = held.encode("utf-8", "surrogatepass")
    if content.get("encoding") == "base64":
        try:
            body = base64.b64decode(held)
        except ValueError:
            raise UnreadableRecording(f"entry {place}: its body is not the base64 it is said to be") from None
    return bodies.setdefault(sha256, body) if sha256 else body


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((text(item.get("name")), text(item.get("value"))) for item in map(mapping, listed(value)))
