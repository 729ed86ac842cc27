"""The one requests session that sends all requests, and its transport adapter, whose connections are read by us."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from ..auth.authorization import proxy_fields
from ..model import Answer, Failure, FailureKind, Probe
from ..options.config import Config
from .connection import REMEMBERED, Connection, Pool, TlsPool, TransportError, tls_context
from .response_reader import Received, read_response

GRACE = 1.0
"""Seconds that a request under way has beyond the time of the run."""
MOST_LATE = 3
"""Missed deadlines on kept connections that are confirmed on a fresh one."""
NEAR = 20
"""Responses before a response that broke off on a kept connection, to which what came of it may belong."""
LINGER = 0.1
"""Seconds to wait for bytes after the end of a response, where some are suspected."""
MOST_LINGERING = 10.0
"""Seconds of such waiting in a run, and in each search for what is to blame; then no more."""


class HttpClient(requests.Session):
    """A session with one adapter and no other; usable from several threads."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.adapter = Adapter(config)
        self.trust_env = False
        self.headers.clear()
        self.adapters.clear()
        self.mount(config.origin, self.adapter)

    def fetch(self, request: PreparedRequest, probe: Probe | None = None) -> Answer | Failure:
        """The response as received within the deadline, or how it failed: no behaviour of the target is raised."""
        try:
            response = self.send(request, allow_redirects=False, proxies={}, probe=probe)
        except TransportError as error:
            return error.failure
        raw = response.raw
        assert isinstance(raw, Received)  # noqa: S101 - our own adapter made it
        return Answer(raw.status, raw.fields, response.content, raw.reason, raw.version, raw.unread)

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Response]:
        """None: a redirect is a response. Without this, requests reads Location even where it does not follow it."""
        return iter(())


