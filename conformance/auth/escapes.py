"""Text with its escapes decoded, several times over, and the way back from a place in it to where that stood."""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5

_PASSES = 4
"""How often text is decoded: a JSON text in a JSON text, percent-encoded twice."""
_ESCAPES = re.compile(
    rb"""%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})* | %u[0-9A-Fa-f]{4} | \\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*
      | \\U[0-9A-Fa-f]{8} | \\x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2})* | \\u\{[0-9A-Fa-f]{1,6}\}
      | \\(?:0000)?[2-7][0-9A-Fa-f][ ] | \\[0-7]{3}(?:\\[0-7]{3})* | \\[!-~](?:\\[!-~]){3,}
      | \\[/\\"'+=](?:\\[/\\"'+=])* | &\#0*+[0-9]{1,7};? | &\#[xX]0*+[0-9A-Fa-f]{1,6};? | &[A-Za-z]{2,8};
      | =[0-9A-F]{2}(?:=[0-9A-F]{2}){3,} | =\r?\n
      | \x1b\[[0-9;]{0,20}m | \x00\x00* | \xef[\xbc\xbd][\x80-\xbf](?:\xef[\xbc\xbd][\x80-\xbf])*
      | \xf0\x9d[\x90-\x9f][\x80-\xbf] | \xe2[\x81\x82\x84\x85\x91-\x93][\x80-\xbf]""",
    re.VERBOSE,
)
"""Escapes of one kind in a row, each from its first character on, so that no text is looked at twice.

NUL is what text in UTF-16 has between its characters. The last ones are letters and digits in another style, which
Unicode (NFKC) takes for the plain ones.
"""
_NUMBERS = re.compile(rb"[0-9A-Fa-f][0-9A-Fa-fxX]{1,3}(?:[-:,;|\s]{1,16}[0-9A-Fa-f][0-9A-Fa-fxX]{1,3}){11,}")
"""Bytes as numbers: `41-42-43`, `0x41, 0x42`, `4142 4344`, or `[65, 66, 67]`."""
_SPACED = re.compile(rb"([!-~])(\",\s{1,80}\"|[^A-Za-z0-9]{1,6}?)(?:[!-~]\2){10,}")
"""Single characters with the same after each of them: `e.y.J`, `"e", "y", "J"` on lines too, or an accent on each."""
_NO_TEXT = re.compile(rb"[^T]++(?:[T]{1,7}+[^T]++)*+".replace(b"T", rb"\0\t-\r\x1b -~\x80-\xbf\xe2\xef\xf0"))
"""Bytes that are in no secret of ASCII nor in an escape of one, and the few bytes between two of them.

Most of a picture is that; what is left of it is searched in an eighth of the time.
"""
_TEXT = b"".join(bytes([kind]) for kind in range(256) if not _NO_TEXT.match(bytes([kind])))
_LETTERS = bytes(chr(kind).isalnum() and kind < 128 for kind in range(256))
_FILLING = b" \t\r\n\"'" + bytes(range(0x80, 0xC0))
_ALTERNATING = b"\1" * 17
"""Of text in which only letters and digits count, and all else is one: where each differs from the next."""
_KINDS = bytes(45 if kind in b"-:,;| \t\r\n" else 46 for kind in range(256))
_DIGITS, _SEPARATORS = b"0123456789abcdefABCDEFxX", b"-" * 11
"""Of text without its digits, in which only the kinds of characters are left: whether such a row may be in it."""
_FREQUENT = b"/\\\"'+="
"""What JSON escapes for itself stands for itself."""
FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", b"abcdefghijklmnopqrstuvwxyz+/")
"""Case does not matter, nor which of the two alphabets of base64 was used."""

_Map = list[tuple[int, int, int, int]]
"""Escapes in a row: where they stand decoded and how long they are there, the same in the text."""


def decoded(data: bytes, *, for_ascii: bool = False) -> bytes:
    """The bytes with all escapes decoded; for what is in ASCII, without bytes that cannot be text."""
    for _, _, after in _passes(data, for_ascii):
        data = after
    return data


def folded(data: bytes) -> bytes:
    """As decoded bytes are searched."""
    return data.translate(FOLDED)


