"""Where the body of a response ends on the wire (RFC 9112 section 6)."""

from __future__ import annotations

import re

from ..model import FailureKind
from .connection import Connection, TransportError
from .response_head import ResponseHead

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LINE_LIMIT = 16 * 1024
_MEMBER_LIMIT = 1000


def read_body(stream: Connection, head: ResponseHead, bodiless: bool, cap: int) -> tuple[bytes, bool]:
    """The body without its transfer coding, and whether its end was announced (else it ends with the connection)."""
    if bodiless or head.status in (204, 304):
        return b"", True
    codings = [coding for coding in head.values("transfer-encoding") if coding != "identity"]
    if codings:
        if codings != ["chunked"]:
            raise TransportError(
                FailureKind.MALFORMED, "a Transfer-Encoding other than chunked, which was not asked for"
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
            raise TransportError(FailureKind.CUT_SHORT, f"{got} bytes came of the {size} that were announced")
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
            raise TransportError(FailureKind.MALFORMED, f"a chunk is longer than it says, after {len(body)} bytes")
    for _ in range(_MEMBER_LIMIT):  # trailer fields: read and ignored
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
