"""The library Office365-REST-Python-Client against the reference server."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import spec
from conformance.reference.default_tenant import ADELE, CLIENTS, GROUPS
from conformance.reference.embedding import Running
from tests.interop.conftest import Asked
from tests.interop.owners import FILED, LOOSE, known, one

pytest.importorskip("office365", reason="Office365-REST-Python-Client is not installed")

GRAPH = "https://graph.microsoft.com/v1.0"


def client(running: Running, token: str) -> Any:
    """A client with a fixed token; the hook before each request leads it to the reference server."""
    from office365.graph_client import GraphClient

    graph = GraphClient(lambda: {"token_type": "Bearer", "access_token": running.tokens[token]})

    def elsewhere(request: Any) -> None:
        request.url = request.url.replace(GRAPH, running.base_url)

    graph.pending_request().beforeExecute += elsewhere
    return graph


def test_the_library_reads_metadata_of_all_seven_owners(running: Running, asked: Asked) -> None:
    """Its objects for users, groups, contacts and folders have a photo whose width and height are those we know."""
    graph = client(running, "ADELE_TOKEN")
    roots = [graph.me, graph.users[ADELE.id], graph.users.get_by_principal_name(ADELE.upn)]
    owners = [(root, ADELE.photo) for root in roots] + [(graph.groups[GROUPS[0].id], GROUPS[0].photo)]
    for root in roots:
        owners.append((root.contacts[one(LOOSE.id)], LOOSE.photo))
        owners.append((root.contact_folders[one(CLIENTS)].contacts[one(FILED.id)], FILED.photo))
    read = [(owner.photo.get().execute_query(), photo) for owner, photo in owners]

    assert [(got.width, got.height) for got, _ in read] == [(photo.width, photo.height) for _, photo in read if photo]
    assert {operation.variant for operation in asked()} == {operation.variant for operation in spec.load().operations}


def test_the_library_reads_the_bytes_by_its_direct_request(running: Running, asked: Asked) -> None:
    """It has no method for the bytes of a photo; what it has for any path answers them for all seven owners."""
    graph = client(running, "ADELE_TOKEN")
    bodies = [graph.execute_request_direct(f"{owner.path}/photo/$value"[1:]).content for owner in known()]

    assert bodies == [owner.photo.data for owner in known()]
    assert len(asked()) == 7


def test_the_library_reports_a_missing_photo(running: Running) -> None:
    """Without a photo it reads the placeholder, and raises its own error for the bytes."""
    from office365.runtime.client_request_exception import ClientRequestException

    graph = client(running, "MEGAN_TOKEN")
    metadata = graph.me.photo.get().execute_query()
    with pytest.raises(ClientRequestException) as caught:
        graph.execute_request_direct("me/photo/$value")

    assert (metadata.width, metadata.height) == (1, 1)
    assert caught.value.response is not None
    assert caught.value.response.status_code == 404
