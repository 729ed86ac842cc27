"""Microsoft's own client library against the reference server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from conformance import spec
from conformance.model import Form
from conformance.reference.default_tenant import ADELE, CLIENTS, GROUPS
from conformance.reference.embedding import Running

T = TypeVar("T")

pytest.importorskip("msgraph", reason="msgraph-sdk is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the library's own


@asynccontextmanager
async def client(running: Running, token: str) -> AsyncIterator[Any]:
    """A client of the library with a fixed token, its base URL the reference server's.

    Its connections are closed with the block. The library closes none, not even when its client is closed: the garbage
    collector would, in whose time some other test is blamed for them.
    """
    import httpx
    from kiota_abstractions.authentication import AuthenticationProvider
    from msgraph.graph_request_adapter import GraphRequestAdapter, options
    from msgraph.graph_service_client import GraphServiceClient
    from msgraph_core import GraphClientFactory

    class FixedToken(AuthenticationProvider):  # type: ignore[misc]  # mypy does not read the library, see pyproject
        async def authenticate_request(self, request: Any, additional_authentication_context: Any = None) -> None:
            request.headers.add("Authorization", f"Bearer {running.tokens[token]}")

    async with httpx.AsyncHTTPTransport() as transport:
        connections = httpx.AsyncClient(transport=transport)
        adapter = GraphRequestAdapter(
            FixedToken(), GraphClientFactory.create_with_default_middleware(client=connections, options=options)
        )
        adapter.base_url = running.base_url
        graph = GraphServiceClient(request_adapter=adapter)
        graph.path_parameters["baseurl"] = running.base_url
        yield graph


async def asked(running: Running, token: str, read: Callable[[Any], Awaitable[T]]) -> T:
    """What `read` makes of a client."""
    async with client(running, token) as graph:
        return await read(graph)


def test_the_library_reads_metadata_and_picture_of_all_14_operations(running: Running) -> None:
    """Each of the seven owners answers the library metadata and bytes, and each operation was asked."""
    loose = ADELE.contacts[0]
    filed = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS)
    log = running.log
    assert log is not None
    before = len(log.read_text("ascii").splitlines())

    async def read(graph: Any) -> list[tuple[Any, bytes, Any]]:
        user = graph.users.by_user_id(ADELE.upn)
        owners: list[tuple[Any, Any]] = [
            (graph.me, ADELE),
            (user, ADELE),
            (graph.groups.by_group_id(GROUPS[0].id), GROUPS[0]),
        ]
        for root in (graph.me, user):
            owners.append((root.contacts.by_contact_id(loose.id), loose))
            folder = root.contact_folders.by_contact_folder_id(CLIENTS)
            owners.append((folder.contacts.by_contact_id(filed.id), filed))
        return [(await owner.photo.get(), await owner.photo.content.get(), known.photo) for owner, known in owners]

    for metadata, picture, photo in asyncio.run(asked(running, "ADELE_TOKEN", read)):
        assert (photo.width, photo.height, photo.data) == (metadata.width, metadata.height, picture)
    targets = [line.split()[1].removeprefix("/v1.0") for line in log.read_text("ascii").splitlines()[before:]]
    found = {match.operation for match in map(spec.load().match, targets) if match}
    assert set(spec.load().operations) == found
    assert sum(operation.form is Form.PHOTO for operation in found) == 7


def test_the_library_reports_a_missing_photo_as_its_own_error(running: Running) -> None:
    """Without a photo the library gives the placeholder's metadata, and for the bytes the service's error."""
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    async def read(graph: Any) -> tuple[Any, Any]:
        metadata = await graph.me.photo.get()
        with pytest.raises(ODataError) as caught:
            await graph.me.photo.content.get()
        return metadata, caught.value

    metadata, error = asyncio.run(asked(running, "MEGAN_TOKEN", read))
    assert (metadata.id, metadata.width) == ("1X1", 1)
    assert (error.response_status_code, error.error.code) == (404, "ImageNotFound")
