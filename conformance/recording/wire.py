"""One request out, one answer in, over connections that are kept. The only module that knows when to use which."""

from __future__ import annotations

import threading
import time

from ..model import Answer, Failure, FailureKind
from .body import decoded, read_body
from .dialling import Dialler
from .head import Head, read_head
from .message import Message
from .settings import Settings
from .stream import Stream, WireError


class Wire:
    """Connections to one target; usable from several threads. Whatever the target does comes back as a value."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._dialler = Dialler(settings)
        self._lock = threading.Lock()
        self._idle: list[Stream] = []
        self._under_way: set[Stream] = set()
        self._closed = False

    def send(self, message: Message) -> Answer | Failure:
        """The answer as it came, or how it failed to come, within the deadline.

        A server may close an idle connection at any time (RFC 9112 9.3.1): a request that found a kept connection
        closed, before any byte of an answer, is sent once more on a fresh one.
        """
        due = time.monotonic() + self._settings.deadline
        kept = self._kept()
        if kept is not None:
            outcome = self._over(kept, message, due)
            lost = isinstance(outcome, Failure) and outcome.kind is FailureKind.RESET and not kept.received
            if not lost:
                return outcome
        try:
            stream = self._dialler.open(due)
        except WireError as error:
            return error.failure
        return self._over(stream, message, due)

    def abort(self) -> None:
        """Break off everything under way, from another thread."""
        with self._lock:
            self._closed = True
            for stream in self._under_way:
                stream.abort()

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for stream in idle:
            stream.close()

    def _kept(self) -> Stream | None:
        """A kept connection that is still open and silent."""
        while True:
            with self._lock:
                stream = self._idle.pop() if self._idle else None
            if stream is None or stream.silent():
                return stream
            stream.close()

    def _over(self, stream: Stream, message: Message, due: float) -> Answer | Failure:
        with self._lock:
            self._under_way.add(stream)
            if self._closed:
                stream.abort()
        keep = False
        try:
            stream.begin(due, self._settings.deadline)
            stream.send(message.head)
            answer, keep = self._read(stream, message.bodiless)
            return answer
        except WireError as error:
            return error.failure
        finally:
            with self._lock:
                self._under_way.discard(stream)
                keep = keep and not self._closed
                if keep:
                    self._idle.append(stream)
            if not keep:
                stream.close()

    def _read(self, stream: Stream, bodiless: bool) -> tuple[Answer, bool]:
        """The answer, and whether the connection may be used again."""
        cap = self._settings.max_body
        head = read_head(stream, self._settings.max_head, self._settings.max_headers)
        body, told = read_body(stream, head, bodiless, cap)
        silent = told and stream.silent()
        if told and stream.buffer.strip(b"\r\n"):
            raise WireError(FailureKind.MALFORMED, f"bytes after the end that the answer told (body: {len(body)})")
        body = decoded(body, head.values("content-encoding"), cap)
        return Answer(head.status, head.headers, body, head.reason, head.version), silent and _persists(head)


def _persists(head: Head) -> bool:
    """RFC 9112 9.3."""
    options = head.values("connection")
    return "close" not in options and (head.version != "HTTP/1.0" or "keep-alive" in options)
