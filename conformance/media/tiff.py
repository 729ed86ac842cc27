"""The directories of a TIFF (TIFF 6.0, section 2; BigTIFF): what it costs to read them and the tiles they list."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from . import TooCostly

MAX_TAGS = 10_000
"""Of all directories: that of a frame has about twenty, one of EXIF a hundred."""
MAX_NUMBERS = 1_000_000
"""Of all tags; a palette has 768."""
_NUMBER, _TILE = 200, 1000
"""The cost of a number in a directory, and of a tile or strip."""
_OFFSETS, _LENGTHS = (273, 324), (279, 325)
"""Tags of strips and of tiles: where each is, and its bytes."""
_DIRECTORIES = (34665, 34853, 40965)
"""Tags that point to a further directory: EXIF, GPS, interoperability."""
_BYTES = (1, 2, 6, 7)
"""Types whose values are kept as they came."""
_INTEGERS = {3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}


def cost(tiff: bytes) -> int:
    """The cost of all that is not pixels: what stands in directories, tiles, and bytes that tiles share."""
    total = stored = 0
    for tag, kind, count, integers in _tags(tiff):
        total += count * (1 if kind in _BYTES else _TILE if tag in _OFFSETS else _NUMBER)
        if tag in _LENGTHS:
            stored += sum(min(length, len(tiff)) for length in integers)
    return total + max(0, stored - len(tiff))


def _tags(tiff: bytes) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
    """Number, type, count and integers of each tag, in all directories that a decoder reads."""
    order, big = "<" if tiff[:1] == b"I" else ">", tiff[2] == 43
    head, entry, word = (order + form for form in (("Q", "HHQ", "Q") if big else ("H", "HHL", "L")))
    width, step, read, numbers, seen = struct.calcsize(word), 20 if big else 12, 0, 0, {0}
    directories = [*_unpacked(word, tiff, width)]
    while directories:
        at = directories.pop()
        if at in seen:
            continue
        seen.add(at)
        entries = sum(_unpacked(head, tiff, at))
        at += struct.calcsize(head)
        read += entries + 1
        if read > MAX_TAGS:
            raise TooCostly(f"a TIFF of more than {MAX_TAGS} tags")
        for start in range(at, at + entries * step, step):
            tag, kind, count = _unpacked(entry, tiff, start) or (0, 1, 0)
            numbers += 0 if kind in _BYTES else count
            if numbers > MAX_NUMBERS:
                raise TooCostly(f"a TIFF of more than {MAX_NUMBERS} numbers")
            form = f"{order}{count}{_INTEGERS[kind]}" if kind in _INTEGERS else ""
            inline = struct.calcsize(form) <= width
            place = start + step - width if inline else sum(_unpacked(word, tiff, start + step - width))
            integers = _unpacked(form, tiff, place)
            directories += integers if tag in _DIRECTORIES else ()
            yield tag, kind, count, integers
        directories += _unpacked(word, tiff, at + entries * step)


def _unpacked(form: str, tiff: bytes, at: int) -> tuple[int, ...]:
    """Empty where the bytes are not in the file."""
    try:
        return struct.unpack_from(form, tiff, at)
    except struct.error:
        return ()
