"""The ASGI shell, on the wire and beside it."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from conformance.model import Answer, Place
from conformance.reference.app import App
from conformance.reference.default_tenant import ADELE, CLIENTS, LEE, MEGAN, ZOE, default_tenant
from conformance.reference.embedding import Running
from conformance.reference.responses_sent import ServiceRequest
from conformance.reference.service import Service

Adapter = Callable[..., tuple[http.client.HTTPResponse, bytes]]
ORIGIN = {"Origin": "http://localhost:3000"}
DIRECTORY = default_tenant()
TALL = ADELE.contacts[0]
FILED = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS)
TOKEN = (("authorization", f"Bearer {DIRECTORY.identities[0].token}"),)


def enc(text: str) -> str:
    return quote(text, safe="")


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/me/photo/%24value", ADELE),
        ("/ME/Photo/$VALUE", ADELE),
        (f"/users/{enc(LEE.upn)}/photo/$value", LEE),
        (f"/users/{enc(ZOE.upn)}/photo/$value", ZOE),
        (f"/users('{ADELE.id}')/photo/$value", ADELE),
        (f"/Users/{ADELE.upn}/photo/$value", ADELE),
        (f"/me/contacts/{enc(TALL.id)}/photo/$value", TALL),
        (f"/me/contacts/{TALL.id}/photo/$value", TALL),
        (f"/me/contactFolders/{enc(CLIENTS)}/contacts/{enc(FILED.id)}/photo/$value", FILED),
        (f"/me/contactFolders/{CLIENTS}/contacts/{FILED.id}/photo/$value", FILED),
    ],
)
def test_every_way_to_write_a_path_leads_to_the_same_picture(wire: Adapter, path: str, owner: object) -> None:
    """Encoded or raw, in any case, by key or segment: a path leads to its owner's picture over HTTP."""
    answer, got = wire(path)
    assert (200, getattr(owner, "photo").data) == (answer.status, got)  # noqa: B009


def test_apostrophes_and_plus_signs_are_taken_as_they_stand(wire: Adapter) -> None:
    """A user with an apostrophe and a plus in the name is found raw, encoded, and with the quote doubled in a key."""
    keyed = MEGAN.upn.replace("'", "''")
    for path in (f"/users/{MEGAN.upn}/photo", f"/users/{enc(MEGAN.upn)}/photo", f"/users('{keyed}')/photo"):
        assert json.loads(wire(path)[1])["id"] == "1X1"


def test_pictures_go_out_in_chunks_and_json_with_a_length(wire: Adapter) -> None:
    """A picture has no Content-Length and comes in chunks; JSON has its length."""
    picture, metadata = wire("/me/photo/$value")[0], wire("/me/photo")[0]
    assert (picture.getheader("transfer-encoding"), picture.getheader("content-length")) == ("chunked", None)
    assert metadata.getheader("content-length") is not None


@pytest.mark.parametrize(("accepted", "coded"), [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False)])
def test_json_is_zipped_where_that_is_accepted(wire: Adapter, accepted: str, coded: bool) -> None:
    """JSON is gzip where Accept-Encoding names it with a weight, and pictures never are."""
    answer, got = wire("/me/photo", headers={"Accept-Encoding": accepted})
    assert ("gzip" if coded else None) == answer.getheader("content-encoding")
    assert json.loads(gzip.decompress(got) if coded else got)["id"] == "240X240"
    assert wire("/me/photo/$value", headers={"Accept-Encoding": accepted})[0].getheader("content-encoding") is None


@pytest.mark.parametrize("path", ["/me/photo", "/me/photo/$value"])
def test_head_is_get_without_a_body(wire: Adapter, path: str) -> None:
    """HEAD answers the status and type of GET, and no body."""
    head, got = wire(path, method="HEAD")
    wanted = wire(path)[0]
    assert (head.status, got) == (200, b"")
    assert wanted.getheader("content-type") == head.getheader("content-type")


