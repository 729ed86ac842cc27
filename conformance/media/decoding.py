"""Decoding pictures within a cost that their headers give before a pixel is decoded.

The unit is about a byte of memory, or 10 ns. Measured with Pillow 12: every picture within `MAX_COST` and 16 MiB takes
at most 2 s and 256 MB.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from . import MAX_FRAMES, UNSUPPORTED, TooCostly, gif, jpeg, png, tiff

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_COST = 200_000_000
MAX_READS = 400_000
"""Of a decoder: a GIF of 16 MiB in blocks of 255 bytes takes 130,000."""
MAX_BYTES_READ = 1024 * 1024 * 1024
"""By a decoder, of a file of 16 MiB: for each strip of a TIFF, however small, Pillow reads 64 KiB."""
_PLUGINS = ("Jpeg", "Png", "Gif", "Bmp", "WebP", "Tiff", "Avif")
_COSTS = {"JPEG": jpeg.cost, "PNG": png.cost, "GIF": gif.cost}
_BUFFERS = {"BMP": 8, "WEBP": 20, "AVIF": 16}
"""Bytes of memory for each pixel while it is decoded."""


def cost_by_header(kind: str, body: bytes) -> int | None:
    """The cost of a JPEG, PNG or GIF; None for the rarer formats, whose headers the decoder has to read."""
    return _COSTS[kind](body) if kind in _COSTS else None


def size(kind: str, body: bytes) -> tuple[int, int] | str:
    """Width and height of a picture that decodes whole, or in a phrase why it does not. TooCostly past the limits."""
    if (cost := cost_by_header(kind, body)) is not None:
        _afford(cost)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a decoder only warns of still decodes
            return _jpeg_size(body) if kind == "JPEG" else _size(kind, body)
    except (TooCostly, MemoryError, _pillow().DecompressionBombError) as error:
        raise TooCostly(_short(error)) from None
    except Exception as error:  # noqa: BLE001 - decoders raise whatever they fail on (struct.error, SyntaxError …)
        if "MAX_TEXT_" in str(error):  # Pillow's limits for what a PNG holds beside its pixels
            raise TooCostly("more compressed text than is read") from None
        if "bitfields layout" in str(error):  # a BMP may have any; Pillow reads the usual ones
            return f"{UNSUPPORTED} ({_short(error)})"
        return f"{len(body)} bytes that do not decode as a picture ({_short(error)})"


def _size(kind: str, body: bytes) -> tuple[int, int] | str:
    beside_pixels = tiff.cost(body) if kind == "TIFF" else 0
    _afford(beside_pixels)
    if kind == "PNG":
        with _opened(kind, body) as image:
            image.verify()
    with _opened(kind, body) as image:
        if kind not in _COSTS:
            _afford(beside_pixels + _cost_opened(image))
        width, height = image.size
        for frame in _frames(image):
            frame.load()
    whole = {"PNG": png.is_whole, "GIF": gif.ends}.get(kind, bool)(body)
    return (width, height) if whole else f"cut short: its end is missing after {len(body)} bytes"


def _jpeg_size(body: bytes) -> tuple[int, int] | str:
    """Of a JPEG with one scan, every row has to be in it: an end mark lets decoders paint grey what is missing."""
    parts = jpeg.parse(body)
    if isinstance(parts, str):
        return parts
    try:
        return _loaded(parts.ended_by_itself or parts.picture)
    except OSError:
        _loaded(parts.picture)
        return f"cut short: its scan of {len(body)} bytes ends before the last row"


def _loaded(body: bytes) -> tuple[int, int]:
    with _opened("JPEG", body) as image:
        image.load()
        return image.size


def _opened(kind: str, body: bytes) -> Image:
    opened: Image = _pillow().open(_Rationed(body), formats=[kind])
    return opened


@cache
def _pillow() -> ModuleType:
    """Pillow, with the decoders of our formats alone; late, since looking at the suite decodes nothing."""
    for name in _PLUGINS:
        import_module(f"PIL.{name}ImagePlugin")
    return import_module("PIL.Image")


class _Rationed(io.BytesIO):
    """A file that ends a decoder's walk through a million empty blocks."""

    _reads = _bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._reads, self._bytes = self._reads + 1, self._bytes + len(data)
        if self._reads > MAX_READS or self._bytes > MAX_BYTES_READ:
            raise TooCostly("too many parts")
        return data


def _afford(cost: int) -> None:
    if cost > MAX_COST:
        raise TooCostly(f"{cost / MAX_COST:.3g} times the limit, by its pixels, scans, frames and tiles")


def _cost_opened(image: Image) -> int:
    """Of a picture whose header the decoder has read, and nothing more."""
    if image.format != "TIFF":
        frames = min(getattr(image, "n_frames", 1), MAX_FRAMES)
        return image.width * image.height * frames * _BUFFERS[image.format or ""]
    pixels = 0
    for frame in _frames(image):  # tiles that reach over its edges count as a whole
        tags: dict[int, int] = frame.tag_v2  # type: ignore[attr-defined] # a TIFF's
        across, down = tags.get(322) or frame.width, tags.get(323) or frame.height
        pixels += -(-frame.width // across) * across * -(-frame.height // down) * down
    image.seek(0)
    return 16 * pixels


def _frames(image: Image) -> Iterator[Image]:
    """The picture at one of its frames after the other, as far as they are looked at."""
    with suppress(EOFError):
        for frame in range(MAX_FRAMES):
            image.seek(frame)
            yield image


def _short(error: Exception) -> str:
    text = re.sub(r"<[^<>]*>", "", str(error)[:500]).strip() or type(error).__name__
    return text[:80]
