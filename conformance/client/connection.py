"""Connections of urllib3, opened within a time limit and read against a deadline for the whole exchange; and TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from requests import RequestException
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.wait import wait_for_read

from ..model import Failure, FailureKind, Probe, UsageProblem

CHUNK = 64 * 1024
REMEMBERED = 2_000
"""Requests on one connection; it remembers all."""
CONNECT_LIMIT = 10.0
"""Seconds to open a connection; the deadline, if that is shorter."""
SLACK = 0.05
"""Seconds by which a deadline may be exceeded."""


class TransportError(RequestException):
    """A response that was not received completely; has the failure to report, and never the request."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


class Connection(HTTPConnection):
    """Reading past the deadline, the end or a reset raises TransportError."""

    unread = b""
    """Bytes that came behind those that were read."""
    received = 0
    """Bytes received since `begin`."""
    asked: deque[Probe]
    """The last probes whose requests were sent since it was opened."""
    status_seen = False
    """Whether a complete status line was received; a response that ends after it was cut short."""
    _due = _allowed = 0.0

    def begin(self, probe: Probe | None, due: float) -> None:
        """Start an exchange that must end at `due` (monotonic clock)."""
        if self.is_closed:
            self.asked = deque(maxlen=REMEMBERED)
        if probe is not None:
            self.asked.append(probe)
        self._due, self._allowed = due, due - time.monotonic()
        self.unread, self.received, self.status_seen = b"", 0, False

    def connect(self) -> None:
        """Connect within the time limit; else TransportError of kind UNREACHABLE or TLS.

        A name lookup cannot be interrupted, so it runs in a thread of its own, which may be abandoned.
        """
        self.timeout = min(CONNECT_LIMIT, max(0.001, self._due - time.monotonic()))
        errors: list[BaseException] = []
        abandoned = threading.Event()

        def run() -> None:
            try:
                super(Connection, self).connect()
            except BaseException as error:  # noqa: BLE001 - reported by the thread that waits
                errors.append(error)
            if abandoned.is_set():
                self.close()

        thread = threading.Thread(target=run, daemon=True, name="photo-conformance-connect")
        thread.start()
        thread.join(self.timeout)
        if thread.is_alive():
            abandoned.set()
            errors.append(TimeoutError())
        if errors:
            self._refused(errors[0])

    def send_all(self, data: memoryview) -> None:
        """Send all bytes."""
        try:
            self._limit()
            self.sock.sendall(data)
        except OSError as error:
            if isinstance(self.sock, ssl.SSLSocket):
                self.more()  # raises what TLS said before it was closed: that the client's certificate is missing, say
            self._gone(error)

    def more(self) -> bytes:
        """Some bytes as soon as they come; none at the end of the stream."""
        if self.unread:
            data, self.unread = self.unread, b""
            return data
        try:
            self._limit()
            data = self.sock.recv(CHUNK)
        except OSError as error:
            self._gone(error)
        self.received += len(data)
        return data

    def quiet(self, seconds: float = 0) -> bool:
        """Whether it is open, and has no bytes to read, nor gets any within that time; `unread` has them else."""
        try:
            if type(self.sock) is socket.socket and not self.unread and not wait_for_read(self.sock, seconds):
                return True  # TLS may have bytes of which the socket knows nothing
            self.sock.settimeout(seconds)
            data = self.sock.recv(CHUNK)
        except (BlockingIOError, TimeoutError, ssl.SSLWantReadError):
            return not self.unread
        except OSError:
            return False
        self.unread += data
        return False

    @property
    def is_connected(self) -> bool:
        """Whether urllib3 may use it for another request."""
        return not self.is_closed and self.quiet()

    def left_over(self) -> bool:
        """Whether bytes are unread that were not asked for: no interim response, nor the 408 of an idle connection."""
        harmless = self.unread.startswith(b"HTTP/") and self.unread[9:12].startswith((b"1", b"408"))
        return bool(self.unread.strip(b"\r\n")) and not harmless

    def abort(self) -> None:
        """Interrupt the thread that waits on this connection, from another one."""
        with contextlib.suppress(OSError, AttributeError):  # no socket, or TLS inside TLS, which has no shutdown
            self.sock.shutdown(socket.SHUT_RDWR)

    def broken(self, how: str = "closed") -> NoReturn:
        """Raise the error of a stream that ended before the response did."""
        if self.status_seen:
            raise TransportError(
                FailureKind.CUT_SHORT, f"connection {how} inside the answer, after {self.received} bytes"
            ) from None
        raise TransportError(FailureKind.RESET, f"connection {how} before a status line was whole") from None

    def _limit(self) -> None:
        """Let the next call on the socket end with the deadline."""
        left = self._due - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if not left <= (self.sock.gettimeout() or 0) <= left + SLACK:  # setting it lets other threads run
            self.sock.settimeout(left)

    def _gone(self, error: OSError) -> NoReturn:
        if isinstance(error, TimeoutError):
            alone = "nothing came: does it take one connection at a time? --concurrency 1 tells"
            came = f"{self.received} bytes came" if self.received else alone
            raise TransportError(
                FailureKind.DEADLINE, f"no whole answer within {self._allowed:.3g} s ({came})"
            ) from None
        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            self.broken()
        if isinstance(error, ssl.SSLError) and not self.received:
            raise TransportError(FailureKind.TLS, f"TLS broke off: {error.reason or 'no reason given'}") from None
        self.broken("reset" if isinstance(error, ConnectionError) else f"lost ({error.strerror or 'no reason given'})")

    def _refused(self, error: BaseException) -> NoReturn:
        cause = error.__cause__ or error
        if isinstance(cause, TimeoutError):
            why = f"not within {self.timeout:g} s"
        elif isinstance(cause, ssl.SSLCertVerificationError):
            why = f"its certificate is not trusted: {cause.verify_message}"
        else:
            why = getattr(cause, "reason", None) or getattr(cause, "strerror", None) or str(cause)
            why = "it does not speak TLS" if why == "WRONG_VERSION_NUMBER" else why
        kind = FailureKind.TLS if isinstance(self, HTTPSConnection) and self.sock else FailureKind.UNREACHABLE
        to = f"{'proxy ' if self.proxy else ''}{self.host}:{self.port}"
        raise TransportError(kind, f"no connection to {to}: {why}") from None


