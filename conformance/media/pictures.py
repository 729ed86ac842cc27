"""Is this a picture, whole, and of which type and size?

The bytes are the witness (S27a, S27c, S31): what a header says of them is never looked at here.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType

from . import jpeg, png

MAX_PIXELS = 40_000_000
"""Pictures of more pixels are not decoded: 40 million are 160 MB at most while they are looked at."""
MAX_FRAMES = 32
"""Further frames of an animation are not looked at."""
MAX_READS = 400_000
"""A GIF of 16 MiB in blocks of 255 bytes takes 130,000 to be read once."""

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF")
"""Formats that are decoded. Those that run programs (EPS) or wrap documents (PDF) are left out."""
_PLUGINS = ("Jpeg", "Png", "Gif", "Bmp", "WebP", "Tiff", "Avif")

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
"""By Pillow's names; a JPEG of several pictures (MPO) opens as JPEG and is one on the wire."""

ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-ms-bmp": "image/bmp",
}
"""Those that the contract names (S27c), and the one that the registration of a type names itself (RFC 7903 1.3)."""

_ENDS: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": jpeg.ends,
    "image/png": png.is_whole,
    "image/gif": lambda body: _gif_ends(body),
}
"""Decoders forgive a missing end mark; a body cut short by a few bytes is still cut short."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that decoded whole; sizes in pixels."""

    media_type: str
    width: int
    height: int


def canonical_type(media_type: str) -> str:
    """The media type in lower case, under its registered name (S27c: image/jpg counts as image/jpeg)."""
    lowered = media_type.strip().lower()
    return ALIASES.get(lowered, lowered)


@cache
def _pillow() -> ModuleType:
    """Pillow, with the decoders of our formats alone; late, since looking at the suite decodes nothing."""
    for name in _PLUGINS:
        import_module(f"PIL.{name}ImagePlugin")
    return import_module("PIL.Image")


@lru_cache(maxsize=512)
def read(body: bytes) -> Picture | str:
    """Decode the whole body, bounded in pixels, frames and parts.

    Returns:
        The picture, or in one phrase what the bytes are instead.
    """
    if not body:
        return "an empty body"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a decoder merely frowns at still decodes
            warnings.simplefilter("error", _pillow().DecompressionBombWarning)
            picture = _decode(body)
    except Exception as error:  # noqa: BLE001 - Pillow's decoders raise whatever they stumble on (struct.error, SyntaxError …)
        return _what_instead(body) or f"{len(body)} bytes that do not decode as a picture ({_short(error)})"
    if isinstance(picture, Picture) and not _ENDS.get(picture.media_type, bool)(body):
        return f"{picture.media_type} cut short: its end is missing after {len(body)} bytes"
    if isinstance(picture, Picture) and picture.media_type == "image/jpeg" and not _has_all_rows(body):
        return f"image/jpeg cut short: its scan of {len(body)} bytes ends before the last row"
    return picture


def _has_all_rows(body: bytes) -> bool:
    """Of a JPEG that decodes: whether it does so by itself, without an end mark that lets a decoder give up."""
    alone = jpeg.without_end(body)
    if alone is None:
        return True
    try:
        with _pillow().open(io.BytesIO(alone), formats=FORMATS) as image:
            image.load()
    except OSError:
        return False
    return True


def _decode(body: bytes) -> Picture | str:
    with _pillow().open(_Rationed(body), formats=FORMATS) as image:
        width, height = image.width, image.height
        if width * height > MAX_PIXELS:
            return f"a picture of {width}x{height} pixels, more than are decoded here ({MAX_PIXELS})"
        media_type = MEDIA_TYPES[image.format or ""]
        image.verify()
    with _pillow().open(_Rationed(body), formats=FORMATS) as image:
        image.load()
        for frame in range(1, min(MAX_FRAMES, MAX_PIXELS // (width * height)) if image.format != "MPO" else 1):
            try:
                image.seek(frame)
            except EOFError:
                break
            image.load()
    return Picture(media_type, width, height)


class _Rationed(io.BytesIO):
    """A file that ends a decoder's walk through a million empty blocks."""

    _reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise ValueError(f"more than {MAX_READS} parts")
        return super().read(size)


def _gif_ends(gif: bytes) -> bool:
    """Whether the blocks lead to the trailer (GIF89a, 17 to 27); what stands behind it is none of the picture."""
    at = 13 + _colours(gif[10:11])
    while (kind := gif[at : at + 1]) in (b"!", b","):
        at += 2 if kind == b"!" else 11 + _colours(gif[at + 9 : at + 10])
        while size := gif[at : at + 1].rstrip(b"\0"):
            at += 1 + size[0]
        at += 1
    return kind == b";"


def _colours(flags: bytes) -> int:
    """Bytes of the colour table that the flags tell of."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _what_instead(body: bytes) -> str | None:
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if body.startswith(b"\x1f\x8b"):
        return f"{len(body)} bytes of gzip that no Content-Encoding tells of"
    if start.startswith(b"data:"):
        return "a data URL as text"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "an HTML page"
    if start.startswith((b"{", b"[", b'"')):
        return "JSON text"
    if _is_base64(body):
        return "base64 text"
    if start.startswith((b"<?xml", b"<svg")):
        return "XML text"
    return None


def _is_base64(body: bytes) -> bool:
    text = b"".join(body[:8192].split()) + body[8192:].rstrip()[-2:]
    if len(text) < 16 or not re.fullmatch(rb"[A-Za-z0-9+/_-]+={0,2}", text):
        return False
    try:
        base64.b64decode(text[:64], altchars=b"-_" if b"-" in text or b"_" in text else None)
    except binascii.Error:
        return False
    return True


def _short(error: Exception) -> str:
    text = re.sub(r"<[^>]*>", "", str(error)).strip() or type(error).__name__
    return text[:80]
