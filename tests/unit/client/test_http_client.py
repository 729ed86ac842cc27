"""What requests does, and must not do, between the recorder and the wire."""

from __future__ import annotations

import pytest
from requests import PreparedRequest, RequestException

from conformance.auth.redaction import Redactor
from conformance.client.connection import TransportError
from conformance.client.http_client import Adapter, HttpClient
from conformance.client.outgoing_request import RequestBuilder
from conformance.model import Answer, FailureKind
from conformance.options.config import Config
from tests.e2e.hostile.server import Hostile, answer, sends, serve
from tests.unit.client.asking import TOKEN, TOKENS, ask, probe


def prepared(url: str, target: str = "/me/photo") -> PreparedRequest:
    """A plain request with a good token, as the recorder sends it."""
    return RequestBuilder(Config(base_url=url), TOKENS, Redactor()).request(probe(target)).prepared


def heads(hostile: Hostile) -> list[list[str]]:
    """The lines of every request that came."""
    return [request.decode().split("\r\n") for request in hostile.requests]


def test_header_fields_of_the_answer_come_back_as_they_came() -> None:
    """Order, case and repetition survive, also of the fields that frame the body."""
    fields = [("x-B", "1"), ("CONTENT-length", "2"), ("X-a", "é"), ("X-b", "2")]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    with serve(sends(f"HTTP/1.1 200 Fine by me\r\n{lines}\r\nok".encode("latin-1"))) as hostile:
        (exchange,) = ask(hostile.url)
    assert exchange.answer == Answer(200, tuple(fields), b"ok", "Fine by me")


def test_requests_own_view_of_an_answer_is_whole() -> None:
    """Behind the adapter stands an ordinary Response: repeated fields are joined, the body is decoded."""
    with serve(sends(answer("404 Unknown", "X-A: 1", "x-a: 2", body=b"{}"))) as hostile:
        wire = Adapter(Config(base_url=hostile.url))
        response = wire.send(prepared(hostile.url))
        wire.close()
    assert (response.status_code, response.reason, response.headers["X-A"]) == (404, "Unknown", "1, 2")
    assert response.json() == {}


def test_nothing_but_the_planned_header_goes_out() -> None:
    """Requests adds no header of its own, and ours keep their order."""
    with serve(sends(answer("200 OK"))) as hostile:
        ask(hostile.url)
        names = [line.partition(":")[0] for line in heads(hostile)[0][1:]]
    expected = ["Host", "Authorization", "Accept", "Accept-Encoding", "User-Agent", "client-request-id", "Connection"]
    assert names == expected


def test_a_cookie_is_not_sent_back() -> None:
    """One answer's Set-Cookie does not change the next request."""
    with serve("closes", only=lambda _: False, otherwise=lambda _: answer("200 OK", "Set-Cookie: a=b")) as hostile:
        ask(hostile.url, probe("/a"), probe("/b"), concurrency=1)
        assert len(hostile.requests) == 2
        assert "cookie" not in str(heads(hostile)).lower()


@pytest.mark.parametrize("location", [b"http://[", b"\xff\xfe", b"//a:b@c:99999999/", b"", b"http://" + b"a" * 9000])
def test_a_location_that_is_no_url_is_left_alone(location: bytes) -> None:
    """A redirect is an answer whatever it points to."""
    with serve(sends(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")) as hostile:
        (exchange,) = ask(hostile.url)
    assert exchange.answer is not None
    assert exchange.answer.header("Location") == location.decode("latin-1")


def test_no_other_server_is_contacted() -> None:
    """The session refuses to speak to anybody but the target."""
    http_client = HttpClient(Config(base_url="http://127.0.0.1:9"))
    with serve(sends(answer("200 OK"))) as hostile:
        with pytest.raises(RequestException, match="No connection adapters"):
            http_client.fetch(prepared(hostile.url))
        assert hostile.requests == []


def test_an_error_of_the_adapter_is_one_of_requests_and_holds_no_request() -> None:
    """It carries the failure; neither it nor a frame on its way shows the token."""
    with serve("bad-header-line") as hostile:
        wire = Adapter(Config(base_url=hostile.url))
        with pytest.raises(RequestException) as caught:
            wire.send(prepared(hostile.url))
    error = caught.value
    assert isinstance(error, TransportError)
    assert error.failure.kind is FailureKind.MALFORMED
    assert error.request is None
    assert error.response is None
    assert not any(TOKEN in repr(value) for entry in caught.traceback for value in entry.frame.f_locals.values())


def test_a_failed_connection_comes_without_its_cause() -> None:
    """What urllib3 raised, which knows the connection, is not shown below."""
    wire = Adapter(Config(base_url="http://127.0.0.1:9", deadline=2))
    with pytest.raises(TransportError) as caught:
        wire.send(prepared("http://127.0.0.1:9"))
    assert caught.value.failure.kind is FailureKind.UNREACHABLE
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
