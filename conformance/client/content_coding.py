"""Decodes a response's Content-Encoding (RFC 9110 8.4), within limits.

A body that is not in the coding it names breaks H1: one that cannot be decoded, or that is JSON or a picture as it was
received. A body in a registered coding that is not supported here is left unread.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ..media import NotRead, json_text, pictures
from ..model import FailureKind
from .connection import TransportError

_SLICE = 64 * 1024
_PIECE = 256 * 1024
_MEMBER_LIMIT = 1000
_DECODED = frozenset({"gzip", "x-gzip", "deflate"})
_REGISTERED = frozenset({"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"})
"""The other names of the IANA registry of content codings."""


def decoded(body: bytes, codings: list[str], cap: int) -> tuple[bytes, str | None]:
    """The decoded body, at most `cap` bytes; and why it was not decoded, where it was not."""
    codings = [coding for coding in codings if coding != "identity"]
    if not body:
        return body, None
    if len(codings) > 3:
        raise TransportError(FailureKind.BAD_ENCODING, f"{len(codings)} content codings, one around the other")
    for coding in reversed(codings):
        if coding not in _DECODED:
            return body, _unread(body, coding)
        pieces, total = [], 0
        for piece in _inflated(body, coding):
            total += len(piece)
            if total > cap:
                raise TransportError(FailureKind.TOO_LARGE, f"a body of more than {cap} bytes once decompressed")
            pieces.append(piece)
        body = b"".join(pieces)
    return body, None


def _unread(body: bytes, coding: str) -> str:
    """Why a body in this coding is not read; TransportError where it cannot be in this coding at all."""
    if coding not in _REGISTERED:
        raise TransportError(FailureKind.BAD_ENCODING, "Content-Encoding names a coding that is not registered")
    already = "JSON" if not isinstance(json_text.read(body), json_text.NotJson | NotRead) else None
    already = already or (None if isinstance(pictures.read(body), str) else "a picture")
    if already:
        raise TransportError(FailureKind.BAD_ENCODING, f"Content-Encoding says {coding}, and the body is {already}")
    return f"not read: the body is in the coding {coding}, which cannot be decoded here"


def _inflated(data: bytes, coding: str) -> Iterator[bytes]:
    """Pieces of bounded size. `deflate` is zlib, or raw as some servers send it; `gzip` may have several members."""
    is_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0  # RFC 1950 2.2
    bits = 31 if "gzip" in coding else 15 if is_zlib else -15
    inflater, members = zlib.decompressobj(bits), 1
    try:
        for start in range(0, len(data), _SLICE):
            rest = data[start : start + _SLICE]
            while rest:
                if inflater.eof:
                    if bits != 31 or members == _MEMBER_LIMIT:
                        raise TransportError(FailureKind.BAD_ENCODING, f"bytes after the end of the {coding} data")
                    inflater, members = zlib.decompressobj(bits), members + 1
                yield inflater.decompress(rest, _PIECE)
                rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        while not inflater.eof and (piece := inflater.decompress(b"", _PIECE)):
            yield piece
    except zlib.error:
        raise TransportError(
            FailureKind.BAD_ENCODING, f"Content-Encoding says {coding}, and the bytes are not"
        ) from None
    if not inflater.eof:
        raise TransportError(FailureKind.BAD_ENCODING, f"the {coding} data end before their end")
