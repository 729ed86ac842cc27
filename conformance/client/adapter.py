"""The transport adapter: sends one request and reads its response, over kept connections."""

from __future__ import annotations

import io
import threading
import time

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from ..auth.redaction import SecretBytes
from ..model import Failure, FailureKind
from .body import read_body
from .connect import Connector
from .connection import Connection, TransportError
from .content_coding import decoded
from .response_head import ResponseHead, read_head
from .settings import Settings

LINGER = 0.1
"""Seconds to wait for bytes after the end of a response, where some are suspected."""


class Received(io.BytesIO):
    """`Response.raw`: the decoded body as a file, and the response head as received."""

    def __init__(self, head: ResponseHead, body: bytes, unread: str | None) -> None:
        super().__init__(body)
        self.head = head
        self.unread = unread


class Adapter(BaseAdapter):
    """Connections to one target; usable from several threads.

    Deadline, limits, proxy and authorities are those of the settings: the arguments of requests (timeout, verify, cert,
    proxies, stream) are ignored.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._connector = Connector(settings)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._under_way: set[Connection] = set()
        self._closed = False
        self.suspects: set[str] = set()
        """URLs whose response may have been followed by bytes that were read as the beginning of the next one."""

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """The complete response, its `raw` a `Received`; TransportError where it is not received within the deadline.

        A server may close an idle connection at any time (RFC 9112 9.3.1): a request on a kept connection that is
        closed before any byte of a response is sent again on a fresh one. So is one whose response begins with bytes
        left over from the response before it.
        """
        due = time.monotonic() + self._settings.deadline
        kept = self._kept()
        if kept is not None:
            before = kept.url
            try:
                return self._over(kept, request, due)
            except TransportError as error:
                left_over = not kept.status_seen and kept.left_over()
                if not left_over and (error.failure.kind is not FailureKind.RESET or kept.received):
                    raise
                if left_over:
                    self.suspects.add(before)
        return self._over(self._connector.open(due), request, due)

    def confirm(self, request: PreparedRequest) -> Failure | None:
        """The failure of the response on a connection of its own that is read beyond its end; None: it is correct."""
        due = time.monotonic() + self._settings.deadline
        try:
            self._over(self._connector.open(due), request, due, linger=LINGER)
        except TransportError as error:
            return error.failure
        return None

    def abort(self) -> None:
        """Abort all requests in progress, from another thread."""
        with self._lock:
            self._closed = True
            for stream in self._under_way:
                stream.abort()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for stream in idle:
            stream.close()

    def _kept(self) -> Connection | None:
        """A kept connection that is still open and has no unread bytes."""
        while True:
            with self._lock:
                stream = self._idle.pop() if self._idle else None
            if stream is None or stream.silent():
                return stream
            if stream.left_over():
                self.suspects.add(stream.url)
            stream.close()

    def _over(self, stream: Connection, request: PreparedRequest, due: float, linger: float = 0) -> Response:
        with self._lock:
            self._under_way.add(stream)
            if self._closed:
                stream.abort()
        keep = False
        try:
            stream.begin(due, self._settings.deadline)
            stream.url = request.url or ""
            stream.send(self._head(request))
            received, keep = self._read(stream, request.method == "HEAD", linger)
            return _response(request, received)
        finally:
            with self._lock:
                self._under_way.discard(stream)
                keep = keep and not self._closed
                if keep:
                    self._idle.append(stream)
            if not keep:
                stream.close()

    def _head(self, request: PreparedRequest) -> SecretBytes:
        """The bytes of the request; its target is the URL byte for byte, absolute where a proxy forwards it."""
        url = request.url or ""
        target = url if self._settings.forwarded else url.removeprefix(self._settings.origin)
        fields = (f"{name}: {value!s}" for name, value in request.headers.items())
        lines = [f"{request.method} {target} HTTP/1.1", *fields, "", ""]
        return SecretBytes("\r\n".join(lines).encode("latin-1", "replace"))

    def _read(self, stream: Connection, bodiless: bool, linger: float) -> tuple[Received, bool]:
        """The response, and whether the connection may be used again."""
        cap = self._settings.max_body
        head = read_head(stream, self._settings.max_head, self._settings.max_headers)
        body, has_length = read_body(stream, head, bodiless, cap)
        if has_length and linger:
            stream.linger(linger)
        silent = has_length and stream.silent()
        if has_length and stream.buffer.strip(b"\r\n"):
            raise TransportError(FailureKind.MALFORMED, f"bytes behind the announced end (body: {len(body)})")
        body, unread = decoded(body, head.values("content-encoding"), cap)
        return Received(head, body, unread), silent and _persists(head)


def _response(request: PreparedRequest, received: Received) -> Response:
    head, response = received.head, Response()
    response.request, response.url, response.raw = request, request.url or "", received
    response.status_code, response.reason = head.status, head.reason
    for name, value in head.headers:  # holds one value for each name; `raw` has the fields as received
        earlier = response.headers.get(name)
        response.headers[name] = value if earlier is None else f"{earlier}, {value}"
    return response


def _persists(head: ResponseHead) -> bool:
    """RFC 9112 9.3."""
    options = head.values("connection")
    return "close" not in options and (head.version != "HTTP/1.0" or "keep-alive" in options)
