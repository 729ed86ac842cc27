"""Whether bytes are a picture, whole, and of which type and size.

The bytes decide (S27a, S27c, S31): what a header says of them is never looked at here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from . import UNSUPPORTED, NotRead, TooCostly, decoding, decoding_process

SMALL = 8_000_000
"""The cost of a picture that is decoded in this process: two million pixels of a plain JPEG."""
MEDIA_TYPES = {kind: f"image/{kind.lower()}" for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")}
"""The formats that are decoded. Those that run programs (EPS) or wrap documents (PDF) are left out."""
_MAGIC = re.compile(
    rb"(?P<JPEG>\xff\xd8)|(?P<PNG>\x89PNG\r\n\x1a\n)|(?P<GIF>GIF8[79]a)|(?P<WEBP>RIFF....WEBP)|(?P<BMP>BM)"
    rb"|(?P<TIFF>II[*+]\0|MM\0[*+])|(?P<AVIF>....ftypavi[fs])",
    re.DOTALL,
)
_NOT_DECODED = re.compile(
    rb"(?P<HEIF>....ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1))|(?P<ICO>\0\0\x01\0)"
    rb"|(?P<JPEG2000>\0\0\0\x0cjP  \r\n\x87\n|\xffO\xffQ)|(?P<JPEGXL>\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a)"
    rb"|(?P<JPEGXR>II\xbc[\0\x01])",
    re.DOTALL,
)
"""Formats of pictures that are not decoded, and so are neither accepted nor faulted."""

ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-ms-bmp": "image/bmp"}
"""Those that the contract names (S27c), and the one that the registration of a type names itself (RFC 7903 1.3)."""


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


_found: dict[bytes, Picture | NotRead | str] = {}
_KEPT = 10_000
"""Results that are kept, by the SHA-256 of the body: one body is looked at by many requirements."""


def read(body: bytes) -> Picture | NotRead | str:
    """Decode the whole body, where that is not too costly.

    Returns:
        The picture; or why it was not read; or in one phrase what the bytes are instead.
    """
    digest = hashlib.sha256(body).digest()
    if digest not in _found:
        if len(_found) >= _KEPT:
            _found.clear()
        _found[digest] = _read(body)
    return _found[digest]


def _read(body: bytes) -> Picture | NotRead | str:
    magic = _MAGIC.match(body)
    if magic is None or magic.lastgroup is None:
        other = _NOT_DECODED.match(body)
        return NotRead(f"not read: {other.lastgroup} is not decoded") if other else _what_instead(body)
    try:
        cost = decoding.cost_by_header(magic.lastgroup, body)
        where = decoding_process if cost is None or cost > SMALL else decoding
        found = where.size(magic.lastgroup, body)
    except TooCostly as error:
        return NotRead(f"not read: too costly ({error})")
    media_type = MEDIA_TYPES[magic.lastgroup]
    if isinstance(found, str):
        return NotRead(f"not read: {media_type} {found}") if found.startswith(UNSUPPORTED) else f"{media_type} {found}"
    return Picture(media_type, *found)


def _what_instead(body: bytes) -> str:
    if not body:
        return "an empty body"
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if body.startswith(b"\x1f\x8b"):
        return f"{len(body)} bytes of gzip that no Content-Encoding announces"
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
    return f"{len(body)} bytes that do not decode as a picture"


def _is_base64(body: bytes) -> bool:
    text = b"".join(body[:8192].split()) + body[8192:].rstrip()[-2:]
    padded = len(text) % 4 == 0 or len(text) >= 64  # some leave it out; a short text is a word then
    return len(text) >= 16 and padded and re.fullmatch(rb"[A-Za-z0-9+/_-]+={0,2}", text) is not None