class TlsConnection(Connection, HTTPSConnection):
    """The same over TLS."""


class Pool(HTTPConnectionPool):
    """Connections to a target, or to a proxy that forwards."""

    ConnectionCls = Connection

    @contextlib.contextmanager
    def lend(self) -> Iterator[Connection]:
        """A connection, kept or still to be opened; the pool gets it back if it is open then."""
        connection = self._get_conn()
        assert isinstance(connection, Connection)  # noqa: S101 - of the class above
        try:
            yield connection
        finally:
            self._put_conn(None if connection.is_closed else connection)

    def idle(self) -> list[Connection]:
        """The open connections that are not lent."""
        kept = list(self.pool.queue) if self.pool else []
        return [each for each in kept if isinstance(each, Connection) and not each.is_closed]

    def open(self, connection: Connection, tunnel: bool) -> None:
        """Connect, through a tunnel where a proxy does not forward."""
        if tunnel:
            self._prepare_proxy(connection)
        else:
            connection.connect()


class TlsPool(Pool, HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = TlsConnection


def tls_context(ca_bundle: Path | None, client_cert: Path | None) -> ssl.SSLContext:
    """TLS with the authorities of the bundle (else those that requests has), and a client certificate, if given.

    Raises:
        UsageProblem: a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_verify_locations(cafile=ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    except OSError as error:
        raise UsageProblem(f"the CA bundle cannot be used: {error.strerror or error}") from None
    if client_cert:
        try:
            # The empty password keeps OpenSSL from asking for one at the terminal.
            context.load_cert_chain(client_cert, password="")
        except OSError as error:
            raise UsageProblem(f"the client certificate cannot be used: {error.strerror or error}") from None
    return context
