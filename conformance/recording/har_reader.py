"""A recording read back: from our own HAR without loss, from another maker's as far as it goes."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from ..auth.claims import Claims
from ..model import (
    Answer,
    Caller,
    Credential,
    Exchange,
    Failure,
    FailureKind,
    Headers,
    Owner,
    Recording,
    Request,
    State,
)
from .sanitizer import ForeignSecrets, stripped

_CACHED = ("_fromCache", "_fromDiskCache", "_fromMemoryCache")
"""What browsers tell of an entry that was not asked for on the wire."""
LARGEST = 2 * 1024**3
"""Bytes of a file that is read."""


class UnreadableRecording(Exception):
    """The file is no recording. The message is one line."""


@dataclass(frozen=True, slots=True)
class Cassette:
    """Exchanges in the order of the file. A foreign entry has no probe key: its request says what it asked."""

    exchanges: tuple[Exchange, ...]
    probe_keys: tuple[str | None, ...]
    about: Mapping[str, object]
    """What `dump` was told; empty for a foreign file."""
    owners: tuple[Owner, ...] = ()
    callers: tuple[Caller, ...] = ()
    notes: tuple[str, ...] = ()
    credentials: tuple[Credential | None, ...] = ()
    """What stood in Authorization of a foreign entry; None for our own, whose probe says it."""
    claims: Mapping[str, Claims] = field(default_factory=dict)
    """What the tokens of foreign entries said of their holders, by the caller in `credentials`."""
    passed_over: int = 0
    """Foreign entries that cannot be about a photo, and were not read."""
    cached: int = 0
    """Foreign entries that a browser answered from its cache: nothing was sent."""

    @property
    def foreign(self) -> bool:
        """Whether another maker wrote it."""
        return not self.about and not any(self.probe_keys)

    def recording(self) -> Recording:
        """The recording that was dumped; foreign entries are not in it."""
        keyed = zip(self.probe_keys, self.exchanges, strict=True)
        exchanges = {key: exchange for key, exchange in keyed if key is not None}
        return Recording(exchanges, self.owners, self.callers, self.notes)


def load(source: str | bytes | Path) -> Cassette:
    """Read a HAR: a Path is opened, anything else is the text itself. UnreadableRecording for what is none."""
    log = _object(_object(_json(source), "the file").get("log"), "`log`")
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise UnreadableRecording("no HAR: `log.entries` is not a list")
    reader = _Reader()
    for number, entry in enumerate(entries, 1):
        reader.read(_object(entry, f"entry {number}"), number)
    about = dict(_mapping(log.get("_photo_conformance")))
    owners = tuple(_owner(item) for item in _list(about.pop("owners", [])))
    callers = tuple(_caller(item) for item in _list(about.pop("callers", [])))
    notes = tuple(_text(note) for note in _list(about.pop("notes", [])))
    about.pop("format", None)
    return Cassette(
        reader.exchanges(), tuple(reader.keys), MappingProxyType(about), owners, callers, notes,
        tuple(reader.credentials), reader.claims, reader.passed_over, reader.cached,
    )  # fmt: skip


class _Reader:
    """Collects entries: bodies told once only, and throttled answers, belong to entries elsewhere."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []
        self.credentials: list[Credential | None] = []
        self.passed_over = 0
        self.cached = 0
        self._exchanges: list[Exchange] = []
        self._bodies: dict[str, bytes] = {}
        self._throttled: dict[str, list[Answer]] = {}
        self._strangers = ForeignSecrets()
        self.claims = self._strangers.claims

    def exchanges(self) -> tuple[Exchange, ...]:
        """All, each with the answers that were waited out before it; foreign ones without their secrets."""
        whole = []
        redactor = self._strangers.redactor()
        for key, exchange in zip(self.keys, self._exchanges, strict=True):
            if key is None:
                whole.append(stripped(exchange, redactor))
            else:
                whole.append(replace(exchange, throttled=tuple(self._throttled.get(exchange.id, ()))))
        return tuple(whole)

    def read(self, entry: Mapping[str, object], number: int) -> None:
        response = _mapping(entry.get("response"))
        ours = _mapping(entry.get("_exchange"))
        throttled = entry.get("_throttled")
        foreign = not ours and throttled is None
        if foreign and self._passes_over(entry):
            return
        outcome = self._failure(entry, response) or self._answer(response, number, foreign)
        if throttled is not None:
            if isinstance(outcome, Answer):
                self._throttled.setdefault(_text(throttled), []).append(outcome)
            return
        request = _request(_mapping(entry.get("request")), foreign)
        seconds = _number(ours.get("seconds")) if ours else _number(entry.get("time")) / 1000
        allowed = any(name.lower() == "authorization" for name, _ in request.headers)
        self._exchanges.append(
            Exchange(
                id=_text(ours.get("id")) if ours else f"entry-{number}",
                request=request,
                answer=outcome if isinstance(outcome, Answer) else None,
                failure=outcome if isinstance(outcome, Failure) else None,
                started=_text(ours.get("started") if ours else entry.get("startedDateTime")),
                seconds=max(0.0, seconds),
                token_sent=ours.get("token_sent") is True if ours else allowed,
            )
        )
        key = _mapping(entry.get("_probe")).get("key")
        self.keys.append(key if isinstance(key, str) and ours else None)
        self.credentials.append(self._strangers.credential(request.headers) if foreign else None)
        if self.keys[-1] is None:
            self._strangers.learn(self._exchanges[-1])

    def _passes_over(self, entry: Mapping[str, object]) -> bool:
        """Whether an entry of another maker is none to be judged: about no photo, or answered from a cache."""
        about_a_photo = "photo" in unquote(_text(_mapping(entry.get("request")).get("url"))).lower()
        cached = about_a_photo and any(entry.get(name) for name in _CACHED)
        self.passed_over += not about_a_photo
        self.cached += cached
        return cached or not about_a_photo

    def _failure(self, entry: Mapping[str, object], response: Mapping[str, object]) -> Failure | None:
        told = _mapping(entry.get("_failure"))
        if told:
            try:
                return Failure(FailureKind(_text(told.get("kind"))), _text(told.get("detail")))
            except ValueError:
                raise UnreadableRecording("a `_failure` of a kind that does not exist") from None
        if not 100 <= _number(response.get("status")) <= 999:
            why = _text(response.get("_error")) or "no answer"
            return Failure(FailureKind.UNREACHABLE, f"in the recording: {_one_line(why)}")
        return None

    def _answer(self, response: Mapping[str, object], number: int, foreign: bool) -> Answer | Failure:
        headers = _headers(response.get("headers"), foreign)
        answer = Answer(
            status=int(_number(response.get("status"))),
            headers=headers,
            reason=_text(response.get("statusText")),
            version=_text(response.get("httpVersion")),
        )
        content = _mapping(response.get("content"))
        body = self._body(content, number)
        if body is None:
            told = _number(content.get("size")) or _number(answer.header("Content-Length"))
            if told > 0 and answer.status not in (204, 304):
                return Failure(FailureKind.UNREACHABLE, "in the recording: the answer's body was not kept")
            body = b""
        return replace(answer, body=body)

    def _body(self, content: Mapping[str, object], number: int) -> bytes | None:
        text, digest = content.get("text"), content.get("_sha256")
        if not isinstance(text, str):
            return self._bodies.get(digest) if isinstance(digest, str) else None
        if content.get("encoding") == "base64":
            try:
                body = base64.b64decode(text.encode("ascii"))
            except (ValueError, binascii.Error):
                raise UnreadableRecording(f"entry {number}: its body is not the base64 it is said to be") from None
        else:
            body = text.encode("utf-8", "surrogatepass")
        if isinstance(digest, str):
            self._bodies.setdefault(digest, body)
        return body