class Adapter(HTTPAdapter):
    """Connections to one target; usable from several threads.

    Deadline, limits, proxy and authorities are those of the options: the arguments of requests (timeout, verify, cert,
    proxies, stream) are ignored.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(pool_maxsize=config.concurrency)
        self._config = config
        self._under_way: set[Connection] = set()
        self._aborted = False
        self.lingered = 0.0
        """Seconds of waiting for bytes after the end of a response."""
        self._until = time.monotonic() + config.max_time + GRACE
        self._late = 0
        """Missed deadlines that a second request confirmed."""
        self.alone = False
        """Whether each request has a connection of its own, which is read beyond the end of the response."""
        self.suspects: dict[str, Probe] = {}
        """Probes by key whose response may be another's, or may have been followed by bytes that were read as one."""
        self.unconfirmed: dict[str, str] = {}
        """How probes, by key, failed on a kept connection, and not on a fresh one."""
        tls = {}
        if "https:" in f"{config.base_url} {config.http_proxy}" or config.ca_bundle or config.client_cert:
            tls["ssl_context"] = tls_context(config.ca_bundle, config.client_cert)
        if config.http_proxy:
            manager = self.proxy_manager_for(config.http_proxy, proxy_ssl_context=tls.get("ssl_context"), **tls)
        else:
            manager = self.poolmanager
            manager.connection_pool_kw.update(tls)
        manager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}
        self._pool: Pool = manager.connection_from_url(config.origin)

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """The password for a tunnel, which prints as a mask."""
        return dict(proxy_fields(proxy))

    def send(self, request: PreparedRequest, *_: object, probe: Probe | None = None, **__: object) -> Response:
        """The complete response, its `raw` a `Received`; TransportError where it is not received within the deadline.

        A server may close an idle connection at any time (RFC 9112 9.3.1), with a 408 or without: a request on a kept
        connection that is closed before any byte of its response is sent again on a fresh one. So is one that fails in
        another way there: what came may belong to an earlier response, which is suspected where the fresh one is whole.
        """
        with self._pool.lend() as connection:
            if self.alone:
                connection.close()
            kept = not connection.is_closed
            self._look_behind(connection)
            earlier = list(connection.asked) if kept else []
            try:
                response = self._over(connection, request, probe)
            except TransportError as error:
                kind = error.failure.kind
                hopeless = kind is FailureKind.DEADLINE and self._late >= MOST_LATE  # those cost most
                if not kept or hopeless or kind is FailureKind.OUT_OF_TIME:
                    raise
                came = connection.received  # bytes that may belong to another response
                response = self._again(connection, request, probe, error.failure)
                if came and probe:
                    self.unconfirmed[probe.key] = error.failure.detail
                    self._suspect([*(earlier if kind is FailureKind.MALFORMED else earlier[-NEAR:]), probe])
                return response
            if not kept or response.status_code != HTTPStatus.REQUEST_TIMEOUT:
                return response
            connection.close()
            return self._over(connection, request, probe)

    def _again(self, connection: Connection, request: PreparedRequest, probe: Probe | None, first: Failure) -> Response:
        """The response on a fresh connection; a missed deadline that is not missed again is no response to evaluate."""
        late, silent = first.kind is FailureKind.DEADLINE, not connection.received
        try:
            response = self._over(connection, request, probe)
        except TransportError as error:
            self._late += error.failure.kind is FailureKind.DEADLINE
            raise
        if late and silent:
            raise TransportError(FailureKind.FLAKY, f"{first.detail} on a kept connection; a fresh one had it")
        return response

    def settle(self, seconds: float) -> None:
        """Wait for responses that were not asked for, on connections that are not in use."""
        until = time.monotonic() + seconds
        for connection in self._pool.idle():
            if not connection.quiet(max(0.0, until - time.monotonic())):
                self._look_behind(connection)
                connection.close()

    def close(self) -> None:
        """Close the connections now: urllib3 leaves them open for as long as anything refers to their pool."""
        super().close()
        self._pool.close()

    def abort(self) -> None:
        """Abort all requests in progress, from another thread."""
        self._aborted = True
        for connection in list(self._under_way):
            connection.abort()

    def _look_behind(self, connection: Connection) -> None:
        """Suspect all that came over a connection on which bytes are unread that were not asked for."""
        if connection.left_over():
            self._suspect(connection.asked)

    def _suspect(self, probes: Iterable[Probe]) -> None:
        self.suspects.update((probe.key, probe) for probe in probes)

    def _over(self, connection: Connection, request: PreparedRequest, probe: Probe | None) -> Response:
        keep, kept = False, not connection.is_closed
        self._under_way.add(connection)
        try:
            connection.begin(probe, min(time.monotonic() + self._config.deadline, self._until))
            if connection.is_closed:
                self._pool.open(connection, tunnel=bool(self._config.http_proxy) and not self._config.forwarded)
            if self._aborted:
                connection.abort()
            connection.send_all(self._head(request))
            received = read_response(connection, request.method == "HEAD")
            if received.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and self._config.forwarded:
                raise TransportError(FailureKind.UNREACHABLE, "the proxy wants a name and a password of its own (407)")
            ends = not received.persists or len(connection.asked) == REMEMBERED
            suspicious = self.alone or (kept and ends)
            linger, began = LINGER if suspicious and self.lingered < MOST_LINGERING else 0.0, time.monotonic()
            keep = connection.quiet(linger) and not ends
            self.lingered += time.monotonic() - began
            if received.has_end and connection.unread.strip(b"\r\n"):
                raise TransportError(FailureKind.MALFORMED, "bytes behind the announced end")
            received.decode()
            return _response(request, received)
        except TransportError:
            if time.monotonic() < self._until:
                raise
            raise TransportError(FailureKind.OUT_OF_TIME, "cut off at the end of --max-time") from None
        finally:
            self._under_way.discard(connection)
            if not keep:
                connection.close()

    def _head(self, request: PreparedRequest) -> memoryview:
        """What is sent, not shown in a traceback; its target is the URL byte for byte, absolute if a proxy forwards."""
        url = request.url or ""
        target = url if self._config.forwarded else url.removeprefix(self._config.origin)
        fields = (f"{name}: {value!s}" for name, value in request.headers.items())
        lines = [f"{request.method} {target} HTTP/1.1", *fields, "", ""]
        return memoryview("\r\n".join(lines).encode("latin-1", "replace"))


def _response(request: PreparedRequest, received: Received) -> Response:
    response = Response()
    response.request, response.url, response.raw = request, request.url or "", received
    response.status_code, response.reason = received.status, received.reason
    for name, value in received.fields:  # holds one value for each name; `raw` has the fields as received
        earlier = response.headers.get(name)
        response.headers[name] = value if earlier is None else f"{earlier}, {value}"
    return response
