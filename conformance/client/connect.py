"""Opening connections: name, proxy, TLS. Settings of the environment (proxies, authorities, netrc) are not used."""

from __future__ import annotations

import contextlib
import queue
import ssl
import threading
import time
from typing import NoReturn
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError
from urllib3.util import parse_url

from ..auth.authorization import proxy_credentials
from ..auth.redaction import Secret
from ..model import FailureKind
from .connection import Connection, TransportError
from .settings import Settings, tls_context

CONNECT_LIMIT = 10.0
"""Seconds to open a connection; the deadline, if that is shorter."""

_Connection = HTTPConnection | HTTPSConnection


class Connector:
    """Opens connections to one target."""

    def __init__(self, settings: Settings) -> None:
        self._target = urlsplit(settings.base_url)
        self._proxy = urlsplit(settings.proxy) if settings.proxy else None
        self._tls = self._target.scheme == "https"
        self._context = (
            tls_context(settings.ca_bundle, settings.client_cert)
            if self._tls or (self._proxy and self._proxy.scheme == "https")
            else None
        )
        first = self._proxy or self._target
        self._host = parse_url(settings.proxy or settings.base_url).host or ""
        self._port = first.port or (443 if first.scheme == "https" else 80)
        basic = proxy_credentials(settings.proxy)
        self._tunnel_headers = {"Proxy-Authorization": Secret(f"Basic {basic}")} if basic else {}

    def open(self, due: float) -> Connection:
        """A fresh connection within the time limit; else TransportError of kind UNREACHABLE or TLS.

        A name lookup cannot be interrupted, so it runs in a thread of its own, which may be abandoned.
        """
        connection = self._connection(min(CONNECT_LIMIT, max(0.001, due - time.monotonic())))
        outcome: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        left_behind = threading.Event()

        def connect() -> None:
            error: BaseException | None = None
            try:
                connection.connect()
            except BaseException as caught:  # noqa: BLE001 - raised by the thread that waits
                error = caught
            outcome.put(error)
            if left_behind.is_set():
                connection.close()

        threading.Thread(target=connect, daemon=True, name="photo-conformance-connect").start()
        limit = float(connection.timeout or CONNECT_LIMIT)
        try:
            error = outcome.get(timeout=limit)
        except queue.Empty:
            left_behind.set()
            error = TimeoutError()
        if error is not None:
            stage_tls = self._tls and connection.sock is not None
            with contextlib.suppress(OSError):
                connection.close()
            self._refuse(error, stage_tls, limit)
        return Connection(connection.sock)

    def _connection(self, timeout: float) -> _Connection:
        proxy_url = parse_url(self._proxy.geturl()) if self._proxy else None
        if self._context is None:
            return HTTPConnection(self._host, self._port, timeout=timeout, proxy=proxy_url)
        connection = HTTPSConnection(
            self._host,
            self._port,
            timeout=timeout,
            ssl_context=self._context,
            proxy=proxy_url,
            proxy_config=ProxyConfig(self._context, False, None, None) if proxy_url else None,
        )
        if self._proxy and self._tls:
            host = parse_url(self._target.geturl()).host or ""
            connection.set_tunnel(host, self._target.port or 443, self._tunnel_headers, scheme=self._proxy.scheme)
        return connection

    def _refuse(self, error: BaseException, stage_tls: bool, limit: float) -> NoReturn:
        kind = FailureKind.TLS if stage_tls else FailureKind.UNREACHABLE
        to = f"proxy {self._host}:{self._port}" if self._proxy else f"{self._host}:{self._port}"
        late = isinstance(error, TimeoutError | ConnectTimeoutError) and not isinstance(error, NewConnectionError)
        if late:
            raise TransportError(kind, f"no connection to {to} within {limit:g} s") from None
        if isinstance(error, NameResolutionError):
            raise TransportError(FailureKind.UNREACHABLE, f"name not found: {self._host}") from None
        if isinstance(error, ssl.SSLCertVerificationError):
            raise TransportError(FailureKind.TLS, f"certificate of {to} not trusted: {error.verify_message}") from None
        if isinstance(error, ssl.SSLError):
            raise TransportError(FailureKind.TLS, f"no TLS with {to}: {error.reason or 'broken off'}") from None
        cause = error.__cause__ if isinstance(error, HTTPError) else error
        why = (cause.strerror if isinstance(cause, OSError) else None) or str(cause)
        raise TransportError(kind, f"no connection to {to}: {why}") from None
