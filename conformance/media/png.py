"""Whether a PNG is there to its last row (W3C PNG, 3rd edition): decoders forgive missing rows and checksums."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from . import MAX_FRAMES, TooCostly

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"IEND\xae\x42\x60\x82"
"""Kind and checksum of the last chunk, which holds nothing."""
MAX_CHUNKS = 200_000
"""A PNG of 16 MiB in chunks of 8 KiB has 2,000."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type."""
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of Adam7: the first column and row, and the steps between them."""
_SLICE, _PIECE = 64 * 1024, 1024 * 1024


def is_whole(png: bytes) -> bool:
    """Whether its chunks lead to the end, a palette is there where one is needed, and all rows can be inflated.

    Of bytes that begin with the signature.
    """
    chunks = list(_chunks(png))
    header = next((data for kind, data in chunks if kind == b"IHDR"), b"")
    end = len(SIGNATURE) + sum(12 + len(data) for _, data in chunks)
    if len(header) != 13 or png[end - len(_END) : end] != _END or (header[9] == 3 and b"PLTE" not in dict(chunks)):
        return False
    return _inflates(b"".join(data for kind, data in chunks if kind == b"IDAT"), _due(header))


def cost(png: bytes) -> int:
    """The cost of decoding it, and the frames of an animation (APNG), as its largest header and chunks give."""
    pixels, depth, frames = 0, 1, 0
    for kind, data in _chunks(png):
        if kind == b"IHDR" and len(data) >= 10:
            pixels = max(pixels, int.from_bytes(data[:4]) * int.from_bytes(data[4:8]))
            depth = max(depth, -(-data[8] * _CHANNELS.get(data[9], 4) // 8))
        frames += kind == b"fcTL"
    return pixels * (max(4, depth) + 2) + pixels * 12 * min(frames, MAX_FRAMES)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of each chunk that is there to the last byte of its checksum, up to the end."""
    at = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        if end > len(png):
            return
        kind = png[at + 4 : at + 8]
        yield kind, png[at + 8 : end - 4]
        if kind == b"IEND":
            return
        at = end
    raise TooCostly(f"a PNG of more than {MAX_CHUNKS} chunks")


def _due(header: bytes) -> int:
    """Bytes of all rows with their filter bytes."""
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    bits = header[8] * _CHANNELS.get(header[9], 1)
    passes = _PASSES if header[12] else ((0, 0, 1, 1),)
    sizes = ((-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes)
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)


def _inflates(data: bytes, due: int) -> bool:
    """Whether the stream ends as it should, with its checksum, and holds no fewer bytes."""
    inflater, inflated = zlib.decompressobj(), 0
    try:
        for start in range(0, len(data), _SLICE):
            rest = data[start : start + _SLICE]
            while rest and not inflater.eof and inflated <= due:
                inflated += len(inflater.decompress(rest, _PIECE))
                rest = inflater.unconsumed_tail
        while not inflater.eof and inflated <= due and (piece := inflater.decompress(b"", _PIECE)):
            inflated += len(piece)
    except zlib.error:
        return False
    return inflated >= due and (inflater.eof or inflated > due)
