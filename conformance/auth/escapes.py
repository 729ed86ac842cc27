"""Text with its escapes decoded, several times over, and the way back from a place in it to where that stood."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import lru_cache
from html.entities import html5

_PASSES = 4
"""How often text is decoded: a JSON text in a JSON text, percent-encoded twice."""
_ESCAPES = re.compile(
    rb"""%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})* | \\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*
      | \\x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2})* | \\u\{[0-9A-Fa-f]{1,6}\} | \\[/\\"'+=](?:\\[/\\"'+=])*
      | &\#[0-9]{1,7};? | &\#[xX][0-9A-Fa-f]{1,6};? | &[A-Za-z]{2,8}; | \x1b\[[0-9;]{0,20}m""",
    re.VERBOSE,
)
"""Escapes of one kind in a row, each from its first character on, so that no text is looked at twice."""
FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", b"abcdefghijklmnopqrstuvwxyz+/")
"""Case does not matter, nor which of the two alphabets of base64 was used."""

_Map = list[tuple[int, int, int, int]]
"""Escapes in a row: where they stand decoded and how long they are there, the same in the text."""


def folded(data: bytes) -> tuple[bytes, int]:
    """The bytes with all escapes decoded, as they are searched; and how many rows of escapes there were."""
    count = 0
    for _ in range(_PASSES):
        data, more = _ESCAPES.subn(lambda found: _characters(found[0]), data)
        if not more:
            break
        count += more
    return data.translate(FOLDED), count


def maps_of(data: bytes) -> list[_Map]:
    """Where the escapes of each pass stood."""
    maps: list[_Map] = []
    for _ in range(_PASSES):
        escapes, last, length = [], 0, 0
        for found in _ESCAPES.finditer(data):
            start, end = found.span()
            decoded = len(_characters(found[0]))
            length += start - last
            escapes.append((length, decoded, start, end - start))
            length, last = length + decoded, end
        if not escapes:
            break
        maps.append(escapes)
        data = _ESCAPES.sub(lambda found: _characters(found[0]), data)
    return maps


def _characters(escapes: bytes) -> bytes:
    """What escapes in a row stand for."""
    kind, second = escapes[:1], escapes[1:2]
    if kind == b"%":
        return bytes.fromhex(escapes.translate(None, b"%").decode())
    if kind == b"&":
        return _entity(escapes)
    if kind == b"\x1b":
        return b""
    if second == b"x":
        return bytes.fromhex(escapes.translate(None, b"\\x").decode())
    if second != b"u":
        return escapes[1::2]
    if escapes[2:3] == b"{":
        return _utf8(int(escapes[3:-1], 16))
    return escapes.decode("unicode_escape").encode("utf-8", "surrogatepass")


@lru_cache(1024)
def _entity(escape: bytes) -> bytes:
    digits = escape[2:].rstrip(b";")
    if escape[1:2] == b"#":
        return _utf8(int(digits[1:], 16) if digits[:1] in b"xX" else int(digits))
    return html5.get(escape[1:].decode(), escape.decode()).encode()


def _utf8(code: int) -> bytes:
    return chr(code).encode("utf-8", "surrogatepass") if code <= sys.maxunicode else b"?"


def origin(data: bytes, maps: list[_Map], start: int, end: int) -> tuple[int, int]:
    """Where a decoded range stands in the text, whole characters and whole escapes."""
    for escapes in reversed(maps):
        start, end = _before(escapes, start)[0], _before(escapes, end - 1)[1]
    while start > 0 and data[start] & 0xC0 == 0x80:  # never split a character of several bytes
        start -= 1
    while end < len(data) and data[end - 1] & 0x80 and data[end] & 0xC0 == 0x80:
        end += 1
    return start, end


def _before(escapes: _Map, place: int) -> tuple[int, int]:
    """The range in the text of the byte that stands at `place` once it is decoded."""
    at = bisect_right(escapes, place, key=lambda escape: escape[0]) - 1
    if at < 0:
        return place, place + 1
    decoded, length, start, size = escapes[at]
    if place < decoded + length:
        unit, uneven = divmod(size, length)
        return (
            (start, start + size)
            if uneven
            else (start + (place - decoded) * unit, start + (place - decoded + 1) * unit)
        )
    place += start + size - decoded - length
    return place, place + 1
