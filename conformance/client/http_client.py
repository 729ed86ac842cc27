"""The one requests session that sends all requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests
from requests import PreparedRequest, Response

from ..model import Answer, Failure, Probe
from ..options.config import Config
from .adapter import Adapter
from .connection import TransportError
from .response_reader import Received


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
