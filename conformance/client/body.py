"""The body of an answer: where it ends on the wire (RFC 9112 section 6), and its content coding undone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from ..model import FailureKind
from .connection import Connection, TransportError
from .response_head import ResponseHead

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LINE_LIMIT = 16 * 1024
_SLICE = 64 * 1024
_PIECE = 256 * 1024
_MEMBER_LIMIT = 1000
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})


def read_body(stream: Connection, head: ResponseHead, bodiless: bool, cap: int) -> tuple[bytes, bool]:
    """The body with its transfer coding undone, and whether its end was told (else it ends with the connection)."""
    if bodiless or head.status in (204, 304):
        return b"", True
    codings = [coding for coding in head.values("transfer-encoding") if coding != "identity"]
    if codings:
        if codings != ["chunked"]:
            raise TransportError(
                FailureKind.MALFORMED, "a Transfer-Encoding other than chunked, which nobody asked for"
            )
        return _chunked(stream, cap), True
    lengths = set(head.values("content-length"))
    if not lengths:
        return _to_the_end(stream, cap), False
    length = lengths.pop()
    if lengths or not re.fullmatch(r"[0-9]{1,18}", length):
        raise TransportError(FailureKind.MALFORMED, "Content-Length is not one number")
    return _exactly(stream, int(length), cap), True


def _exactly(stream: Connection, size: int, cap: int) -> bytes:
    _hold(size, cap)
    while len(stream.buffer) < size:
        if not stream.more():
            got = len(stream.buffer)
            raise TransportError(FailureKind.CUT_SHORT, f"{got} bytes came of the {size} that were told")
    return stream.take(size)


def _to_the_end(stream: Connection, cap: int) -> bytes:
    while stream.more():
        _hold(len(stream.buffer), cap)
    return stream.take(len(stream.buffer))


def _chunked(stream: Connection, cap: int) -> bytes:
    body = bytearray()
    while True:
        size = _SIZE.fullmatch(_line(stream))
        if size is None:
            raise TransportError(FailureKind.MALFORMED, f"no chunk size where one was due, after {len(body)} bytes")
        count = int(size.group(1), 16)
        if count == 0:
            break
        _hold(len(body) + count, cap)
        body += _exactly(stream, count, cap)
        if _line(stream) not in (b"\r\n", b"\n"):
            raise TransportError(FailureKind.MALFORMED, f"a chunk is longer than it told, after {len(body)} bytes")
    for _ in range(_MEMBER_LIMIT):  # trailer fields: read, and left aside
        if _line(stream) in (b"\r\n", b"\n"):
            return bytes(body)
    raise TransportError(FailureKind.TOO_LARGE, f"more than {_MEMBER_LIMIT} trailer fields")


def _line(stream: Connection) -> bytes:
    searched = 0
    while (end := stream.buffer.find(b"\n", searched)) < 0:
        searched = len(stream.buffer)
        if searched > _LINE_LIMIT:
            raise TransportError(FailureKind.MALFORMED, "no end of line where a chunk size was due")
        stream.need()
    return stream.take(end + 1)


def _hold(size: int, cap: int) -> None:
    if size > cap:
        raise TransportError(FailureKind.TOO_LARGE, f"a body of more than {cap} bytes")


def decoded(body: bytes, codings: list[str], cap: int) -> bytes:
    """The body with its Content-Encoding undone, at most `cap` bytes; a coding that is unknown leaves it as it is."""
    codings = [coding for coding in codings if coding != "identity"]
    if not body or not _CODINGS.issuperset(codings):
        return body
    if len(codings) > 3:
        raise TransportError(FailureKind.BAD_ENCODING, f"{len(codings)} content codings, one around the other")
    for coding in reversed(codings):
        pieces, total = [], 0
        for piece in _inflated(body, coding):
            total += len(piece)
            if total > cap:
                raise TransportError(FailureKind.TOO_LARGE, f"a body of more than {cap} bytes once decompressed")
            pieces.append(piece)
        body = b"".join(pieces)
    return body


def _inflated(data: bytes, coding: str) -> Iterator[bytes]:
    """Pieces of bounded size. `deflate` is zlib, or raw as some servers send it; `gzip` may have several members."""
    bits = 31 if "gzip" in coding else 15 if _is_zlib(data) else -15
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


def _is_zlib(data: bytes) -> bool:
    """RFC 1950 2.2."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0
