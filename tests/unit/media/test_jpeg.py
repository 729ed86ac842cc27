"""JPEGs that lack some of their scan, with an end mark behind what is there."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from PIL import Image

from conformance.media import pictures
from conformance.media.jpeg import END, Jpeg, parse
from conformance.media.pictures import Picture

MODES = ("RGB", "L", "CMYK")
SIZES = ((1, 1), (7, 5), (48, 48), (641, 333))


def jpeg(mode: str = "RGB", size: tuple[int, int] = (240, 240), **how: Any) -> bytes:
    """A picture of noise, which leaves no part of a scan empty."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("L" if mode == "L" else "RGB").convert(mode).save(out, "JPEG", **how)
    return out.getvalue()


def cut(body: bytes, missing: int) -> bytes:
    """The picture without the last bytes of its scan, and with its end mark."""
    return body[: len(body) - len(END) - missing].rstrip(b"\xff") + END


@pytest.mark.parametrize(
    ("mode", "size", "quality", "sampling"), list(itertools.product(MODES, SIZES, (10, 75, 100), (0, 1, 2)))
)
def test_a_whole_scan_needs_no_end_mark(mode: str, size: tuple[int, int], quality: int, sampling: int) -> None:
    """Of whatever colours, size, quality and sampling, with restart markers and without."""
    for how in ({}, {"restart_marker_rows": 1}):
        body = jpeg(mode, size, quality=quality, subsampling=sampling, **how)

        assert isinstance(pictures.read(body), Picture)
        assert isinstance(pictures.read(body[:-2] + b"\xff\xff\xff\xd9 and more"), Picture)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("missing", [200, 1000, 5000])
def test_a_scan_that_lacks_something_is_cut_short(mode: str, missing: int) -> None:
    """Though a decoder paints the rest grey, and the end mark is there."""
    contents = pictures.read(cut(jpeg(mode, quality=75), missing))

    assert isinstance(contents, str)
    assert "ends before the last row" in contents


def test_of_several_scans_nothing_is_said() -> None:
    """A progressive picture is painted whole by its first scan, and better by each other."""
    body = jpeg(progressive=True)
    parts = parse(body)

    assert isinstance(parts, Jpeg)
    assert parts.ended_by_itself is None
    assert parts.cost == 12 * 240 * 240
    assert isinstance(pictures.read(body), Picture)


@pytest.mark.parametrize("body", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda", b"\xff\xd8" + b"\xff" * 1000])
def test_what_has_no_scan_is_cut_short(body: bytes) -> None:
    """Bytes that only begin like a JPEG are described and not decoded."""
    assert "cut short" in str(parse(body))


def _with_everything() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    return jpeg(
        exif=exif.tobytes() + jpeg(size=(8, 8)), icc_profile=b"p" * 70_000, comment=b"\xff\xd9\xff\xda", dpi=(72, 72)
    )


@pytest.mark.parametrize("quality", [1, 30, 75, 95, 100])
@pytest.mark.parametrize("sampling", [0, 1, 2])
@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"optimize": True}], ids=str)
def test_the_segments_of_a_whole_jpeg_meet(quality: int, sampling: int, how: dict[str, Any]) -> None:
    """Progressive scans, restart markers and optimised tables are no damage."""
    body = jpeg(quality=quality, subsampling=sampling, **how)

    assert isinstance(parse(body), Jpeg)
    assert pictures.read(body) == Picture("image/jpeg", 240, 240)


def test_profiles_comments_and_thumbnails_do_not_count() -> None:
    """Marks of scans and ends inside of metadata are part of the metadata."""
    body = _with_everything()

    assert pictures.read(body) == Picture("image/jpeg", 240, 240)


def test_fill_bytes_before_a_marker_and_bytes_behind_the_end_are_allowed() -> None:
    """T.81 B.1.1.2 allows any number of FF before a marker."""
    body = jpeg()

    assert pictures.read(b"\xff\xd8" + b"\xff" * 9 + body[2:-2] + b"\xff\xff" + END + b"\r\n\xff\xd8") == Picture(
        "image/jpeg", 240, 240
    )


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
def test_line_feeds_made_into_two_bytes_are_damage(how: dict[str, Any]) -> None:
    """Segments of a JPEG that went through a text mode no longer meet, though decoders may still paint something."""
    body = jpeg(**how).replace(b"\n", b"\r\n")

    assert "damaged" in str(pictures.read(body))


def test_bytes_between_two_segments_are_damage() -> None:
    """A length that ends before the next marker is named with its place."""
    body = jpeg()
    end = 4 + int.from_bytes(body[4:6])

    assert f"no marker at byte {end}" in str(pictures.read(body[:end] + b"\0" + body[end:]))
