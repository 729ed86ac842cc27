"""What a TIFF costs beside its pixels: tiles, strips and numbers in its directories."""

from __future__ import annotations

import struct
import time

import pytest

from conformance.media import NotRead, TooCostly, decoding, tiff
from conformance.media.pictures import Picture, read
from tests.unit.media.test_pictures import drawn

PIXELS = bytes(256 * 256)


def tiff_of(width: int, height: int, tags: dict[int, int], lists: dict[int, list[int]], data: bytes = PIXELS) -> bytes:
    """A grey TIFF whose data begins at byte 8; a list's numbers are LONGs."""
    body = bytearray(b"II*\0\0\0\0\0" + data)
    entries = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 277: 1, **tags}
    fields = {tag: (4, 1, value) for tag, value in entries.items()}
    for tag, numbers in lists.items():
        fields[tag] = (4, len(numbers), len(body) if len(numbers) > 1 else numbers[0])
        body += struct.pack(f"<{len(numbers)}L", *numbers)
    body[4:8] = struct.pack("<L", len(body))
    body += struct.pack("<H", len(fields))
    for tag, field in sorted(fields.items()):
        body += struct.pack("<HHLL", tag, *field)
    return bytes(body + bytes(4))


def tiff_of_tiles(count: int, side: int, across: int = 8) -> bytes:
    """All its tiles lie at the same place."""
    high = -(-count // across) * side
    return tiff_of(across * side, high, {322: side, 323: side}, {324: [8] * count, 325: [side * side] * count})


def tiff_of_strips(count: int, width: int) -> bytes:
    """Each strip is a row, and all lie at the same place."""
    return tiff_of(width, count, {278: 1}, {273: [8] * count, 279: [width] * count})


def in_frames(one: bytes, count: int) -> bytes:
    """Frames that share what their directories point to."""
    (at,) = struct.unpack_from("<L", one, 4)
    directory, body = one[at:-4], one[:-4]
    for _ in range(count - 1):
        body += struct.pack("<L", len(body) + 4) + directory
    return body + bytes(4)


def with_exif(fields: list[tuple[int, int, int]]) -> bytes:
    """A small TIFF with a directory of EXIF, whose fields (tag, type, count) share their values."""
    exif = struct.pack("<H", len(fields)) + b"".join(struct.pack("<HHLL", *field, 8) for field in fields) + bytes(4)
    return tiff_of(16, 16, {34665: 8, 278: 16}, {273: [8], 279: [256]}, exif + bytes(8 * 200_000))


LONG, RATIONAL, UNDEFINED = 4, 5, 7
COSTLY = {
    "tiles at one place": tiff_of_tiles(155_000, 16, 394),
    "tiny tiles": tiff_of_tiles(190_000, 1, 400),
    "strips": tiff_of_strips(190_000, 16),
    "tiles of many frames": in_frames(tiff_of_tiles(6000, 16, 100), 32),
    "more tiles than are counted": tiff_of_tiles(tiff.MAX_NUMBERS // 2 + 1, 1, 400),
    "large compressed tiles at one place": tiff_of(
        160, 160, {259: 8, 322: 16, 323: 16}, {324: [8] * 100, 325: [8_000_000] * 100}, bytes(8_000_000)
    ),
    "numbers of EXIF": with_exif([(0x9000 + n, RATIONAL, 150_000) for n in range(8)]),
    "bytes of EXIF": with_exif([(0x9000 + n, UNDEFINED, 1_600_000) for n in range(200)]),
    "numbers of tags that share them": with_exif([(279, LONG, 200_000)] * 5000),
    "tags": with_exif([(n, RATIONAL, 1) for n in range(tiff.MAX_TAGS)]),
}


@pytest.mark.parametrize("what", COSTLY)
def test_what_is_not_pixels_is_counted_before_a_decoder_starts(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A TIFF with too much beside its pixels is refused, in under a second, without a decoder."""
    monkeypatch.setattr(decoding, "_opened", lambda *_: pytest.fail("a decoder reads it"))
    started = time.process_time()

    with pytest.raises(TooCostly):
        decoding.size("TIFF", COSTLY[what])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (tiff_of_tiles(176, 256, 16), (4096, 2816)),
        (tiff_of_strips(3500, 3000), (3000, 3500)),
        (in_frames(tiff_of_tiles(6, 256, 3), 20), (768, 512)),
        (with_exif([(0x9000 + n, RATIONAL, 3) for n in range(60)]), (16, 16)),
    ],
    ids=["tiles", "rows as strips", "frames", "EXIF"],
)
def test_ordinary_tiles_strips_and_frames_are_read(body: bytes, size: tuple[int, int]) -> None:
    """Ten million pixels are read, whether they lie in tiles of 256x256 or in strips of one row."""
    assert read(body) == Picture("image/tiff", *size)


def test_sixteen_thousand_tiles_are_read_within_two_seconds() -> None:
    """They are about as many as a decoder's reads allow."""
    body = tiff_of_tiles(16_000, 16, 160)
    started = time.process_time()

    assert decoding.size("TIFF", body) == (2560, 1600)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("cut", range(0, 300, 7))
def test_directories_that_are_cut_or_lead_in_a_circle_are_counted_too(cut: int) -> None:
    """Nothing that the file leaves out is looked for, and no directory is counted twice."""
    body = bytearray(drawn("TIFF"))
    (at,) = struct.unpack_from("<L", body, 4)
    (entries,) = struct.unpack_from("<H", body, at)
    whole = tiff.cost(bytes(body))
    struct.pack_into("<L", body, at + 2 + 12 * entries, at)

    assert tiff.cost(bytes(body)) == whole
    assert 0 <= tiff.cost(bytes(body[: max(8, len(body) - cut)])) <= whole


def test_directories_of_a_big_tiff_are_counted() -> None:
    """BigTIFF counts and points with eight bytes."""
    body = b"II+\0\x08\0\0\0" + struct.pack("<QQHHQQQ", 16, 1, 324, 16, 1000, 0, 0)

    assert tiff.cost(body) == 1000 * tiff._TILE


def test_a_costly_tiff_is_not_read() -> None:
    """It is not called damaged: whether it is a picture is not known."""
    found = read(COSTLY["tiny tiles"])

    assert isinstance(found, NotRead)
    assert "too costly" in found.why