def _json(source: str | bytes | Path) -> object:
    try:
        if isinstance(source, Path):
            if source.stat().st_size > LARGEST:
                raise UnreadableRecording(f"the file has more than {LARGEST} bytes")
            source = source.read_bytes()
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source.removeprefix("\ufeff")
        return json.loads(text)
    except OSError as error:
        raise UnreadableRecording(f"the file cannot be read: {error.strerror or 'no reason given'}") from None
    except UnicodeDecodeError:
        raise UnreadableRecording("no HAR: the file is not UTF-8") from None
    except RecursionError:
        raise UnreadableRecording("no HAR: its JSON is nested too deep") from None
    except ValueError as error:
        raise UnreadableRecording(f"no HAR: {_one_line(str(error))}") from None


def _object(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise UnreadableRecording(f"no HAR: {what} is not a JSON object")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _number(value: object) -> float:
    """A finite number, or 0."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def _headers(value: object, foreign: bool) -> Headers:
    """Header fields. Other makers keep pseudo headers of HTTP/2 among them, and join repeated ones by a line feed."""
    pairs = [(_text(item.get("name")), _text(item.get("value"))) for item in map(_mapping, _list(value))]
    if not foreign:
        return tuple(pairs)
    return tuple(
        (name, part) for name, value in pairs if name and not name.startswith(":") for part in value.split("\n")
    )


def _request(request: Mapping[str, object], foreign: bool) -> Request:
    return Request(_text(request.get("method")), _text(request.get("url")), _headers(request.get("headers"), foreign))


def _owner(value: object) -> Owner:
    data = _mapping(value)
    texts = {name: _optional(data.get(name)) for name in _OWNER_TEXTS}
    try:
        state = State(_text(data["state"])) if data.get("state") is not None else None
    except ValueError:
        raise UnreadableRecording("an owner of a state that does not exist") from None
    label, kind = _text(data.get("label")), _text(data.get("kind"))
    team, made_up = data.get("team") is True, data.get("made_up") is True
    return Owner(label, kind, **texts, state=state, team=team, made_up=made_up)


_OWNER_TEXTS = (
    "user_id", "user_upn", "group_id", "contact_id", "folder_id", "parent_id", "size", "caller", "sha256",
)  # fmt: skip


def _caller(value: object) -> Caller:
    data = _mapping(value)
    scopes = data.get("scopes")
    return Caller(
        label=_text(data.get("label")),
        scopes=frozenset(_text(scope) for scope in scopes) if isinstance(scopes, list) else None,
        user_id=_optional(data.get("user_id")),
        user_upn=_optional(data.get("user_upn")),
        app_only=data.get("app_only") is True,
    )


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None
