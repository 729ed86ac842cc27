"""A recording written as HAR 1.2, without loss: other viewers can read it, and `har_reader.load` gives it back equal.

What HAR has no word for stands under names with an underscore, as its specification (section 2) allows:
`log._photo_conformance` says what was sent about which owners; an entry's `_id`, `_probe` and `_failure` belong to the
exchange; `_throttled` marks an answer that was waited out before the exchange it names. A body that an earlier entry
has is not repeated: `content._same_as` names that entry, `content._sha256` is the link.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl

from .. import __version__
from ..auth.redaction import Redactor
from ..media import json_text
from ..model import Answer, Exchange, Headers, Probe, Recording, Request
from . import sanitizer
from .exchange_store import WORTH_SHARING
from .har_file import NEVER

_NO_ANSWER = Answer(0, version="")
"""What stands as the response of a request that failed, as in other tools' files."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Har:
    """A recording as HAR without secrets: the text before its entries, and these."""

    head: str
    entries: Sequence[Entry]

    def lines(self) -> Iterator[str]:
        """The whole as text, ASCII only, one entry a line."""
        yield self.head
        for number, entry in enumerate(self.entries):
            yield (",\n" if number else "") + json.dumps(entry)
        yield "\n]}}\n"


def har(
    recording: Recording, probes: Sequence[Probe], about: Mapping[str, object], redactor: Redactor | None = None
) -> Har:
    """The recording as HAR. `about` must be plain JSON."""
    redactor = redactor or Redactor()
    asked = {probe.key: probe for probe in probes}
    described = {"format": 1, **about, "notes": list(recording.notes)}
    creator = json.dumps({"name": "photo-conformance", "version": __version__})
    head = (
        f'{{"log": {{"version": "1.2", "creator": {creator},\n'
        f'"_photo_conformance": {redactor.text(json.dumps(described))},\n"entries": [\n'
    )
    respond = partial(_response, redactor, lru_cache(256)(sanitizer.field), {})
    found = [
        each
        for key, exchange in recording.exchanges.items()
        for each in _entries(exchange, _identity(key, asked.get(key)), respond)
    ]
    entries = json_text.cleaned([entry for entry, _ in found], redactor.text)
    for entry, (_, response) in zip(entries, found, strict=True):
        entry["response"] |= response
    return Har(head, entries)


def _entries(
    exchange: Exchange, probe: Entry, respond: Callable[[Answer, str], tuple[Entry, Entry]]
) -> Iterator[tuple[Entry, Entry]]:
    """The answers that were waited out, then the exchange itself; and of each response what has no secrets left."""
    for number, answer in enumerate(exchange.throttled, 1):
        entry_id = f"{exchange.id}#throttled-{number}"
        response, clean = respond(answer, entry_id)
        yield {**_entry(exchange, 0.0, response), "_id": entry_id, "_throttled": exchange.id}, clean
    response, clean = respond(exchange.answer or _NO_ANSWER, exchange.id)
    entry = {**_entry(exchange, exchange.seconds, response), "_id": exchange.id, "_probe": probe}
    if (failure := exchange.failure) is not None:
        response["_error"] = failure.detail
        entry["_failure"] = {"kind": failure.kind, "detail": failure.detail}
    yield entry, clean


def _entry(exchange: Exchange, seconds: float, response: Entry) -> Entry:
    milliseconds = round(seconds * 1000, 3)
    return {
        "startedDateTime": exchange.started or NEVER,
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _request(request: Request) -> Entry:
    query = request.url.partition("#")[0].partition("?")[2]
    return {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(tuple(parse_qsl(query, keep_blank_values=True))),
        "headersSize": -1,
        "bodySize": 0,
    }


def _response(
    redactor: Redactor, field: Callable[..., tuple[str, str]], bodies: dict[bytes, Entry], answer: Answer, entry_id: str
) -> tuple[Entry, Entry]:
    """The response, and its header fields and body by themselves, which have no secrets left.

    `field` is that of `sanitizer`, which remembers: most responses repeat the same fields.
    """
    head = answer.head
    clean = str if redactor.data(head) is head else redactor.text  # one search for all fields: it seldom finds any
    headers = tuple(field(name, value, clean) for name, value in answer.headers)
    shown = replace(answer, headers=headers)
    response = {
        "status": answer.status,
        "statusText": answer.reason,
        "httpVersion": answer.version,
        "cookies": [],
        "redirectURL": shown.header("Location") or "",
        "headersSize": -1,
        "bodySize": -1,
        **({} if answer.unread is None else {"_unread": answer.unread}),
    }
    mime_type = shown.header("Content-Type") or "x-unknown"
    content = {"mimeType": mime_type, **_content(redactor, bodies, answer.body, entry_id)}
    return response, {"headers": _pairs(headers), "content": content}


def _content(redactor: Redactor, bodies: dict[bytes, Entry], received: bytes, entry_id: str) -> Entry:
    """A body without secrets; of one that an earlier entry has, where it is."""
    digest = hashlib.sha256(received).digest()
    if digest in bodies:
        return bodies[digest]
    body = sanitizer.body(received, redactor)
    content: Entry = {"size": len(body)}
    if len(body) >= WORTH_SHARING:
        content["_sha256"] = hashlib.sha256(body).hexdigest()
        bodies[digest] = {**content, "_same_as": entry_id, "comment": f"the same bytes as in entry {entry_id}"}
    try:
        content["text"] = body.decode("utf-8")
    except UnicodeDecodeError:
        content["text"] = base64.b64encode(body).decode()
        content["encoding"] = "base64"
    return content


def _identity(key: str, probe: Probe | None) -> Entry:
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
        "credential": as_json(probe.credential),
    }


def as_json(value: object) -> Entry:
    """A frozen value as JSON; what holds its default is left out."""
    found: Entry = {}
    for each in fields(value):  # type: ignore[arg-type]
        content = getattr(value, each.name)
        if content != each.default:
            found[each.name] = sorted(content) if isinstance(content, frozenset) else content
    return found


def _pairs(headers: Headers) -> list[Entry]:
    return [{"name": name, "value": value} for name, value in headers]
