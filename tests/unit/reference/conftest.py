"""A reference service without a socket, and one running server for the tests that need the wire."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from conformance.model import Answer, Place
from conformance.reference.default_tenant import default_tenant
from conformance.reference.embedding import Running, start
from conformance.reference.responses_sent import ServiceRequest, Stamp
from conformance.reference.service import Service
from conformance.reference.serving import Settings

Asked = tuple[Place | None, Answer]
Ask = Callable[..., Asked]
Adapter = Callable[..., tuple[http.client.HTTPResponse, bytes]]


def stamp() -> Stamp:
    return Stamp(datetime(2026, 4, 24, 12, 40, 3, tzinfo=UTC), "5f5f2f0e-8f4e-4f7c-9d55-9c1b0f3a7a10")


@pytest.fixture
def ask() -> Ask:
    """Ask a fresh service: `ask(path, token, method=…, headers=…, edition=…)`; token by variable, or None."""

    def asked(
        path: str,
        token: str | None = "ADELE_TOKEN",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        edition: str = "v1.0-2016",
    ) -> Asked:
        tenant = default_tenant(edition=edition)
        sent = list((headers or {}).items())
        if token is not None:
            sent.append(("Authorization", "Bearer " + {i.env: i.token for i in tenant.identities}[token]))
        service = Service(tenant, edition, "http://127.0.0.1:8080/v1.0", stamp)
        return service.respond(ServiceRequest(method, f"/v1.0{path}", tuple(sent)))

    return asked


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server process for all tests of the session, with a log."""
    with start(Settings(log=tmp_path_factory.mktemp("reference") / "log")) as server:
        yield server


@pytest.fixture
def wire(running: Running) -> Adapter:
    """Ask the running server over HTTP, the path as it stands: `wire(path, token, method=…, headers=…)`."""

    def asked(
        path: str,
        token: str | None = "ADELE_TOKEN",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        base = urlsplit(running.base_url)
        connection = http.client.HTTPConnection(base.netloc, timeout=10)
        authorization = {"Authorization": f"Bearer {running.tokens[token]}"} if token else {}
        try:
            connection.request(method, base.path + path, headers=authorization | dict(headers or {}))
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    return asked