def _passes(data: bytes, for_ascii: bool) -> Iterator[tuple[re.Pattern[bytes], bytes, bytes]]:
    """What was looked for, and the text before and after; of each pass that found something."""
    if for_ascii and _is_binary(data):
        after = _NO_TEXT.sub(_characters, data)
        yield _NO_TEXT, data, after
        data = after
    for _ in range(_PASSES):
        found = False
        for pattern in (_ESCAPES, _NUMBERS, _SPACED):
            if pattern is _NUMBERS and _SEPARATORS not in data.translate(_KINDS, _DIGITS):
                continue
            if pattern is _SPACED and not _has_row(data):
                continue
            after, count = pattern.subn(_characters, data)
            if count:
                yield pattern, data, after
                data, found = after, True
        if not found:
            return


def _is_binary(data: bytes) -> bool:
    """Whether much of it cannot be text, not even what separates single characters."""
    return len(data.translate(None, _TEXT)) * 16 > len(data) and not (_has_row(data) and _SPACED.search(data))


def _has_row(data: bytes) -> bool:
    """Whether single characters with one between each two may stand there, or with one and what often goes with it."""
    for filling in (b"", _FILLING):
        kinds = data.translate(_LETTERS, filling)
        number = int.from_bytes(kinds, "big")
        if _ALTERNATING in (number ^ number >> 8).to_bytes(len(kinds), "big"):
            return True
    return False


def maps_of(data: bytes, *, for_ascii: bool = False) -> list[_Map]:
    """Where the escapes of each pass stood."""
    maps: list[_Map] = []
    for pattern, before, _ in _passes(data, for_ascii):
        escapes, last, length = [], 0, 0
        for found in pattern.finditer(before):
            start, end = found.span()
            decoded = len(_characters(found))
            length += start - last
            escapes.append((length, decoded, start, end - start))
            length, last = length + decoded, end
        maps.append(escapes)
    return maps


def _characters(found: re.Match[bytes]) -> bytes:
    """What escapes in a row stand for."""
    escapes = found[0]
    kind, second = escapes[:1], escapes[1:2]
    if found.re is _NO_TEXT:
        return b"\xff"
    if found.re is _SPACED:
        return escapes[:: 1 + len(found[2])]
    if kind == b"\\" and second in _FREQUENT:
        return escapes[1::2]
    if kind in (b"%", b"\\") and second in (b"u", b"U") and len(escapes) > 5:
        if escapes[2:3] == b"{":
            return _utf8(int(escapes[3:-1], 16))
        text = escapes.replace(b"%", b"\\").decode("unicode_escape", "replace").encode("utf-16-le", "surrogatepass")
        return text.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")
    if kind in (b"%", b"="):  # or of quoted-printable, which also breaks lines
        return bytes.fromhex(escapes.translate(None, b"%=\r\n").decode())
    if kind == b"&":
        return _entity(escapes)
    if kind in (b"\x1b", b"\0"):
        return b""
    if kind >= b"\x80":
        return unicodedata.normalize("NFKC", escapes.decode()).encode()
    return _from_numbers(escapes) if kind != b"\\" else _after_backslash(escapes, second)


def _after_backslash(escapes: bytes, second: bytes) -> bytes:
    if second == b"x":
        return bytes.fromhex(escapes.translate(None, b"\\x").decode())
    if escapes[-1:] == b" ":
        return bytes.fromhex(escapes[-3:-1].decode())
    if escapes[1:4].isdigit():
        return bytes(int(digits, 8) & 255 for digits in escapes[1:].split(b"\\"))
    return escapes[1::2]


def _from_numbers(row: bytes) -> bytes:
    """The bytes that a row of numbers stands for, in decimal or hexadecimal; the row itself where they are no bytes."""
    numbers = re.findall(rb"[0-9A-Fa-fxX]+", row)
    decimal = row.translate(None, b"0123456789-:,;| \t\r\n") == b"" and (
        b"," in row or any(len(n) == 3 for n in numbers)
    )
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


def origin(maps: list[_Map], start: int, end: int) -> tuple[int, int]:
    """Where a decoded range stands in the text, whole escapes."""
    for escapes in reversed(maps):
        start, end = _before(escapes, start)[0], _before(escapes, end - 1)[1]
    return start, end


def _before(escapes: _Map, place: int) -> tuple[int, int]:
    """The range in the text of the byte that stands at `place` once it is decoded."""
    at = bisect_right(escapes, place, key=lambda escape: escape[0]) - 1
    if at < 0:
        return place, place + 1
    decoded, length, start, size = escapes[at]
    if place < decoded + length:
        unit, uneven = divmod(size, length)
        first = start + (place - decoded) * unit
        return (start, start + size) if uneven else (first, first + unit)
    place += start + size - decoded - length
    return place, place + 1
