"""What another tool's recorder kept of a response: the response as it came, or without its body, or why there is none.

A recorder that loses a body seldom says so. What it says of sizes beside the body is the evidence: what can be restored
is restored, everything else is "not kept" and says nothing against the server.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from ..media import json_text
from ..model import MARK, Answer, Failure, FailureKind, Headers
from ..reporting.printable import mapping, string
from .har_file import LARGEST_BODY, Beside, number, one_line

MASK = re.compile(
    r"[\w \[<({-]{0,20}(redacted|sanitized|filtered|obfuscated|anonymized)[\w \])>}-]{0,20}"
    r"|[\[<({]*(removed|masked|hidden|omitted|stripped|censored)[\])>}]*"
    r"|[\[<({$%]+[\w -]{0,20}(token|secret)(:[^\s{}]{0,200})?[\])>}%]*"
    r"|[*•xX.…#-]{3,}|\[redacted[^\]]{0,99}\]|.{0,40}(\*{3}|•{3}|…|\.{3}).{0,40}",
    re.IGNORECASE | re.DOTALL,
)
"""What recorders write in place of a secret."""
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF.{4}WEBP|BM.{4}\0\0\0\0|II\*\0|MM\0\*", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_DATA_URL = re.compile(r"data:[^,]{0,100};base64,")
_NUMBERS = re.compile(
    r'(?:\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*)?\[?((?:\s*+[0-9]{1,3}\s*+,)*+\s*+[0-9]{1,3}\s*+)\]?\s*\}?\s*'
)
"""Bytes as JavaScript writes an array, with brackets or without, or Node its `Buffer`."""
_STAND_IN = re.compile(
    r"\[object \w{1,30}\]|undefined|<Buffer [^>]{0,400}>|\(?binary( data)?[^<>\[\]()]{0,40}\)?"
    r"|[<\[(](binary|blob|buffer|stream|base64|image|body|data|content)\b[^<>\[\]()]{0,80}[>\])]",
    re.IGNORECASE,
)
"""What stands where the bytes of a picture were."""
_CUT = re.compile(
    r"(?:\.{3}|…|[\[(<{][^\[\](){}<>]{0,40}(truncat|snipp|more bytes)[^\[\](){}<>]{0,40}[\])>}])\s*$", re.I
)
_CUT_BY = re.compile("truncat|omitted|exceed|not included", re.IGNORECASE)
"""What a recorder says of a body that it did not keep whole, at its end or in a comment."""
_PAGE = re.compile(r'\s*+(?:<|\{\s*+"(?!0"))')
"""How a page begins, or an error; but not what JavaScript makes of bytes, `{"0": 255, …}`."""
_MASKED_VALUE = re.compile(r"REDACTED|\*{3}|•{3}|[\[<](?i:redacted|masked|removed|hidden|filtered)[\]>]")
_OF_A_PROXY = re.compile("^Fiddler - |<title>Charles Error Report")
_GARBLED = re.compile("[\ufffd\0-\x08\x0e-\x1a]")
"""What no text holds, and bytes that were read as text do."""


class _NotKept(Exception):
    """The message says what was lost."""


def response(entry: Mapping[str, object], beside: Beside) -> Answer | Failure:
    """The response of an entry, `unread` where its body was not kept; a failure where there is none, or no header."""
    kept = mapping(entry.get("response"))
    status = int(number(kept.get("status")))
    answer = Answer(
        status, fields(kept.get("headers")), b"", string(kept.get("statusText")), string(kept.get("httpVersion"))
    )
    broken_off = string(kept.get("_error")) or string(kept.get("_failureText"))
    try:
        if not 200 <= status <= 999 or broken_off:  # 1xx is no final response
            raise _NotKept(one_line(broken_off) or "no response")
        words = answer.reason + string(mapping(kept.get("content")).get("text"))[:500]
        if answer.header("Proxy-Authenticate") if status == 407 else status >= 500 and _OF_A_PROXY.search(words):
            raise _NotKept(f"a proxy on the way responded, not the target ({status})")
        if status in (204, 304) or string(mapping(entry.get("request")).get("method")).upper() == "HEAD":
            return answer
        answer = replace(answer, headers=_restored(answer.headers, mapping(kept.get("content")), status))
    except _NotKept as lost:
        return Failure(FailureKind.UNREACHABLE, f"in the recording: {lost}")
    try:
        return replace(answer, body=_body(answer, kept, beside))
    except _NotKept as lost:
        return replace(answer, unread=f"in the recording: {lost}")


def fields(value: object, *, pseudo: bool = False) -> Headers:
    """Header fields, in a list, as one object, or as text.

    Some tools keep pseudo headers of HTTP/2 among them, and join repeated ones by a line feed.
    """
    if isinstance(value, dict):
        pairs = [(name, part) for name, held in value.items() for part in (held if isinstance(held, list) else [held])]
    else:
        lines = value.splitlines() if isinstance(value, str) else value
        pairs = list(map(_pair, lines)) if isinstance(lines, list) else []
    return tuple(
        (string(name), part)
        for name, held in pairs
        if string(name) and (pseudo or not string(name).startswith(":"))
        for part in string(held).split("\n")
    )


def _pair(item: object) -> tuple[object, object]:
    """A header field: as HAR has it, as Postman has it, as a list of two, as a line."""
    if isinstance(item, str):
        name, _, value = item.partition(":")
        return name, value.strip()
    if isinstance(item, list) and len(item) == 2:
        return item[0], item[1]
    return mapping(item).get("name") or mapping(item).get("key"), mapping(item).get("value")


def masked(value: str) -> bool:
    """Whether a recorder put this in place of what was there."""
    return bool(MARK.search(value)) or MASK.fullmatch(value.strip()) is not None


def _restored(headers: Headers, content: Mapping[str, object], status: int) -> Headers:
    """The fields without those that are masked; a media type that is, from the one that HAR keeps beside the body.

    A masked challenge stays: that it was there is all that is evaluated.
    """
    media_type = string(content.get("mimeType"))
    unknown = not media_type or masked(media_type) or media_type == "x-unknown"
    if not headers:
        if unknown or status == 401:
            raise _NotKept("the response's headers were not kept")
        return (("Content-Type", media_type),)
    found = []
    for name, value in headers:
        if not masked(value) or name.lower() == "www-authenticate":
            found.append((name, "(not shown)" if masked(value) else value))
        elif name.lower() == "content-type":
            if unknown:
                raise _NotKept("the response's Content-Type is masked")
            found.append((name, media_type))
    return tuple(found)


def _body(answer: Answer, kept: Mapping[str, object], beside: Beside) -> bytes:
    """The body without its content coding."""
    content = mapping(kept.get("content"))
    held, length = content.get("text"), _length(answer)
    if not isinstance(held, str) and (name := string(content.get("_file")) or string(content.get("_sha1"))):
        body = beside(name.rpartition("/")[2])
        if body is None:
            raise _NotKept("the response's body should lie in a file beside it, which is not there")
        if body:
            return _whole(body, "", answer, content)
        held = ""
    if not isinstance(held, str) and (values := _values(held)) is not None:
        return _decoded(answer, values)
    if isinstance(held, str) and held:
        return _whole(_read(held, answer, content), held, answer, content)
    empty = length == 0 or (number(kept.get("bodySize")) == 0 and "bodySize" in kept and held == "")
    said = held == "" and number(content.get("size", -1)) == 0 and not length and number(kept.get("bodySize")) <= 0
    if empty or (said and answer.status >= 400 and answer.header("Transfer-Encoding") is None):
        return b""
    raise _NotKept("the response's body was not kept")


def _length(answer: Answer) -> int | None:
    """Content-Length, where it is the length of what is read here."""
    value = (answer.header("Content-Length") or "").strip()
    return int(value) if re.fullmatch("[0-9]{1,15}", value) else None


def _values(held: object) -> bytes | None:
    """A body kept as a list of bytes, or as Node's `Buffer`; or as text that lists them."""
    if isinstance(held, str) and (found := _NUMBERS.fullmatch(held)):
        held = [int(each) for each in found[1].split(",")]
    if isinstance(held, dict) and held.get("type") == "Buffer":
        held = held.get("data")
    if isinstance(held, list) and held and all(type(each) is int and 0 <= each <= 255 for each in held):
        return bytes(held)
    return None


