"""The one requests session that sends all requests."""

from __future__ import annotations

import requests
from requests import PreparedRequest, Response

from ..model import Answer, Failure
from .adapter import Adapter, Received
from .connection import TransportError
from .settings import Settings


class HttpClient:
    """Sends requests; usable from several threads. Any behaviour of the target is returned as a value, never raised."""

    def __init__(self, settings: Settings) -> None:
        self._adapter = Adapter(settings)
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.adapters.clear()  # no other adapter
        self._session.mount(settings.origin, self._adapter)

    def send(self, request: PreparedRequest) -> Answer | Failure:
        """The response as received within the deadline, or how it failed."""
        try:
            response = self._session.send(request, allow_redirects=False, proxies={})
        except TransportError as error:
            return error.failure
        raw = response.raw
        assert isinstance(raw, Received)  # noqa: S101 - our own adapter made it
        head = raw.head
        return Answer(response.status_code, head.headers, response.content, response.reason, head.version, raw.unread)

    @property
    def suspects(self) -> set[str]:
        """URLs whose responses may be longer than they say."""
        return self._adapter.suspects

    def confirm(self, request: PreparedRequest) -> Failure | None:
        """The failure of the response on a connection of its own that is read beyond its end; None: it is correct."""
        try:
            self._adapter.confirm(request)
        except TransportError as error:
            return error.failure
        return None

    def abort(self) -> None:
        """Abort all requests in progress, from another thread."""
        self._adapter.abort()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


class _Session(requests.Session):
    def get_redirect_target(self, resp: Response) -> None:
        """A redirect is a response. Without this, requests reads Location even where it does not follow it."""
