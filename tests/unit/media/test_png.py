"""PNGs that lack something which decoders do without."""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from conformance.media import pictures
from conformance.media.pictures import Picture
from conformance.media.png import is_whole

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def png(mode: str = "RGB", size: tuple[int, int] = (37, 21)) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("L").convert("RGB" if mode in ("P", "LA") else mode).convert(
        mode
    ).save(out, "PNG")
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(body):
        (size,) = struct.unpack(">I", body[at : at + 4])
        yield body[at + 4 : at + 8], body[at + 8 : at + 8 + size]
        at += 12 + size


def rebuilt(body: bytes, change: dict[bytes, bytes | None]) -> bytes:
    """The PNG with other data in its chunks, their checksums right; None leaves a chunk out."""
    kept = ((kind, change.get(kind, data)) for kind, data in chunks(body))
    return body[:8] + b"".join(chunk(kind, data) for kind, data in kept if data is not None)


def rows(body: bytes) -> bytes:
    return zlib.decompress(dict(chunks(body))[b"IDAT"])


def adam7(width: int, height: int) -> bytes:
    """An interlaced grey picture, each pass by itself."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    data = b"".join(
        b"\0" + bytes((x * 7 + y) % 256 for x in range(x0, width, dx))
        for x0, y0, dx, dy in passes if x0 < width
        for y in range(y0, height, dy)
    )  # fmt: skip
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", MODES)
def test_a_png_of_any_colour_type_is_whole(mode: str) -> None:
    """However many bits a pixel has, the rows are counted right; what stands behind the end is none of the picture."""
    assert is_whole(png(mode))
    assert is_whole(png(mode) + b"<p>more</p>")


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (5, 5), (8, 9), (37, 21)])
def test_an_interlaced_png_is_whole(size: tuple[int, int]) -> None:
    """Passes without a pixel have no row."""
    assert isinstance(pictures.read(adam7(*size)), Picture)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: {b"IDAT": zlib.compress(rows(body)[: len(rows(body)) // 2])},
        lambda body: {b"IDAT": zlib.compress(rows(body)[:-1])},
        lambda body: {b"IDAT": dict(chunks(body))[b"IDAT"][:-4]},
        lambda body: {b"IDAT": dict(chunks(body))[b"IDAT"][:-2]},
        lambda body: {b"IDAT": None},
        lambda body: {b"IEND": None},
    ],
    ids=["half-the-rows", "a-byte-less", "no-checksum", "half-a-checksum", "no-data", "no-end"],
)
def test_a_png_that_lacks_something_is_not_whole(change: object) -> None:
    """Rows, the checksum of the data, or the end: each chunk by itself is sound."""
    body = png()
    assert callable(change)
    assert isinstance(pictures.read(rebuilt(body, change(body))), str)


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"IEND"])
def test_a_checksum_that_is_wrong_is_damage(kind: bytes) -> None:
    """A decoder stops at the end without reading the checksum of the last chunk."""
    body = bytearray(png())
    body[body.index(kind) + 4 + len(dict(chunks(bytes(body)))[kind])] ^= 1

    assert isinstance(pictures.read(bytes(body)), str)


def test_a_palette_is_needed_by_what_is_drawn_with_one() -> None:
    """Colour type 3 without PLTE is no picture (11.2.2)."""
    assert not is_whole(rebuilt(png("P"), {b"PLTE": None}))


def test_more_data_than_rows_is_allowed_and_bounded() -> None:
    """Bytes behind the last row are passed over, and a bomb behind it is not inflated."""
    body = png()
    bomb = zlib.compress(rows(body) + bytes(200_000_000))
    started = time.process_time()

    assert is_whole(rebuilt(body, {b"IDAT": bomb}))
    assert time.process_time() - started < 0.5
