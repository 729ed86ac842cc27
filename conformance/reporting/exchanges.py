"""Recorded exchanges, as HAR entries by id, made ready to be shown: bounded, readable, and no face among them."""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..causes.evidence import body_of
from ..media import NotRead, pictures
from ..media.pictures import Picture
from ..model import MARK, FailureKind, UsageProblem
from .printable import header_fields, mapping, string, visible
from .run import Exchanges
from .verdicts_file import json_of

LARGEST = 1024 * 1024 * 1024
"""Bytes of a recording that is read."""
BODY_LIMIT = 2000
"""Characters of a body that a report shows; the whole body is in `exchanges.har`."""
_HEADER_LIMIT, _HEADERS_LIMIT = 300, 40
_PHOTO_LIMIT = 200_000  # bytes of one picture that --show-photos puts into a page
_STRING = re.compile(r'("(?:[^"\\]|\\.)*+"?)', re.DOTALL)
_SHOWN_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")

TOKEN_VARIABLE = "GRAPH_TOKEN"  # noqa: S105 - the name of a variable, not a secret
_CURLS_OWN = frozenset({"host", "user-agent", "connection", "content-length", "accept-encoding"})
_USUAL = {
    "accept": re.compile(r"application/json|image/\*(, \*/\*;q=0\.5)?|\*/\*", re.IGNORECASE),
    "client-request-id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
}
"""Values that do not change the response."""
_PICTURE = re.compile(r"/(\$|%24)value(\?|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """One exchange in the words of a report; all its text is fit to be shown. The page's script knows the order."""

    request_line: str
    request_headers: tuple[tuple[str, str], ...]
    response_line: str
    """The status line, or why there is no response."""
    response_headers: tuple[tuple[str, str], ...]
    about: str
    """What the body is: type, pixels, bytes, SHA-256."""
    body: str
    """The body as text, or empty where it is none."""
    curl: str
    waited: int
    """How many responses 429 or 503 were waited out before this one."""
    photo: str
    """A `data:` URL of the picture, where it may be shown; else empty."""
    asked_as: str
    """Who asked: a caller's label, or what stood in place of a token."""


def read(path: Path) -> dict[str, Mapping[str, Any]]:
    """HAR entries by exchange id (`_id`) from a file that the suite wrote; raises UsageProblem."""
    entries = mapping(mapping(json_of(path, LARGEST, "recording")).get("log")).get("entries")
    if not isinstance(entries, list):
        raise UsageProblem(f"{path}: not a HAR: it has no log.entries")
    return {identity: entry for entry in entries if (identity := string(mapping(entry).get("_id")))}


def shown(exchanges: Exchanges, identity: str, *, show_photos: bool = False) -> ShownExchange:
    """An exchange ready to be shown. Never raises: what is not there is left empty."""
    entry = mapping(exchanges.get(identity))
    request, response = mapping(entry.get("request")), mapping(entry.get("response"))
    failure = mapping(entry.get("_failure"))
    content = mapping(response.get("content"))
    body = body_of(content, exchanges)
    media_type = next((value for name, value in header_fields(response) if name.lower() == "content-type"), "")
    about, text = _described(body, media_type, content)
    if failure:
        line = f"no response: {string(failure.get('kind'))}: {string(failure.get('detail'))}"
    else:
        parts = (response.get("httpVersion") or "HTTP/1.1", response.get("status"), response.get("statusText") or "")
        line = " ".join(str(part) for part in parts).strip()
    return ShownExchange(
        request_line=visible(f"{string(request.get('method'))} {string(request.get('url'))}", 2000),
        request_headers=_headers(request),
        response_line=visible(line, 500),
        response_headers=_headers(response),
        about="" if failure and not body else visible(about, 300),
        body=text,
        curl=curl_line(entry),
        asked_as=asked_as(entry),
        waited=next(n for n in count() if f"{identity}#throttled-{n + 1}" not in exchanges),
        photo=_photo(body) if show_photos else "",
    )


def asked_as(entry: Any) -> str:
    """The caller of an exchange, in a few words, from its HAR entry."""
    credential = mapping(mapping(mapping(entry).get("_probe")).get("credential"))
    caller, kind = string(credential.get("caller")), string(credential.get("kind")) or "token"
    if kind == "token":
        return visible(f"as {caller}" if caller else "with the default token", 120)
    words = {"none": "without Authorization", "scheme": "another scheme than Bearer"}
    return words.get(kind, visible(f"{kind} token", 120))


def _headers(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    fields = header_fields(message)
    pairs = [(visible(name, 100), visible(value, _HEADER_LIMIT)) for name, value in fields[:_HEADERS_LIMIT]]
    if more := fields[_HEADERS_LIMIT:]:
        pairs.append(("…", f"{len(more)} more, see exchanges.har"))
    return tuple(pairs)


def _described(body: bytes, media_type: str, content: Mapping[str, Any]) -> tuple[str, str]:
    """What a body is, in one line, and its text where it has one."""
    kept = string(content.get("_sha256"))
    if not body:
        return (f"not kept, SHA-256 {kept}" if kept else "no body"), ""
    size = f"{len(body):,} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}"
    picture = pictures.read(body)
    if isinstance(picture, Picture):
        return f"{picture.media_type}, {picture.width} × {picture.height} pixels, {size}", ""
    if isinstance(picture, NotRead) or picture.startswith("image/"):
        return f"{picture.why if isinstance(picture, NotRead) else picture}, {size}", ""
    whole = body.decode("utf-8", "ignore").encode() == body
    if b"\0" in body[:4096] or not (whole or re.search("json|text|xml", media_type, re.IGNORECASE)):
        return f"{media_type or 'no Content-Type'}, no text and no known picture ({body[:12].hex(' ')} …), {size}", ""
    start = body[: BODY_LIMIT * 4].decode("utf-8", "ignore" if whole else "backslashreplace")
    if start.lstrip()[:1] in ("{", "["):
        start = reindented(start[: BODY_LIMIT * 2]) + start[BODY_LIMIT * 2 :]
    text = visible(start, BODY_LIMIT, lines=True)
    if len(body) > BODY_LIMIT * 4 or len(start) > BODY_LIMIT:
        text += f"\n… cut here; all {len(body):,} bytes are in exchanges.har"
    return f"{media_type or 'no Content-Type'}, {size}", text


def reindented(text: str) -> str:
    """JSON set out over lines, every token of it as it came: numbers, escapes and duplicate names stay visible.

    A scan and no parse: it takes broken, cut and deeply nested JSON alike.
    """
    depth, pieces = 0, _STRING.split(text)
    for place in range(0, len(pieces), 2):
        pieces[place], depth = _set_out(pieces[place], depth)
    return "".join(pieces)


@lru_cache(1024)
def _set_out(text: str, depth: int) -> tuple[str, int]:
    """What stands between two strings, set out, and how deep the second one is."""

    def line(match: re.Match[str]) -> str:
        nonlocal depth
        piece = match[0]
        if piece[0] in "}]":
            depth = max(depth - 1, 0)
            return _line(depth) + piece
        if piece in ("{", "["):
            depth += 1
            return piece + _line(depth)
        if piece == ",":
            return piece + _line(depth)
        return ": " if piece == ":" else "".join(piece.split())

    return re.sub(r"\{\s*+\}|\[\s*+\]|[{}\[\],:]|\s++", line, text), depth


def _line(depth: int) -> str:
    return "\n" + "  " * min(depth, 12)


def _photo(body: bytes) -> str:
    picture = pictures.read(body) if len(body) <= _PHOTO_LIMIT else None
    if not isinstance(picture, Picture) or picture.media_type not in _SHOWN_PICTURES:
        return ""
    return f"data:{picture.media_type};base64,{base64.b64encode(body).decode('ascii')}"


def curl_line(entry: Any) -> str:
    """One line for a POSIX shell that repeats an exchange; each secret is read from the variable that its mark names.

    It is safe to paste whatever the wire held. A picture goes to the file `photo.bin` and its headers to the screen.
    Headers that curl sends of itself, or that do not change the response, are left out. Empty where the entry holds
    no http(s) URL: curl would read files, too.
    """
    request = mapping(mapping(entry).get("request"))
    url = _percent_encoded(string(request.get("url")))
    if not re.match("https?://", url):
        return ""
    shown = ["-D", "-", "-o", "photo.bin"] if _PICTURE.search(url) else ["-i"]
    head = string(request.get("method")).upper() == "HEAD"
    words = ["curl", "-sS", *(["-I"] if head else shown)]
    if re.search(r"[\[\]{}]", url):
        words.append("-g")
    if re.search(r"/(\.|%2e){1,2}(/|$)", url, re.IGNORECASE):
        words.append("--path-as-is")
    if mapping(mapping(entry).get("_failure")).get("kind") == FailureKind.BAD_ENCODING:
        words.append("--compressed")  # which asks for a coding, and says that the bytes are not in it
    for name, value in header_fields(request):
        words += _curl_header(name, value)
    return " ".join([*words, _quoted(url)])


def _curl_header(name: str, value: str) -> list[str]:
    known = name.lower()
    usual = known in _CURLS_OWN or (known in _USUAL and _USUAL[known].fullmatch(value))
    if usual or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        return []
    return ["-H", _quoted(f"{name}: {_percent_encoded(value)}" if value.strip() else f"{name};")]


def _quoted(text: str) -> str:
    """One word of the shell; where a secret stood it names a variable, outside of the single quotes."""
    if not MARK.search(text):
        return "'" + text + "'" if re.fullmatch(r"[^'\\!]*", text) else shlex.quote(text)
    if re.fullmatch(r"[\w :./=-]*", MARK.sub("", text)):
        return '"' + MARK.sub(_variable, text) + '"'
    parts = MARK.split(MARK.sub(lambda found: f"[redacted:{_variable(found)[1:]}]", text))
    return "".join(f'"${part}"' if at % 2 else shlex.quote(part) if part else "" for at, part in enumerate(parts))


def _variable(found: re.Match[str]) -> str:
    """The variable of a mark: the one that the target file names; else a name made of the header's or the caller's."""
    name = found[1]
    if name == "token":
        return f"${TOKEN_VARIABLE}"
    return "$" + (name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else re.sub(r"\W", "_", f"_{name}".upper())[1:])


def _percent_encoded(text: str) -> str:
    """Percent-encode what no URL and no header may hold: a line end pasted into a terminal would run the line."""
    return re.sub(r"[^\x20-\x7e]", lambda match: quote(match[0].encode("utf-8", "surrogatepass")), text)
