"""What base64, base32, hex, gzip and zlib in a text may stand for, and the way back to where it stood.

Unlike escapes, nothing says where they begin: what they may stand for is a text of its own, for each bit at which the
first byte may begin.
"""

from __future__ import annotations

import re
import zlib
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate
from math import gcd
from string import ascii_letters


@dataclass(frozen=True)
class _Encoding:
    """Digits of so many bits each; any bit of them may be the first of a byte."""

    bits: int
    kinds: tuple[bytes, ...]
    """Which bytes are its digits, or between them, as `translate` takes it; for upper and lower case if not mixed."""
    value: Callable[[bytes], bytes]
    """What digits stand for, of which there are a multiple of eight."""
    gap: bytes
    """Between two rows: digits that stand for no character."""
    between: bytes = b""
    like: tuple[re.Pattern[bytes], ...] = ()
    """What is in each row of this encoding, and seldom all in paths and ids."""

    def rows(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """Where many digits stand in a row, and these with what is between them."""
        for kinds in self.kinds:
            for start, end in _runs(text.translate(kinds), _ENOUGH):
                row = text[start:end]
                if all(each.search(row) for each in self.like):
                    yield start, row


def _runs(kinds: bytes, least: bytes) -> Iterator[tuple[int, int]]:
    """Where as many 1 as in `least` or more stand in a row."""
    start = kinds.find(least)
    while start >= 0:
        end = kinds.find(b"\0", start) % (len(kinds) + 1)  # -1: to the end
        yield start, end
        start = kinds.find(least, end)


def _kinds(digits: bytes) -> bytes:
    return bytes(kind in digits for kind in range(256))


def _base32(alphabet: bytes) -> _Encoding:
    plain = bytes.maketrans(alphabet + alphabet.lower(), b"0123456789abcdefghijklmnopqrstuv" * 2)
    return _Encoding(
        5,
        (_kinds(alphabet), _kinds(alphabet.lower())),
        lambda digits: int(digits.translate(plain), 32).to_bytes(len(digits) * 5 // 8, "big"),
        alphabet[-1:] * 8,
        like=(re.compile(rb"[A-Za-z]"),),
    )


_ENOUGH = b"\1" * 20
_STANDARD = bytes.maketrans(b"-_", b"+/")
_ENCODINGS = (
    _Encoding(
        6, (_kinds(ascii_letters.encode() + b"0123456789+/-_"),),
        lambda digits: a2b_base64(digits.translate(_STANDARD)), b"/" * 8,
        like=(re.compile(rb"[0-9]"), re.compile(rb"[A-Z][A-Z]{0,4}[a-z0-9]{1,7}(?:[A-Z]{1,5}[a-z0-9]{1,7}){2}")),
    ),
    _Encoding(
        4, (_kinds(b"0123456789abcdefABCDEF:,;|. \t\r\n"),),
        lambda digits: bytes.fromhex(digits.decode()), b"f" * 8, between=b":,;|. \t\r\n",
    ),
    _base32(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    _base32(b"0123456789ABCDEFGHIJKLMNOPQRSTUV"),
)  # fmt: skip
_PRINTABLE = bytes(32 <= kind < 127 for kind in range(256))
_TEXT = bytes(kind == 0 or 32 <= kind < 127 for kind in range(256))
_LONG = b"\1" * 12
_GAP = b"\0" * 4
"""More NUL than UTF-32 has between two characters."""
_ZLIB = re.compile(rb"x[\x01^\x9c\xda](?<!IDATx.)", re.DOTALL)
"""How what zlib made begins, but for the pixels of a PNG: no text stands there."""
_GZIP = re.compile(rb"\x1f\x8b\x08(?:[\0\x01].{6}|[\x08\x09\x10\x11].{6}[^\0]{0,255}\0)", re.DOTALL)
_MOST_UNPACKED = 512 * 1024
"""Bytes that are unpacked of one text; each beginning counts as `_PIECE`, so that many false ones end too."""
_PIECE = 1024
_BOUNDARY = b"\xff"
_Piece = tuple[_Encoding, int, int, bytes]


def inside(text: bytes) -> bytes:
    """All that may stand in base64, base32 or hex in this text, whichever bit is the first; one after the other."""
    return _BOUNDARY.join(piece for _, _, _, piece in _pieces(text))


def unpacked(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where what gzip or zlib made stands, and what it was made of; checksums do not matter."""
    left, end = _MOST_UNPACKED, 0
    for head in merge(_GZIP.finditer(data), _ZLIB.finditer(data), key=re.Match.start):
        if head.start() < end:
            continue
        reader, content, end = zlib.decompressobj(-zlib.MAX_WBITS), bytearray(), head.end()
        with suppress(zlib.error):
            while not reader.eof and end < len(data) and len(content) < left:
                content += reader.decompress(data[end : end + _PIECE])
                end = min(end + _PIECE, len(data)) - len(reader.unused_data)
        yield head.start(), end, bytes(content[:left])
        left -= _PIECE + len(content)
        if left <= 0:
            return


def _pieces(text: bytes) -> Iterator[_Piece]:
    """An encoding, how far its bits are shifted, where in what that gives a text or packed bytes stand, and these."""
    for encoding in _ENCODINGS:
        digits = encoding.gap.join(row.translate(None, encoding.between) for _, row in encoding.rows(text))
        if not digits:
            continue
        value = encoding.value(digits + encoding.gap[: -len(digits) % 8])
        bits = int.from_bytes(value, "big")
        for shift in range(0, 8, gcd(encoding.bits, 8)):
            shifted = (bits << shift).to_bytes(len(value) + 1, "big") if shift else b"\xff" + value
            if _LONG in shifted.translate(_PRINTABLE, b"\0"):
                runs = _runs(shifted.replace(_GAP, b"\xff" * len(_GAP)).translate(_TEXT), _LONG)
                yield from ((encoding, shift, start, shifted[start:end]) for start, end in runs)
            yield from ((encoding, shift, start, shifted[start:end]) for start, end, _ in unpacked(shifted))


def places(text: bytes) -> Callable[[int, int], tuple[int, int]]:
    """The way back from a range of what is `inside` the text."""
    pieces = list(_pieces(text))
    starts = list(accumulate((len(piece) + len(_BOUNDARY) for *_, piece in pieces), initial=0))
    digits = {encoding: list(_digits(text, encoding)) for encoding in {encoding for encoding, *_ in pieces}}

    def digit(place: int, *, after: bool = False) -> int:
        number = bisect_right(starts, place) - 1
        encoding, shift, start, _ = pieces[number]
        bit = (start + place - starts[number] + after) * 8 - 8 + shift
        return digits[encoding][min(max(0, bit - after) // encoding.bits, len(digits[encoding]) - 1)]

    return lambda start, end: (digit(start), digit(end - 1, after=True) + 1)


def _digits(text: bytes, encoding: _Encoding) -> Iterator[int]:
    """Where each digit stands; those of a gap at the end of the row before."""
    end = None
    for start, row in encoding.rows(text):
        if end is not None:
            yield from (end for _ in encoding.gap)
        yield from (start + at for at, digit in enumerate(row) if digit not in encoding.between)
        end = start + len(row) - 1
