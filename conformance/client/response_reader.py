"""Reads one response: httptools reads fields, lengths and chunks; what it lets pass against clause H1 is checked."""

from __future__ import annotations

import io
import re

from httptools import HttpParserError, HttpResponseParser

from ..model import FailureKind, Headers
from .connection import Connection, TransportError
from .content_coding import decoded

_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"(HTTP/1\.[0-9]) (?!101)([1-5][0-9]{2})(?: ([^\r\n]*))?\r?\n(?![ \t])")
"""Without 101, which switches to a protocol that was not requested; and no blank before the first field."""
_FORBIDDEN = re.compile(rb"\0|\r(?!\n)|\n[^\s:][^\s:]*[ \t]")
"""NUL, a bare CR, a blank in a name (RFC 9112 2.2 and 5.1, RFC 9110 5.5): accepted by httptools in some places."""
_BLANK_BEHIND_CHUNKED = re.compile(rb"(\n(?i:transfer-encoding:[ \t]*chunked))[ \t]+(?=\r?\n)")
"""It is allowed (RFC 9110 5.5), and httptools takes it for another coding."""
_INTERIM_LIMIT = 20
MAX_BODY = 16 * 1024 * 1024
"""Bytes of a body, both as sent and decompressed."""
MAX_HEAD = 256 * 1024
"""Bytes of a status line and all header fields."""
MAX_FIELDS = 1000
"""Header fields of one response."""


class Received(io.BytesIO):
    """`Response.raw`: the body as a file, and the head as received.

    httptools calls the `on_` methods. Its parser is not kept here: the two would keep each other, and the body, alive.
    """

    complete = followed = False
    has_end = True
    """Whether the body's end is announced; else the connection ends it."""
    length: int | None = None
    """Bytes of the body, where they are announced as such."""
    unread: str | None = None
    """Why the body is not decoded, where it is not."""

    def __init__(self, version: str, status: str, reason: str) -> None:
        super().__init__()
        self.version, self.status, self.reason = version, int(status), reason
        self.raw: list[tuple[str, str]] = []
        """Header fields as httptools saw them, blanks included; then trailer fields."""
        self.fields: Headers = ()

    def values(self, name: str) -> list[str]:
        """All members of a list-valued field, in lower case."""
        lines = [value for key, value in self.fields if key.lower() == name]
        return [member.strip().lower() for line in lines for member in line.split(",") if member.strip()]

    @property
    def persists(self) -> bool:
        """Whether the connection stays open (RFC 9112 9.3)."""
        options = self.values("connection")
        return self.has_end and "close" not in options and (self.version != "HTTP/1.0" or "keep-alive" in options)

    def decode(self) -> None:
        """Undo the content codings."""
        body, self.unread = decoded(self.getvalue(), self.values("content-encoding"), MAX_BODY)
        super().__init__(body)

    on_body = io.BytesIO.write

    def on_message_begin(self) -> None:
        self.followed = self.complete

    def on_header(self, name: bytes, value: bytes) -> None:
        self.raw.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_message_complete(self) -> None:
        self.complete = True


def read_response(stream: Connection, bodiless: bool) -> Received:
    """The final response, its body without transfer coding; interim ones (1xx) are skipped.

    TransportError for what is invalid, too large or followed by more bytes.
    """
    for _ in range(_INTERIM_LIMIT):
        block = _block(stream)
        status = _STATUS.match(block)
        if status is None:
            raise TransportError(FailureKind.MALFORMED, "no status line that HTTP/1.x allows here")
        if _FORBIDDEN.search(block):
            raise TransportError(FailureKind.MALFORMED, "NUL, a bare CR, or a blank in a name, in the header")
        received = Received(*(part.decode("latin-1") for part in status.groups(b"")))
        parser = HttpResponseParser(received)
        parser.set_dangerous_leniencies(
            lenient_headers=True,  # folded lines
            lenient_version=True,
            lenient_chunked_length=True,  # Transfer-Encoding overrides Content-Length (RFC 9112 6.3)
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )
        _feed(parser, received, _BLANK_BEHIND_CHUNKED.sub(rb"\1", block))
        if received.status >= 200:
            _hold(len(received.raw), MAX_FIELDS, "header fields")
            received.fields = tuple((name, value.strip(" \t")) for name, value in received.raw)
            if not bodiless and received.status not in (204, 304):
                _set_end(received)
                _read_body(stream, parser, received)
            return received
    raise TransportError(FailureKind.MALFORMED, f"more than {_INTERIM_LIMIT} interim answers (1xx)")


def _block(stream: Connection) -> bytes:
    """All bytes up to the empty line."""
    block = bytearray()
    while True:
        searched = max(0, len(block) - 3)
        block += stream.more() or stream.broken()
        if not b"HTTP/".startswith(bytes(block[:5])):
            raise TransportError(FailureKind.MALFORMED, "no HTTP: what came does not begin with `HTTP/`")
        stream.status_seen = stream.status_seen or b"\n" in block
        found = _END.search(block, searched)
        _hold(found.start() if found else len(block), MAX_HEAD, "bytes of header")
        if found:
            stream.unread = bytes(block[found.end() :])
            return bytes(block[: found.end()])


def _feed(parser: HttpResponseParser, received: Received, data: bytes) -> None:
    try:
        parser.feed_data(data)
    except HttpParserError as error:
        if not received.complete:
            detail = f"no valid HTTP, after {received.tell()} bytes of the body: {error}"
            raise TransportError(FailureKind.MALFORMED, detail) from None
        received.followed = True
    if received.followed:
        raise TransportError(FailureKind.MALFORMED, f"bytes behind the announced end (body: {received.tell()})")


def _set_end(received: Received) -> None:
    framing = [(name.lower(), value.lower()) for name, value in received.raw]
    codings = [value for name, value in framing if name == "transfer-encoding"]
    lengths = [int(value.strip()[-20:]) for name, value in framing if name == "content-length"]  # behind zeros
    if codings and codings != ["chunked"]:
        raise TransportError(FailureKind.MALFORMED, "a Transfer-Encoding other than chunked, which was not asked for")
    if lengths and not codings:
        received.length = max(lengths)
        _hold(received.length, MAX_BODY, "bytes of body")
    received.has_end = bool(codings or lengths)


def _read_body(stream: Connection, parser: HttpResponseParser, received: Received) -> None:
    parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=False)
    between = 0
    """Bytes since the last one of the body: chunk sizes, trailer fields."""
    while not received.complete:
        data = stream.more()
        if not data and received.has_end:
            stream.broken()
        if not data:
            return
        size = received.tell()
        if received.length is not None:
            data, stream.unread = data[: received.length - size], data[received.length - size :]
        _feed(parser, received, data)
        between = between + len(data) if received.tell() == size else 0
        _hold(between, MAX_HEAD, "bytes of trailer fields")
        _hold(received.tell(), MAX_BODY, "bytes of body")


def _hold(size: int, cap: int, what: str) -> None:
    if size > cap:
        raise TransportError(FailureKind.TOO_LARGE, f"more than {cap} {what}")