def _read(held: str, answer: Answer, content: Mapping[str, object]) -> bytes:
    """The bytes that a text stands for: itself, base64, or one character for each byte."""
    plain = held.encode("utf-8", "surrogatepass")
    packed = _DATA_URL.sub("", "".join(held.split()), count=1)
    label = string(content.get("encoding")).lower()
    unpacked = _joined(held) if label == "base64" and held.startswith("[") else _unpacked(packed)
    said = {number(content.get("size")), _length(answer)}
    with suppress(ValueError):
        digits = bytes.fromhex(held)
        if label == "hex" or len(digits) in said:
            return digits
    if label == "base64":
        if unpacked is None:
            return plain  # labelled, and is not
        return plain if _length(answer) == len(plain) != len(unpacked) and not _PICTURE.match(unpacked) else unpacked
    other = unpacked if _BASE64.fullmatch(packed) else _values(held)
    if other is not None and len(other) in said and len(plain) != _length(answer):
        return other
    sizes = {_length(answer)} if held[0] == "{" else said  # of Node's Buffer axios-har-tracker counts what it writes
    if other is not None and (_PICTURE.match(other) or _is_json(other)) and len(plain) not in sizes:
        raise _NotKept("the body is base64 text, or numbers, and nothing says whether it came so or was kept so")
    points = b"" if held.isascii() else held.encode("latin-1", "ignore")
    one_each = len(points) == len(held)
    return points if one_each and (_PICTURE.match(points) or _is_binary(answer)) else plain


