"""A recording written as HAR 1.2, without loss: other viewers can read it, and `load` gives it back equal.

What HAR has no word for stands under names with an underscore, as its specification (section 2) allows:
`log._photo_conformance` says what was sent about which owners; an entry's `_exchange`, `_probe` and `_failure` belong
to the exchange; `_throttled` marks an answer that was waited out before the exchange it names. A body that an earlier
entry has is not repeated: `content._same_as` names that entry, `content._sha256` is the link.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlsplit

from .. import __version__
from ..auth.redaction import Redactor
from ..model import Answer, Exchange, Headers, Probe, Recording, Request
from . import sanitizer
from .har_file import UnreadableRecording
from .har_reader import load

__all__ = ["UnreadableRecording", "dump", "load"]

_WORTH_SHARING = 1024
"""Bytes of a body from which on it is written once only."""

_Json = dict[str, object]


def dump(
    recording: Recording, probes: Sequence[Probe], about: Mapping[str, object], redactor: Redactor | None = None
) -> str:
    """The recording as HAR text."""
    return "".join(lines(recording, probes, about, redactor))


def lines(
    recording: Recording, probes: Sequence[Probe], about: Mapping[str, object], redactor: Redactor | None = None
) -> Iterator[str]:
    """The recording as HAR text, ASCII only, one entry a line, without secrets. `about` must be plain JSON."""
    redactor = redactor or Redactor()
    asked = {probe.key: probe for probe in probes}
    described = {
        "format": 1,
        **about,
        "owners": [_plain(owner) for owner in recording.owners],
        "callers": [_plain(caller) for caller in recording.callers],
        "notes": list(recording.notes),
    }
    creator = json.dumps({"name": "photo-conformance", "version": __version__})
    yield f'{{"log": {{"version": "1.2", "creator": {creator},\n'
    yield f'"_photo_conformance": {redactor.text(json.dumps(described))},\n"entries": [\n'
    bodies: dict[str, str] = {}
    before = ""
    for key, exchange in recording.exchanges.items():
        for entry in _entries(_cleaned(exchange, redactor), _identity(key, asked.get(key)), bodies):
            yield before + redactor.text(json.dumps(entry))
            before = ",\n"
    yield "\n]}}\n"


def _cleaned(exchange: Exchange, redactor: Redactor) -> Exchange:
    answer = exchange.answer and sanitizer.response(exchange.answer, redactor)
    throttled = tuple(sanitizer.response(one, redactor) for one in exchange.throttled)
    return replace(exchange, answer=answer, throttled=throttled)


def _entries(exchange: Exchange, probe: _Json, bodies: dict[str, str]) -> Iterator[_Json]:
    """The answers that were waited out, then the exchange itself."""
    for number, answer in enumerate(exchange.throttled, 1):
        entry_id = f"{exchange.id}#throttled-{number}"
        yield {
            **_entry(exchange, 0.0, _response(answer, entry_id, bodies)),
            "_id": entry_id,
            "_throttled": exchange.id,
        }
    response = _response(exchange.answer, exchange.id, bodies) if exchange.answer else _no_response(exchange)
    entry = _entry(exchange, exchange.seconds, response)
    entry["_id"] = exchange.id
    entry["_exchange"] = {
        "id": exchange.id,
        "started": exchange.started,
        "seconds": exchange.seconds,
        "token_sent": exchange.token_sent,
    }
    if exchange.failure is not None:
        entry["_failure"] = {"kind": exchange.failure.kind, "detail": exchange.failure.detail}
    entry["_probe"] = probe
    yield entry


def _entry(exchange: Exchange, seconds: float, response: _Json) -> _Json:
    milliseconds = round(seconds * 1000, 3)
    return {
        "startedDateTime": exchange.started or "1970-01-01T00:00:00.000Z",
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _request(request: Request) -> _Json:
    return {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(tuple(parse_qsl(_query(request.url), keep_blank_values=True))),
        "headersSize": -1,
        "bodySize": 0,
    }


def _response(answer: Answer, entry_id: str, bodies: dict[str, str]) -> _Json:
    return {
        "status": answer.status,
        "statusText": answer.reason,
        "httpVersion": answer.version,
        "cookies": [],
        "headers": _pairs(answer.headers),
        "content": _content(answer, entry_id, bodies),
        "redirectURL": answer.header("Location") or "",
        "headersSize": -1,
        "bodySize": -1,
        **({} if answer.unread is None else {"_unread": answer.unread}),
    }


def _no_response(exchange: Exchange) -> _Json:
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_error": exchange.failure.detail if exchange.failure else "",
    }


def _content(answer: Answer, entry_id: str, bodies: dict[str, str]) -> _Json:
    body = answer.body
    content: _Json = {"size": len(body), "mimeType": answer.header("Content-Type") or "x-unknown"}
    if len(body) >= _WORTH_SHARING:
        digest = hashlib.sha256(body).hexdigest()
        content["_sha256"] = digest
        first = bodies.setdefault(digest, entry_id)
        if first != entry_id:
            return content | {"_same_as": first, "comment": f"the same bytes as in entry {first}"}
    try:
        content["text"] = body.decode("utf-8")
    except UnicodeDecodeError:
        content["text"] = base64.b64encode(body).decode()
        content["encoding"] = "base64"
    return content


def _identity(key: str, probe: Probe | None) -> _Json:
    """What a probe was, as far as it cannot be planned again from the owners."""
    if probe is None:
        return {"key": key}
    return {
        "key": key,
        "operation": probe.shape.operation.id,
        "shape": probe.shape.key,
        "state": probe.state,
        "owner": probe.owner.label,
        "question": probe.request_kind,
        "target": probe.target,
        "credential": _plain(probe.credential),
    }


def _plain(value: object) -> _Json:
    """A frozen noun as JSON; what holds its default is left out."""
    plain: _Json = {}
    for each in fields(value):  # type: ignore[arg-type]
        content = getattr(value, each.name)
        if content != each.default:
            plain[each.name] = sorted(content) if isinstance(content, frozenset) else content
    return plain


def _pairs(headers: Headers) -> list[_Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""
