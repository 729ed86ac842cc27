"""The blocks of a GIF (GIF89a, sections 17 to 27): whether they lead to the trailer, and what its frames cost."""

from __future__ import annotations

from . import MAX_FRAMES, TooCostly

MAX_BLOCKS = 200_000
"""A GIF of 16 MiB in blocks of 255 bytes has 66,000."""


def cost(gif: bytes) -> int:
    """The cost of decoding the frames that are looked at, which may be larger than the canvas."""
    width, height = int.from_bytes(gif[6:8], "little"), int.from_bytes(gif[8:10], "little")
    frames = []
    for at in _descriptors(gif)[0][:MAX_FRAMES]:
        left, top, wide, high = (int.from_bytes(gif[at + n : at + n + 2], "little") for n in (1, 3, 5, 7))
        width, height = max(width, left + wide), max(height, top + high)
        frames.append(width * height)
    return 4 * sum(frames[:1]) + 12 * sum(frames[1:])


def ends(gif: bytes) -> bool:
    """Whether the blocks lead to the trailer; what follows it is not part of the picture."""
    return gif[(end := _descriptors(gif)[1]) : end + 1] == b";"


def _descriptors(gif: bytes) -> tuple[list[int], int]:
    """Where the image descriptors are, and where the walk through the blocks ends."""
    at, found, blocks = 13 + _colours(gif[10:11]), [], 0
    while (kind := gif[at : at + 1]) in (b"!", b","):
        if kind == b",":
            found.append(at)
        at += 2 if kind == b"!" else 11 + _colours(gif[at + 9 : at + 10])
        while size := gif[at : at + 1].rstrip(b"\0"):
            at += 1 + size[0]
            blocks += 1
        at += 1
        blocks += 1
        if blocks > MAX_BLOCKS:
            raise TooCostly(f"a GIF of more than {MAX_BLOCKS} blocks")
    return found, at


def _colours(flags: bytes) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0
