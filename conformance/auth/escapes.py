"""Text with its escapes decoded, several times over, and the way back from a place in it to where that stood."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5

_PASSES = 4
"""How often text is decoded: a JSON text in a JSON text, percent-encoded twice."""
_ESCAPES = re.compile(
    rb"""%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})* | \\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*
      | \\x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2})* | \\u\{[0-9A-Fa-f]{1,6}\} | \\[/\\"'+=](?:\\[/\\"'+=])*
      | &\#[0-9]{1,7};? | &\#[xX][0-9A-Fa-f]{1,6};? | &[A-Za-z]{2,8}; | \x1b\[[0-9;]{0,20}m
      | \\[0-7]{3}(?:\\[0-7]{3})* | \x00\x00*""",
    re.VERBOSE,
)
"""Escapes of one kind in a row, each from its first character on, so that no text is looked at twice.

NUL is what text in UTF-16 has between its characters.
"""
_FIRST = b"%\\&\x1b\0"
"""What an escape begins with."""
_NUMBERS = re.compile(rb"[0-9A-Fa-f][0-9A-Fa-fxX]{1,3}(?:[-:,\s]{1,16}[0-9A-Fa-f][0-9A-Fa-fxX]{1,3}){11,}")
"""Bytes as numbers: `41-42-43`, `0x41, 0x42`, `4142 4344`, or `[65, 66, 67]`."""
_KINDS = bytes(45 if kind in b"-:, \t\r\n" else 46 for kind in range(256))
_DIGITS, _SEPARATORS = b"0123456789abcdefABCDEFxX", b"-" * 11
"""Of text without its digits, in which only the kinds of characters are left: whether such a row may be in it."""
FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", b"abcdefghijklmnopqrstuvwxyz+/")
"""Case does not matter, nor which of the two alphabets of base64 was used."""

_Map = list[tuple[int, int, int, int]]
"""Escapes in a row: where they stand decoded and how long they are there, the same in the text."""


def folded(data: bytes) -> tuple[bytes, int]:
    """The bytes with all escapes decoded, as they are searched; and how many rows of escapes there were."""
    count = 0
    for _, _, decoded, more in _passes(data):
        data, count = decoded, count + more
    return data.translate(FOLDED), count


def _passes(data: bytes) -> Iterator[tuple[re.Pattern[bytes], bytes, bytes, int]]:
    """What was looked for, the text before and after, and how often it was found; of each pass that found something."""
    for _ in range(_PASSES):
        found = 0
        for pattern in (_ESCAPES, _NUMBERS):
            if pattern is _ESCAPES and len(data.translate(None, _FIRST)) == len(data):
                continue
            if pattern is _NUMBERS and _SEPARATORS not in data.translate(_KINDS, _DIGITS):
                continue
            decoded, more = pattern.subn(lambda row: _characters(row[0]), data)
            if more:
                yield pattern, data, decoded, more
            data, found = decoded, found + more
        if not found:
            return


def maps_of(data: bytes) -> list[_Map]:
    """Where the escapes of each pass stood."""
    maps: list[_Map] = []
    for pattern, before, _, _ in _passes(data):
        escapes, last, length = [], 0, 0
        for found in pattern.finditer(before):
            start, end = found.span()
            decoded = len(_characters(found[0]))
            length += start - last
            escapes.append((length, decoded, start, end - start))
            length, last = length + decoded, end
        maps.append(escapes)
    return maps


def _characters(escapes: bytes) -> bytes:
    """What escapes in a row stand for."""
    kind, second = escapes[:1], escapes[1:2]
    if kind == b"%":
        return bytes.fromhex(escapes.translate(None, b"%").decode())
    if kind == b"&":
        return _entity(escapes)
    if kind in (b"\x1b", b"\0"):
        return b""
    if kind != b"\\":
        return _from_numbers(escapes)
    if second == b"x":
        return bytes.fromhex(escapes.translate(None, b"\\x").decode())
    if second.isdigit():
        return bytes(int(digits, 8) & 255 for digits in escapes[1:].split(b"\\"))
    if second != b"u":
        return escapes[1::2]
    if escapes[2:3] == b"{":
        return _utf8(int(escapes[3:-1], 16))
    return escapes.decode("unicode_escape").encode("utf-8", "surrogatepass")


def _from_numbers(row: bytes) -> bytes:
    """The bytes that a row of numbers stands for, in decimal or hexadecimal; the row itself where they are no bytes."""
    numbers = re.findall(rb"[0-9A-Fa-fxX]+", row)
    decimal = row.translate(None, b"0123456789-:, \t\r\n") == b"" and (b"," in row or any(len(n) == 3 for n in numbers))
    try:
        if decimal:
            return bytes(map(int, numbers))
        return bytes.fromhex(b"".join(number.lower().removeprefix(b"0x") for number in numbers).decode())
    except ValueError:
        return row


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