def test_http_1_0_is_answered_whole_with_a_length(running: Running) -> None:
    """A client of HTTP/1.0 gets the picture with its length and no chunks."""
    base = urlsplit(running.base_url)
    token = running.tokens["ADELE_TOKEN"]
    with socket.create_connection((base.hostname or "", base.port or 0), timeout=10) as connection:
        connection.sendall(
            f"GET {base.path}/me/photo/$value HTTP/1.0\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        with connection.makefile("rb") as file:
            head, _, got = file.read().partition(b"\r\n\r\n")
    assert ADELE.photo is not None
    assert ADELE.photo.data == got
    assert b"chunked" not in head.lower()


@pytest.mark.parametrize("sent", [b"\x00\x01\x02\r\n\r\n", b"GET  HTTP/9.9\r\n\r\n", b"GET /v1.0/me/photo\r\n\r\n"])
def test_junk_on_the_socket_leaves_the_server_well(running: Running, wire: Adapter, sent: bytes) -> None:
    """After a client that speaks no HTTP the server answers the next one."""
    base = urlsplit(running.base_url)
    with socket.create_connection((base.hostname or "", base.port or 0), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert wire("/me/photo")[0].status == 200


def test_answers_name_no_server_software_and_one_date(wire: Adapter) -> None:
    """The transport adds no Server header, and Date stands once."""
    answer = wire("/me/photo")[0]
    assert (answer.getheader("server"), len(answer.headers.get_all("date") or [])) == (None, 1)


def test_a_fault_is_given_its_place_and_how_often_it_was_asked() -> None:
    """A fault sees the place of each request in the contract, counts repeats, and what it returns goes out."""
    places = list[Place]()

    def teapot(place: Place, answer: Answer) -> Answer:
        places.append(place)
        return replace(answer, status=418)

    app = App(Service(DIRECTORY), [teapot])
    request = ServiceRequest("GET", "/v1.0/me/photo?$select=id", TOKEN)
    answers = [app.answer(one) for one in (request, request, replace(request, headers=()))]
    assert [answer.status for answer in answers] == [418, 418, 418]
    assert [place.ask for place in places] == [1, 2, 1]
    assert (places[0].owner, places[0].query) == ("adele", "$select=id")


def test_a_fault_is_not_given_paths_outside_the_contract() -> None:
    """Lists and unknown paths pass by the faults."""

    def broken(place: Place, answer: Answer) -> Answer:
        raise AssertionError(place)

    app = App(Service(DIRECTORY), [broken])
    assert [app.answer(ServiceRequest("GET", f"/v1.0/{path}", TOKEN)).status for path in ("me", "no")] == [200, 404]


def test_the_log_has_a_line_a_request(running: Running, wire: Adapter) -> None:
    """The log names method, raw target and status of each request."""
    wire("/users/unknown%40contoso.example/photo?tag=%C3%AB")
    log = running.log
    assert log is not None
    assert (
        Path(log).read_text("ascii").splitlines()[-1]
        == "GET /v1.0/users/unknown%40contoso.example/photo?tag=%C3%AB 404"
    )


def test_the_log_is_ascii_whatever_is_asked() -> None:
    """A target with other characters is logged escaped, on one line."""
    lines = list[str]()
    App(Service(DIRECTORY), log=lines.append).answer(ServiceRequest("GET", "/v1.0/\xeb", TOKEN))
    assert lines == ["GET /v1.0/\\xeb 404\n"]


def test_a_preflight_is_answered_without_a_token(wire: Adapter) -> None:
    """OPTIONS with the headers that a browser sends gets 204 and may send Authorization."""
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,client-request-id",
    }
    answer, body = wire("/me/photo", headers=ORIGIN | asked, token=None, method="OPTIONS")
    assert (answer.status, body) == (204, b"")
    assert answer.getheader("Access-Control-Allow-Origin") == "*"
    assert answer.getheader("Access-Control-Allow-Headers") == asked["Access-Control-Request-Headers"]
    assert "GET" in (answer.getheader("Access-Control-Allow-Methods") or "")


def test_a_response_may_be_read_by_a_page(wire: Adapter) -> None:
    """Good responses and refusals allow every origin, and show the entity-tag; without an Origin nothing is added."""
    for path, status in (("/me/photo", 200), ("/groups/unknown/photo", 404)):
        answer, body = wire(path, headers=ORIGIN)
        assert (answer.status, answer.getheader("Access-Control-Allow-Origin")) == (status, "*")
        assert "ETag" in (answer.getheader("Access-Control-Expose-Headers") or "")
        assert json.loads(body)
    assert wire("/me/photo")[0].getheader("Access-Control-Allow-Origin") is None


def test_options_of_no_browser_is_not_allowed(wire: Adapter) -> None:
    """OPTIONS without a preflight's headers is a method like others that are not allowed."""
    assert wire("/me/photo", method="OPTIONS")[0].status == 405