def _unpacked(packed: str) -> bytes | None:
    """What base64 text stands for, in either alphabet, its padding or not."""
    packed = packed.rstrip("=")
    try:
        return base64.b64decode((packed + "=" * (-len(packed) % 4)).replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return None


def _joined(held: str) -> bytes:
    """What a JSON list of base64 texts stands for, one for each chunk, as Polly.js keeps a body in a content coding."""
    chunks = json_text.read(held.encode("utf-8", "surrogatepass"))
    parts = [_unpacked(one) if isinstance(one, str) else None for one in chunks] if isinstance(chunks, list) else [None]
    if None in parts:
        raise _NotKept("the body's chunks of base64 were not kept whole")
    return b"".join(filter(None, parts))


def _is_binary(answer: Answer) -> bool:
    return (answer.header("Content-Type") or "").lower().startswith(("image/", "application/octet-stream"))


def _whole(body: bytes, held: str, answer: Answer, content: Mapping[str, object]) -> bytes:
    """The body decoded, unless the sizes beside it say that it is less, or other, than what came."""
    body = _decoded(answer, body)
    if _length(answer) != len(body):
        _check_words(body, held, answer, string(content.get("comment")))
    length = None if answer.header("Content-Encoding") else _length(answer)
    due = length if length is not None else number(content.get("size"))
    plain = held.encode("utf-8", "surrogatepass")
    as_text = _GARBLED.search(held) and body == plain
    replaced = as_text or (b"\xef\xbf\xbd" in body and _is_binary(answer))
    if replaced and len(body) != length and (_is_binary(answer) or len(body) != due):
        raise _NotKept("the body's bytes were read as text by the recorder and are lost")
    if due in (len(held), len(plain)) or _is_complete(body, answer):  # characters are counted by some tools
        return body
    is_cut = _PICTURE.match(body) or (body.startswith(b"{") and not body.rstrip().endswith(b"}"))
    if due <= 0 and (is_cut or _STAND_IN.fullmatch(held.strip())):
        raise _NotKept("the body was not kept whole, and nothing says how long it was")
    if due <= 0 and _is_binary(answer) and held and body == plain and not _PAGE.match(held):
        raise _NotKept("text stands where the bytes of a picture were, and nothing says that it came so")
    if len(body) < due:
        raise _NotKept(f"the body was kept in part: {len(body)} of {due:.0f} bytes")
    exact = _is_binary(answer) or answer.header("Content-Encoding") is None
    if len(body) > due > 0 and exact and not _PICTURE.match(body):
        raise _NotKept(f"the body was kept in another form: {len(body)} bytes, of which {due:.0f} came")
    return body


def _check_words(body: bytes, held: str, answer: Answer, comment: str) -> None:
    """Words of the recorder in the body, or beside it: of what it masked, left out or cut off."""
    if not _is_complete(body, answer):
        if _CUT.search(held[-200:]) or _CUT_BY.search(comment):
            raise _NotKept("the body was cut off by the recorder")
        if masked(held) or (_is_binary(answer) and _STAND_IN.fullmatch(held.strip())):
            raise _NotKept("words stand in place of the body")
    if answer.status == 200 and not _is_binary(answer) and _MASKED_VALUE.search(held):
        raise _NotKept("values in the body are masked")


def _is_complete(body: bytes, answer: Answer) -> bool:
    """Whether a body is JSON that holds anything, not encoded twice, or ends as a picture does, whatever its size."""
    ends = body.endswith((b"\xff\xd9", b"IEND\xaeB`\x82", b"\x00;"))
    plain = len(body) > 4 and not body.startswith(b'"') and not _is_binary(answer) and _is_json(body)
    return ends if _PICTURE.match(body) else plain


def _is_json(body: bytes) -> bool:
    return not isinstance(json_text.read(body), json_text.NotJson)


def _decoded(answer: Answer, body: bytes) -> bytes:
    """The body without its content coding, where the recorder kept it as it came."""
    codings = [coding.strip().lower() for coding in (answer.header("Content-Encoding") or "").split(",")]
    for coding in reversed([coding for coding in codings if coding not in ("", "identity")]):
        if _PICTURE.match(body) or _is_json(body):
            break  # undone by the recorder
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise _NotKept(f"the body was kept in the coding {one_line(coding)[:20]}, which is not read here")
        body = _inflated(body, coding)
    return body


def _inflated(body: bytes, coding: str) -> bytes:
    if coding != "deflate" and not body.startswith(b"\x1f\x8b"):
        return body
    for bits in (47, -15):
        inflater = zlib.decompressobj(bits)
        with suppress(zlib.error):
            whole = inflater.decompress(body, LARGEST_BODY)
            if inflater.eof:
                return whole
    if coding == "deflate":
        return body
    raise _NotKept("the body was kept gzip-coded, and not whole")
