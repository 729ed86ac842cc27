"""A recording read back: from our own HAR without loss, from another tool's as far as it goes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

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
from . import kept_response
from .har_file import Beside, UnreadableRecording, listed, mapping, number, one_line, opened, required_object, text
from .kept_credentials import Credentials
from .kept_response import fields
from .sanitizer import ForeignSecrets, stripped


@dataclass(frozen=True, slots=True)
class Cassette:
    """Exchanges in the order of the file. An entry of another tool has no probe key: its request says what it asked."""

    exchanges: tuple[Exchange, ...]
    probe_keys: tuple[str | None, ...]
    about: Mapping[str, object]
    """What `dump` was given; empty for another tool's file."""
    owners: tuple[Owner, ...] = ()
    callers: tuple[Caller, ...] = ()
    notes: tuple[str, ...] = ()
    credentials: tuple[Credential | None, ...] = ()
    """What stood in Authorization of another tool's entry; None for our own, whose probe says it."""
    claims: Mapping[str, Claims] = field(default_factory=dict)
    """What the tokens of another tool's entries say of their holders, by the caller in `credentials`."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """The caller in `credentials` by the digest of the token."""
    passed_over: int = 0
    """Entries that cannot be about a photo, and were not read."""
    cached: int = 0
    """Entries that a browser took from its cache: nothing was sent."""
    creator: str = ""
    """The tool that wrote it."""
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What another tool's file holds where secrets stand, each with a name that may be shown."""

    @property
    def imported(self) -> bool:
        """Whether another tool wrote it."""
        return not self.about and not any(self.probe_keys)

    def recording(self) -> Recording:
        """The recording that was dumped; entries of another tool are not in it."""
        keyed = zip(self.probe_keys, self.exchanges, strict=True)
        exchanges = {key: exchange for key, exchange in keyed if key is not None}
        return Recording(exchanges, self.owners, self.callers, self.notes)


def load(*sources: str | bytes | Path) -> Cassette:
    """Read a HAR: a Path is opened, anything else is the text itself. Several are read as one, but for our own.

    Raises:
        UnreadableRecording: what is none.
    """
    reader = _Reader()
    logs = [reader.file(source, number) for number, source in enumerate(sources, 1)]
    about = dict(mapping(logs[0].get("_photo_conformance")))
    if len(logs) > 1 and (any(reader.keys) or any(mapping(log.get("_photo_conformance")) for log in logs)):
        raise UnreadableRecording("expected recordings of other tools where there are several; `merge` joins our own")
    owners = tuple(_owner(item) for item in listed(about.pop("owners", [])))
    callers = tuple(_caller(item) for item in listed(about.pop("callers", [])))
    notes = tuple(text(note) for note in listed(about.pop("notes", [])))
    about.pop("format", None)
    return Cassette(
        reader.exchanges(), tuple(reader.keys), MappingProxyType(about), owners, callers, notes,
        tuple(reader.credentials), reader.tokens.claims, reader.tokens.labels, reader.passed_over, reader.cached,
        one_line(text(mapping(logs[0].get("creator")).get("name"))), reader.secrets.named(),
    )  # fmt: skip


