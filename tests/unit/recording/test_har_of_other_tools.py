"""Files of other tools are read as far as they go."""

from __future__ import annotations

import base64
import json

import pytest

from conformance.auth.authorization import echoes
from conformance.model import REDACTED, Answer, FailureKind, Request
from tests.unit.client.asking import TOKEN
from tests.unit.recording.reading import load


def other_tools(response: object, **entry: object) -> str:
    """Another tool's file of one entry."""
    request = {
        "method": "GET",
        "url": "https://graph.example/v1.0/me/photo",
        "headers": [{"name": ":path", "value": "/"}, {"name": "authorization", "value": f"Bearer {TOKEN}"}],
    }
    return json.dumps({"log": {"entries": [{"request": request, "response": response, "comment": "x", **entry}]}})


def test_the_file_of_a_browser_is_read() -> None:
    """Pseudo headers are left out, joined headers taken apart, negative sizes ignored; the request shows no token."""
    response = {
        "status": 200,
        "httpVersion": "h2",
        "headers": [{"name": ":status", "value": "200"}, {"name": "set-cookie", "value": "a=1\nb=2"}],
        "content": {"size": -1, "text": base64.b64encode(f"\0{TOKEN}".encode()).decode(), "encoding": "base64"},
    }
    cassette = load("\ufeff" + other_tools(response, time=12.5, startedDateTime="2026-11-23T10:00:00Z"))
    ((exchange, _),) = cassette.entries
    assert cassette.recorded.exchanges == {}
    assert exchange.request == Request(
        "GET", "https://graph.example/v1.0/me/photo", (("authorization", f"Bearer {REDACTED}"),)
    )
    assert exchange.answer == Answer(
        200, (("set-cookie", "a=1"), ("set-cookie", "b=2")), b"\0" + TOKEN.encode(), version="h2"
    )
    assert ("the body",) == echoes(exchange)
    assert exchange.seconds == 0.0125


@pytest.mark.parametrize(
    ("url", "headers", "whole"),
    [
        ({"raw": "https://graph.example/v1.0/me/photo", "path": ["v1.0"]}, [], "https://graph.example/v1.0/me/photo"),
        ("/v1.0/me/photo", [{"key": "Host", "value": "graph.example"}], "https://graph.example/v1.0/me/photo"),
        ("/me/photo", {":authority": "mock:8080", ":scheme": "http"}, "http://mock:8080/me/photo"),
        ("/me/photo", {"host": "localhost:3000"}, "http://localhost:3000/me/photo"),
    ],
)
def test_the_url_is_put_together_where_a_tool_took_it_apart(url: object, headers: object, whole: str) -> None:
    """Postman's URL is an object; logs of proxies name the host in a header."""
    entry = {"request": {"method": "GET", "url": url, "headers": headers}}
    ((exchange, _),) = load(json.dumps({"log": {"entries": [entry]}})).entries
    assert exchange.request.url == whole


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_file_may_be_in_another_encoding(encoding: str) -> None:
    """PowerShell writes UTF-16 where output is redirected."""
    assert load(other_tools({"status": 404}).encode(encoding)).entries


@pytest.mark.parametrize(
    ("response", "detail"),
    [
        ({"status": 0, "_error": "net::ERR_FAILED"}, "net::ERR_FAILED"),
        ({}, "no response"),
        (None, "no response"),
        ({"status": "nonsense"}, "no response"),
        ({"status": 10**400}, "no response"),
        ({"status": 101, "headers": [{"name": "Upgrade", "value": "websocket"}]}, "no response"),
        ({"status": 200, "content": {"size": 5000}}, "headers were not kept"),
    ],
)
def test_what_a_foreign_file_does_not_hold_is_no_fault_of_the_target(response: object, detail: str) -> None:
    """No answer, or no header of it: a failure that says nothing against the target."""
    ((exchange, _),) = load(other_tools(response)).entries
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.UNREACHABLE
    assert detail in exchange.failure.detail


@pytest.mark.parametrize(
    "response",
    [
        {"status": 500, "content": {"size": 5000, "mimeType": "image/jpeg"}},
        {"status": 500, "headers": [{"name": "Content-Length", "value": "5"}]},
    ],
)
def test_status_and_headers_are_evidence_without_the_body(response: object) -> None:
    """A body that was not kept takes nothing from the status and the headers beside it."""
    ((exchange, _),) = load(other_tools(response)).entries
    assert exchange.answer is not None
    assert (exchange.answer.status, exchange.answer.unread) == (
        500,
        "in the recording: the response's body was not kept",
    )


def test_a_lone_surrogate_in_a_body_does_not_stop_the_reader() -> None:
    """Browsers write them for text that was none."""
    ((exchange, _),) = load(
        other_tools({"status": 200, "content": {"text": "a\ud800", "mimeType": "text/plain"}})
    ).entries
    assert exchange.answer is not None
    assert exchange.answer.body == b"a\xed\xa0\x80"


def test_what_tokens_claim_is_in_the_order_of_the_file() -> None:
    """Whose token comes first decides who is the default caller, in every run alike."""

    def entry(number: int) -> dict[str, object]:
        claims = base64.urlsafe_b64encode(json.dumps({"oid": str(number)}).encode()).decode().rstrip("=")
        headers = [{"name": "Authorization", "value": f"Bearer e30.{claims}.x"}]
        return {"request": {"method": "GET", "url": "https://graph.example/v1.0/me/photo", "headers": headers}}

    cassette = load(json.dumps({"log": {"entries": [entry(number) for number in range(20)]}}))
    assert [own.user_id for own in cassette.claims.values()] == [str(number) for number in range(20)]
