"""Whether a JPEG's scan is there to its end (ITU-T T.81): decoders paint grey what is missing before an end mark."""

from __future__ import annotations

import re

END = b"\xff\xd9"
_IN_A_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""A marker that ends a scan: neither a stuffed byte nor a restart."""
_AHEAD = b"\xff\x00" * 10
"""Eighty bits that are no marker: as many as a decoder looks ahead by, and too few to paint a row with."""


def ends(jpeg: bytes) -> bool:
    """Whether there is an end mark behind the picture's own data."""
    return jpeg.find(END, first_scan(jpeg)) >= 0


def without_end(jpeg: bytes) -> bytes | None:
    """The picture up to its end mark, and then nothing: a decoder has to find every row in it, or to want more.

    None where that says nothing: a picture of several scans, progressive ones among them, is drawn by its last.
    """
    scan = first_scan(jpeg)
    mark = _IN_A_SCAN.search(jpeg, scan + 2)
    if mark is None or not mark[0].endswith(END) or b"\xff\xc2" in jpeg[:scan]:
        return None
    return jpeg[: mark.start()] + _AHEAD


def first_scan(jpeg: bytes) -> int:
    """Where the picture's own data begin (B.1): after the header, which may hold a whole thumbnail."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and jpeg[at + 1 : at + 2] not in (b"\xda", b""):
        if jpeg[at + 1] == 0xFF:  # a fill byte
            at += 1
        else:
            at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return at
