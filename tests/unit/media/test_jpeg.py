"""JPEGs that lack some of their scan, with an end mark behind what is there."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from PIL import Image

from conformance.media import pictures
from conformance.media.jpeg import END, first_scan, without_end
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
    end = body.find(END, first_scan(body))
    return body[: end - missing].rstrip(b"\xff") + END


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
    told = pictures.read(cut(jpeg(mode, quality=75), missing))

    assert isinstance(told, str)
    assert "ends before the last row" in told


def test_of_several_scans_nothing_is_said() -> None:
    """A progressive picture is drawn whole by its first scan, and better by each other."""
    body = jpeg(progressive=True)

    assert without_end(body) is None
    assert isinstance(pictures.read(body), Picture)


@pytest.mark.parametrize("body", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda", b"\xff\xd8" + b"\xff" * 1000])
def test_what_has_no_scan_says_nothing(body: bytes) -> None:
    """Whatever it is, it is looked at and left."""
    assert without_end(body) is None
