"""Bytes of one connection, read against a deadline for the whole exchange."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import NoReturn

from requests import RequestException

from ..model import Failure, FailureKind

CHUNK = 64 * 1024


class TransportError(RequestException):
    """A response that was not received completely; has the failure to report, and never the request."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


class Connection:
    """A connected socket with a buffer. Reading past the deadline, the end or a reset raises TransportError."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._due = 0.0
        self._allowed = 0.0
        self.buffer = bytearray()
        self.received = 0
        """Bytes received since `begin`."""
        self.url = ""
        """URL of the last request."""
        self.status_seen = False
        """Whether a complete status line was received; a response that ends after it was cut short."""

    def begin(self, due: float, allowed: float) -> None:
        """Start an exchange that must end at `due` (monotonic clock), `allowed` seconds from its beginning."""
        self._due, self._allowed = due, allowed
        self.received = 0
        self.status_seen = False

    def send(self, data: bytes) -> None:
        """Send all bytes."""
        try:
            self._socket.settimeout(self._left())
            self._socket.sendall(data)
        except TimeoutError:
            self._late()
        except OSError as error:
            self._gone(error)

    def more(self) -> bool:
        """Wait for some bytes and put them into the buffer; False at the end of the stream."""
        try:
            self._socket.settimeout(self._left())
            data = self._socket.recv(CHUNK)
        except TimeoutError:
            self._late()
        except OSError as error:
            self._gone(error)
        self.received += len(data)
        self.buffer += data
        return bool(data)

    def need(self) -> None:
        """Wait for some bytes; the end of the stream is an error."""
        if not self.more():
            self._ended()

    def take(self, size: int) -> bytes:
        """Remove the first bytes of the buffer."""
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def silent(self) -> bool:
        """Whether the connection is open and has no unread bytes; any that arrived are put into the buffer."""
        try:
            self._socket.settimeout(0)
            data = self._socket.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return not self.buffer
        except OSError:
            return False
        self.buffer += data
        return False

    def left_over(self) -> bool:
        """Whether the buffer has bytes that do not begin a response, so belong to the one before."""
        return bool(self.buffer.strip(b"\r\n")) and not self.buffer.startswith(b"HTTP/")

    def linger(self, seconds: float) -> None:
        """Wait for bytes after the end of a response."""
        with contextlib.suppress(OSError):
            self._socket.settimeout(seconds)
            self.buffer += self._socket.recv(CHUNK)

    def abort(self) -> None:
        """Interrupt the thread that waits on this connection, from another one."""
        with contextlib.suppress(OSError, AttributeError):  # TLS inside TLS has no shutdown
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket; never raises."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _left(self) -> float:
        left = self._due - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _late(self) -> NoReturn:
        came = f"{self.received} bytes came" if self.received else "nothing came"
        raise TransportError(FailureKind.DEADLINE, f"no whole answer within {self._allowed:g} s ({came})") from None

    def _ended(self) -> NoReturn:
        self._broken("closed")

    def _gone(self, error: OSError) -> NoReturn:
        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            self._broken("closed")
        if isinstance(error, ssl.SSLError) and not self.received:
            raise TransportError(FailureKind.TLS, f"TLS broke off: {error.reason or 'no reason given'}") from None
        self._broken("reset" if isinstance(error, ConnectionError) else f"lost ({error.strerror or 'no reason given'})")

    def _broken(self, how: str) -> NoReturn:
        if self.status_seen:
            raise TransportError(
                FailureKind.CUT_SHORT, f"connection {how} inside the answer, after {self.received} bytes"
            )
        raise TransportError(FailureKind.RESET, f"connection {how} before a status line was whole") from None
