"""Status line and header fields of a response (RFC 9112 sections 2 to 5), read strictly: clause H1 is checked here.

The standard library's reader is not used: it silently drops header lines that it cannot parse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import FailureKind, Headers
from .connection import Connection, TransportError

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"(HTTP/1\.[0-9]) ([1-5][0-9]{2})(?: ([^\x00\r\n]*))?")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_INTERIM_LIMIT = 20


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """A response without its body."""

    version: str
    status: int
    reason: str
    headers: Headers

    def values(self, name: str) -> list[str]:
        """All members of a list-valued field, in lower case."""
        lines = [value for key, value in self.headers if key.lower() == name]
        return [member.strip().lower() for line in lines for member in line.split(",") if member.strip()]


def read_head(stream: Connection, max_head: int, max_headers: int) -> ResponseHead:
    """The final response's head; interim responses (1xx) are skipped. TransportError for invalid or too large input."""
    for _ in range(_INTERIM_LIMIT):
        head = _parse(_block(stream, max_head), max_headers)
        if head.status == 101:
            raise TransportError(FailureKind.MALFORMED, "101: switches to another protocol, which was not requested")
        if head.status >= 200:
            return head
    raise TransportError(FailureKind.MALFORMED, f"more than {_INTERIM_LIMIT} interim answers (1xx)")


def _block(stream: Connection, max_head: int) -> bytes:
    """All bytes up to the empty line."""
    searched = 0
    while True:
        buffer = stream.buffer
        if not b"HTTP/".startswith(bytes(buffer[:5])):
            raise TransportError(FailureKind.MALFORMED, "no HTTP: what came does not begin with `HTTP/`")
        stream.status_seen = stream.status_seen or b"\n" in buffer
        found = _END.search(buffer, max(0, searched - 3))
        if (found.start() if found else len(buffer)) > max_head:
            raise TransportError(FailureKind.TOO_LARGE, f"a header of more than {max_head} bytes")
        if found:
            return stream.take(found.end())[: found.start()]
        searched = len(buffer)
        stream.need()


def _parse(block: bytes, max_headers: int) -> ResponseHead:
    status_line, *lines = block.replace(b"\r\n", b"\n").split(b"\n")
    status = _STATUS.fullmatch(status_line)
    if status is None:
        raise TransportError(FailureKind.MALFORMED, "no status line that HTTP/1.x allows")
    if len(lines) > max_headers:
        raise TransportError(FailureKind.TOO_LARGE, f"{len(lines)} header fields, more than {max_headers}")
    headers: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        if line[:1] in (b" ", b"\t") and headers:  # a folded line: obsolete, and to be unfolded (RFC 9112 5.2)
            name, value = headers.pop()
            headers.append((name, f"{value} {_value(line, number)}".strip()))
            continue
        raw_name, colon, raw_value = line.partition(b":")
        if not colon or not _NAME.fullmatch(raw_name):
            raise TransportError(FailureKind.MALFORMED, f"header line {number} is no header field")
        headers.append((raw_name.decode("latin-1"), _value(raw_value, number)))
    version, code, reason = status.groups()
    return ResponseHead(version.decode(), int(code), (reason or b"").decode("latin-1"), tuple(headers))


def _value(raw: bytes, number: int) -> str:
    if b"\r" in raw or b"\0" in raw:
        raise TransportError(FailureKind.MALFORMED, f"header line {number} holds a bare CR or NUL (RFC 9110 5.5)")
    return raw.strip(b" \t").decode("latin-1")
