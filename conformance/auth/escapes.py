"""Text with its escapes decoded, several times over, and the way back from a place in it to where that stood.

Two kinds of forms: escapes stand for characters one by one, and are decoded where they stand; of base64, base32 and
hex nothing says where they begin, so that what they may stand for is a text of its own (`inside`).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from itertools import accumulate
from math import gcd
from string import ascii_letters

_PASSES = 4
"""How often text is decoded: a JSON text in a JSON text, percent-encoded twice."""
_ESCAPES = re.compile(
    rb"""%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})* | %u[0-9A-Fa-f]{4} | \\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*
      | \\U[0-9A-Fa-f]{8} | \\x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2})* | \\u\{[0-9A-Fa-f]{1,6}\}
      | \\(?:0000)?[2-7][0-9A-Fa-f][ ] | \\[0-7]{3}(?:\\[0-7]{3})* | \\[!-~](?:\\[!-~]){3,}
      | \\[/\\"'+=](?:\\[/\\"'+=])* | &\#[0-9]{1,7};? | &\#[xX][0-9A-Fa-f]{1,6};? | &[A-Za-z]{2,8};
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
_SPACED = re.compile(rb"([!-~])([^A-Za-z0-9]{1,6}?)(?:[!-~]\2){10,}")
"""Single characters with the same after each of them: `e.y.J`, `"e", "y", "J"`, or an accent on each."""
_LETTERS = bytes(chr(kind).isalnum() and kind < 128 for kind in range(256))
_FILLING = b" \"'" + bytes(range(0x80, 0xC0))
_ALTERNATING = b"\1" * 17
"""Of text in which only letters and digits count, and all else is one: where each differs from the next."""
_KINDS = bytes(45 if kind in b"-:,;| \t\r\n" else 46 for kind in range(256))
_DIGITS, _SEPARATORS = b"0123456789abcdefABCDEFxX", b"-" * 11
"""Of text without its digits, in which only the kinds of characters are left: whether such a row may be in it."""
FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", b"abcdefghijklmnopqrstuvwxyz+/")
"""Case does not matter, nor which of the two alphabets of base64 was used."""

_Map = list[tuple[int, int, int, int]]
"""Escapes in a row: where they stand decoded and how long they are there, the same in the text."""


def decoded(data: bytes) -> tuple[bytes, int]:
    """The bytes with all escapes decoded; and how many rows of escapes there were."""
    count = 0
    for _, _, data_, more in _passes(data):
        data, count = data_, count + more
    return data, count


def folded(data: bytes) -> bytes:
    """As decoded bytes are searched."""
    return data.translate(FOLDED)


def _passes(data: bytes) -> Iterator[tuple[re.Pattern[bytes], bytes, bytes, int]]:
    """What was looked for, the text before and after, and how often it was found; of each pass that found something."""
    for _ in range(_PASSES):
        found = 0
        for pattern in (_ESCAPES, _NUMBERS, _SPACED):
            if pattern is _NUMBERS and _SEPARATORS not in data.translate(_KINDS, _DIGITS):
                continue
            if pattern is _SPACED and not _has_row(data):
                continue
            decoded, more = pattern.subn(_characters, data)
            if more:
                yield pattern, data, decoded, more
            data, found = decoded, found + more
        if not found:
            return


def _has_row(data: bytes) -> bool:
    """Whether single characters with one between each two may stand there, or with one and what often goes with it."""
    for filling in (b"", _FILLING):
        kinds = data.translate(_LETTERS, filling)
        number = int.from_bytes(kinds, "big")
        if _ALTERNATING in (number ^ number >> 8).to_bytes(len(kinds), "big"):
            return True
    return False


def maps_of(data: bytes) -> list[_Map]:
    """Where the escapes of each pass stood."""
    maps: list[_Map] = []
    for pattern, before, _, _ in _passes(data):
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
    if found.re is _SPACED:
        return escapes[:: 1 + len(found[2])]
    if kind in (b"%", b"\\") and second in (b"u", b"U") and len(escapes) > 5:
        if escapes[2:3] == b"{":
            return _utf8(int(escapes[3:-1], 16))
        text = escapes.replace(b"%", b"\\").decode("unicode_escape", "replace").encode("utf-16-le", "surrogatepass")
        return text.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")
    if kind == b"%":
        return bytes.fromhex(escapes.translate(None, b"%").decode())
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
    if second.isdigit():
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


# What base64, base32 and hex may stand for


@dataclass(frozen=True)
class _Code:
    """Digits of so many bits; any bit of them may be the first of a byte."""

    bits: int
    kinds: tuple[bytes, ...]
    """Which bytes are its digits, as `translate` takes it; in upper and in lower case where they are not mixed."""
    row: re.Pattern[bytes]
    """Digits in a row, of which a secret may be in so many; each with what may stand between them."""
    value: Callable[[bytes], bytes]
    """What digits stand for, of which there are a multiple of eight."""
    gap: bytes
    """Between two rows: digits that stand for no character."""
    between: bytes = b""
    like: re.Pattern[bytes] = re.compile(b"")
    """What is in each row of this code, and seldom in paths and ids."""

    def rows(self, text: bytes) -> Iterator[re.Match[bytes]]:
        if any(_ENOUGH in text.translate(kinds, self.between) for kinds in self.kinds):
            yield from (row for row in self.row.finditer(text) if self.like.search(row[0]))


def _kinds(digits: bytes) -> bytes:
    return bytes(kind in digits for kind in range(256))


def _base32(alphabet: bytes, row: bytes) -> _Code:
    plain = bytes.maketrans(alphabet + alphabet.lower(), b"0123456789abcdefghijklmnopqrstuv" * 2)
    return _Code(
        5,
        (_kinds(alphabet), _kinds(alphabet.lower())),
        re.compile(row),
        lambda digits: int(digits.translate(plain), 32).to_bytes(len(digits) * 5 // 8, "big"),
        alphabet[-1:] * 8,
    )


_ENOUGH = b"\1" * 20
_STANDARD = bytes.maketrans(b"-_", b"+/")
_CODES = (
    _Code(
        6, (_kinds(ascii_letters.encode() + b"0123456789+/-_"),), re.compile(rb"[A-Za-z0-9+/_-]{20,}"),
        lambda digits: a2b_base64(digits.translate(_STANDARD)), b"/" * 8,
        like=re.compile(rb"(?=.{0,99}[0-9])(?:[A-Z]{1,5}[a-z0-9]{1,7}){3}"),
    ),
    _Code(
        4, (_kinds(b"0123456789abcdefABCDEF"),),
        re.compile(rb"(?:[2-7][0-9A-Fa-f][:,;|.\s]{0,3}(?:00[:,;|.\s]{0,3})?){12,}"),
        lambda digits: bytes.fromhex(digits.decode()), b"f" * 8, between=b":,;|. \t\r\n",
    ),
    _base32(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", rb"[A-Z2-7]{20,}|[a-z2-7]{20,}"),
    _base32(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", rb"[0-9A-V]{20,}|[0-9a-v]{20,}"),
)  # fmt: skip
_PRINTABLE = bytes(32 <= kind < 127 for kind in range(256))
_TEXT = re.compile(rb"[\0\x20-\x7e]{12,}")
_BOUNDARY = b"\xff"
_Piece = tuple[_Code, int, int, bytes]


def inside(text: bytes) -> bytes:
    """All text that may stand in base64, base32 or hex in this one, whichever bit is the first; one after the other."""
    return _BOUNDARY.join(piece for _, _, _, piece in _pieces(text))


def _pieces(text: bytes) -> Iterator[_Piece]:
    """A code, how far its bits are shifted, where in what that gives a text stands, and the text."""
    for code in _CODES:
        digits = code.gap.join(row[0].translate(None, code.between) for row in code.rows(text))
        if not digits:
            continue
        value = code.value(digits + code.gap[: -len(digits) % 8])
        bits = int.from_bytes(value, "big")
        for shift in range(0, 8, gcd(code.bits, 8)):
            shifted = (bits << shift).to_bytes(len(value) + 1, "big") if shift else b"\xff" + value
            if b"\1" * 12 in shifted.translate(_PRINTABLE, b"\0"):
                yield from ((code, shift, found.start(), found[0]) for found in _TEXT.finditer(shifted))


def places(text: bytes) -> Callable[[int, int], tuple[int, int]]:
    """The way back from a range of what is `inside` the text."""
    pieces = list(_pieces(text))
    starts = list(accumulate((len(piece) + len(_BOUNDARY) for *_, piece in pieces), initial=0))
    digits = {code: list(_digits(text, code)) for code in {code for code, *_ in pieces}}

    def digit(place: int, *, after: bool = False) -> int:
        number = bisect_right(starts, place) - 1
        code, shift, start, _ = pieces[number]
        bit = (start + place - starts[number] + after) * 8 - 8 + shift
        return digits[code][min(max(0, bit - after) // code.bits, len(digits[code]) - 1)]

    return lambda start, end: (digit(start), digit(end - 1, after=True) + 1)


def _digits(text: bytes, code: _Code) -> Iterator[int]:
    """Where each digit stands; those of a gap at the end of the row before."""
    end = None
    for row in code.rows(text):
        if end is not None:
            yield from (end for _ in code.gap)
        yield from (row.start() + at for at, digit in enumerate(row[0]) if digit not in code.between)
        end = row.end() - 1