class _Reader:
    """Collects entries: bodies kept once only, and throttled answers, belong to entries elsewhere."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []
        self.credentials: list[Credential | None] = []
        self.tokens = Credentials()
        self.passed_over = 0
        self.cached = 0
        self._beside: Beside = lambda _: None
        self._prefix = ""
        self._exchanges: list[Exchange] = []
        self._bodies: dict[str, bytes] = {}
        self._throttled: dict[str, list[Answer]] = {}
        self.secrets = ForeignSecrets()

    def file(self, source: str | bytes | Path, number: int) -> Mapping[str, object]:
        """Read one file; its `log`."""
        content, self._beside = opened(source)
        self._prefix = f"recording-{number}." if number > 1 else ""
        log = required_object(required_object(content, "the file").get("log"), "`log`")
        entries = log.get("entries")
        if not isinstance(entries, list):
            raise UnreadableRecording("no HAR: `log.entries` is not a list")
        for place, entry in enumerate(entries, 1):
            self.read(required_object(entry, f"entry {place}"), place)
        return log

    def exchanges(self) -> tuple[Exchange, ...]:
        """All, each with the answers that were waited out before it; those of other tools without their credentials."""
        whole = []
        redactor = Redactor(self.secrets.named())
        for key, exchange in zip(self.keys, self._exchanges, strict=True):
            if key is None:
                whole.append(stripped(exchange, redactor))
            else:
                whole.append(replace(exchange, throttled=tuple(self._throttled.get(exchange.id, ()))))
        return tuple(whole)

    def read(self, entry: Mapping[str, object], place: int) -> None:
        ours = mapping(entry.get("_exchange"))
        if not ours and entry.get("_throttled") is None:
            self._import(entry, place)
            return
        outcome = self._failure(entry) or self._answer(mapping(entry.get("response")), place)
        if (waited := entry.get("_throttled")) is not None:
            if isinstance(outcome, Answer):
                self._throttled.setdefault(text(waited), []).append(outcome)
            return
        key = mapping(entry.get("_probe")).get("key")
        exchange = Exchange(
            id=text(ours.get("id")),
            request=_request(mapping(entry.get("request"))),
            answer=outcome if isinstance(outcome, Answer) else None,
            failure=outcome if isinstance(outcome, Failure) else None,
            started=text(ours.get("started")),
            seconds=max(0.0, number(ours.get("seconds"))),
            token_sent=ours.get("token_sent") is True,
        )
        self._keep(exchange, key if isinstance(key, str) else None, None)

    def _keep(self, exchange: Exchange, key: str | None, credential: Credential | None) -> None:
        self._exchanges.append(exchange)
        self.keys.append(key)
        self.credentials.append(credential)
        if key is None:
            self.secrets.learn(exchange)

    def _import(self, entry: Mapping[str, object], place: int) -> None:
        """Read another tool's entry, unless it is about no photo or came from a cache."""
        request = mapping(entry.get("request"))
        url = _url(request)
        if "photo" not in unquote(url).lower():
            self.passed_over += 1
            return
        if kept_response.from_cache(entry):
            self.cached += 1
            return
        outcome = kept_response.response(entry, self._beside)
        headers = fields(request.get("headers"))
        status = int(number(mapping(entry.get("response")).get("status")))
        exchange = Exchange(
            id=f"{self._prefix}entry-{place}",
            request=Request(text(request.get("method")), url, headers),
            answer=outcome if isinstance(outcome, Answer) else None,
            failure=outcome if isinstance(outcome, Failure) else None,
            started=text(entry.get("startedDateTime")),
            seconds=max(0.0, number(entry.get("time")) / 1000),
            token_sent=any(name.lower() == "authorization" for name, _ in headers),
        )
        self._keep(exchange, None, self.tokens.of(headers, status))

    def _failure(self, entry: Mapping[str, object]) -> Failure | None:
        failure = mapping(entry.get("_failure"))
        if failure:
            try:
                return Failure(FailureKind(text(failure.get("kind"))), text(failure.get("detail")))
            except ValueError:
                raise UnreadableRecording("a `_failure` of a kind that does not exist") from None
        response = mapping(entry.get("response"))
        if not 100 <= number(response.get("status")) <= 999:
            return Failure(FailureKind.UNREACHABLE, f"in the recording: {one_line(text(response.get('_error')))}")
        return None

    def _answer(self, response: Mapping[str, object], place: int) -> Answer:
        return Answer(
            status=int(number(response.get("status"))),
            headers=_pairs(response.get("headers")),
            body=self._body(mapping(response.get("content")), place),
            reason=text(response.get("statusText")),
            version=text(response.get("httpVersion")),
            unread=text(response.get("_unread")) or None,
        )

    def _body(self, content: Mapping[str, object], place: int) -> bytes:
        held, digest = content.get("text"), text(content.get("_sha256"))
        if not isinstance(held, str):
            return self._bodies.get(digest, b"")
        if content.get("encoding") == "base64":
            try:
                body = base64.b64decode(held.encode("ascii"))
            except (ValueError, binascii.Error):
                raise UnreadableRecording(f"entry {place}: its body is not the base64 it is said to be") from None
        else:
            body = held.encode("utf-8", "surrogatepass")
        if digest:
            self._bodies.setdefault(digest, body)
        return body


def _url(request: Mapping[str, object]) -> str:
    """The URL of a request; Postman's is an object, and converters of proxies' logs keep the host in a header."""
    url = text(request.get("url")) or text(mapping(request.get("url")).get("raw"))
    if not url.startswith("/"):
        return url
    said = {name.lower(): value for name, value in fields(request.get("headers"), pseudo=True)}
    host = said.get(":authority") or said.get("host", "")
    scheme = said.get(":scheme") or said.get("x-forwarded-proto") or ("http" if ":" in host else "https")
    return f"{scheme}://{host}{url}"


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((text(item.get("name")), text(item.get("value"))) for item in map(mapping, listed(value)))


def _request(request: Mapping[str, object]) -> Request:
    return Request(text(request.get("method")), text(request.get("url")), _pairs(request.get("headers")))


def _owner(value: object) -> Owner:
    data = mapping(value)
    texts = {name: _optional(data.get(name)) for name in _OWNER_TEXTS}
    try:
        state = State(text(data["state"])) if data.get("state") is not None else None
    except ValueError:
        raise UnreadableRecording("an owner of a state that does not exist") from None
    label, kind = text(data.get("label")), text(data.get("kind"))
    team, made_up = data.get("team") is True, data.get("made_up") is True
    return Owner(label, kind, **texts, state=state, team=team, made_up=made_up)


_OWNER_TEXTS = (
    "user_id", "user_upn", "group_id", "contact_id", "folder_id", "parent_id", "size", "caller", "sha256",
)  # fmt: skip


def _caller(value: object) -> Caller:
    data = mapping(value)
    scopes = data.get("scopes")
    return Caller(
        label=text(data.get("label")),
        scopes=frozenset(text(scope) for scope in scopes) if isinstance(scopes, list) else None,
        user_id=_optional(data.get("user_id")),
        user_upn=_optional(data.get("user_upn")),
        app_only=data.get("app_only") is True,
    )


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None
