"""The parts of a JPEG (ITU-T T.81, annex B): whether they meet, and how many scans a decoder would have to read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import UNSUPPORTED, TooCostly

START, END = b"\xff\xd8", b"\xff\xd9"
MAX_SEGMENTS = 10_000
"""A picture with a profile, a large comment and many scans has a few hundred."""
_NO_FILL = re.compile(rb"[^\xff]")
"""A marker's code; fill bytes may stand before it."""
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that ends a scan: neither a stuffed byte nor a restart."""
_AHEAD = b"\xff\x00" * 10
"""Eighty bits that are no marker: as many as a decoder looks ahead by, and too few to paint a row with."""
_SCAN, _END, _ALONE = 0xDA, 0xD9, (0x01, *range(0xD0, 0xD8))
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_SEQUENTIAL = (0xC0, 0xC1)
_METADATA = (*range(0xE1, 0xEE), 0xEF, 0xFE)
"""Application data and comments, but for JFIF's and Adobe's, which say what the colours are."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG whose segments meet, up to its end mark."""

    picture: bytes
    """All that a decoder needs: without metadata, thumbnails and what follows the end."""
    cost: int
    """Of decoding it: more where decoders cannot paint it as they read it, and keep all of it first."""
    ended_by_itself: bytes | None
    """The same without an end mark: a decoder must find every row in it.

    None where that shows nothing: a picture of several scans is painted whole by its first.
    """


def cost(jpeg: bytes) -> int:
    """The cost of decoding it; 0 where its segments do not meet, which is found out first."""
    parts = parse(jpeg)
    return 0 if isinstance(parts, str) else parts.cost


def parse(jpeg: bytes) -> Jpeg | str:
    """Walk the marker segments; the phrase says where they do not meet. Each byte is looked at once."""
    at, kept, frame, scans = len(START), [START], b"", 0
    for _ in range(MAX_SEGMENTS):
        found = _NO_FILL.search(jpeg, at)
        if found is None:
            return f"cut short: its end is missing after {len(jpeg)} bytes"
        marker_at = found.start()
        if marker_at == at:
            return f"damaged: no marker at byte {at}, where a segment ends"
        marker = jpeg[marker_at]
        if marker == _END:
            return _whole(kept, frame, scans)
        at = marker_at + 1
        if marker in _ALONE:
            continue
        end = at + int.from_bytes(jpeg[at : at + 2])
        if end < at + 2 or end > len(jpeg):
            return f"damaged: the segment at byte {at} has a wrong length, or is cut short"
        if marker in _FRAMES:
            frame = frame or jpeg[marker_at:end]
        elif marker == _SCAN:
            scans += 1
            found = _MARKER_IN_SCAN.search(jpeg, end)
            end = found.start() if found else len(jpeg)
        if marker not in _METADATA:
            kept.append(b"\xff" + jpeg[marker_at:end])
        at = end
    raise TooCostly(f"a JPEG of more than {MAX_SEGMENTS} segments")


def _whole(kept: list[bytes], frame: bytes, scans: int) -> Jpeg | str:
    if len(frame) < 9 or not scans:
        return "damaged: no frame, or no scan, before its end"
    picture = b"".join(kept)
    sequential = frame[0] in _SEQUENTIAL
    alone = sequential and scans == 1 and kept[-1][1] == _SCAN
    height, width = int.from_bytes(frame[4:6]), int.from_bytes(frame[6:8])
    if frame[3] == 12 or not height:
        return f"{UNSUPPORTED} (12 bits a sample, or a height that is behind the first scan)"
    each = 4 if scans == 1 and sequential else max(12, scans)
    return Jpeg(picture + END, width * height * each, picture + _AHEAD if alone else None)
