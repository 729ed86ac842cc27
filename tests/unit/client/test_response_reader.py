"""What of the bytes of a response is accepted, and what breaks H1 (docs/decisions/0005)."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest

from conformance.auth.redaction import Redactor
from conformance.client.http_client import Adapter
from conformance.client.outgoing_request import RequestBuilder
from conformance.model import FailureKind
from conformance.options.config import Config
from tests.e2e.hostile.server import Behaviour, answer, drips, sends, serve
from tests.unit.client.asking import TOKENS, ask, probe

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: 2\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ACCEPTED = {
    "a body to the end of the connection": b"HTTP/1.0 200 OK\r\n\r\nok",
    "no reason": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\nok",
    "an interim answer": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + LENGTH + b"\r\nok",
    "a coding that is not decoded": OK + b"Content-Encoding: br\r\n" + LENGTH + b"\r\nok",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "some bare line feeds": OK + b"X: a\nContent-Length: 2\n\r\nok",
    "a folded line": OK + b"X: a\r\n  b\r\n\tc\r\n" + LENGTH + b"\r\nok",
    "a folded line of blanks": OK + b"X:\r\n \r\n" + LENGTH + b"\r\nok",
    "a folded Content-Length": OK + b"Content-Length:\r\n 2\r\n\r\nok",
    "zeros before the length": OK + b"Content-Length: 0002 \t\r\n\r\nok",
    "more zeros than Python reads": OK + b"Content-Length: " + b"0" * 5000 + b"2\r\n\r\nok",
    "length and chunks": OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "chunks and length": OK + b"Transfer-Encoding: chunked\r\n" + LENGTH + b"\r\n2\r\nok\r\n0\r\n\r\n",
    "blanks behind chunked": OK + b"transfer-encoding:\tChunked \t\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "blanks behind a chunk size": CHUNKED + b"1 \t\r\no\r\n1 ;a\r\nk\r\n0 \r\n\r\n",
    "chunk extensions": CHUNKED + b'1;a="b; c"\r\no\r\n01;d\r\nk\r\n00\r\n\r\n',
    "trailer fields": CHUNKED + b"2\r\nok\r\n0\r\nContent-Length: 7\r\nX: y\r\n\r\n",
    "a later minor version": b"HTTP/1.7 200 OK\r\n" + LENGTH + b"\r\nok",
    "a control character in a field": OK + b"X: a\x01\r\n" + LENGTH + b"\r\nok",
    "an interim answer with a length": b"HTTP/1.1 103 E\r\nContent-Length: 9\r\n\r\n" + OK + LENGTH + b"\r\nok",
    "an upgrade offered": OK + b"Connection: upgrade\r\nUpgrade: h2c\r\n" + LENGTH + b"\r\nok",
    "an empty line behind the body": OK + LENGTH + b"\r\nok\r\n",
    "chunks in HTTP/1.0": CHUNKED.replace(b"1.1", b"1.0") + b"2\r\nok\r\n0\r\n\r\n",
}
STATUSES = (b"000", b"099", b"600", b"999", b"20", b"2000")
VERSIONS = (b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.10", b"http/1.1")
REFUSED = {
    **{f"status {status!r}": b"HTTP/1.1 %s OK\r\n%s\r\nok" % (status, LENGTH) for status in STATUSES},
    **{f"version {version!r}": b"%s 200 OK\r\n%s\r\nok" % (version, LENGTH) for version in VERSIONS},
    "an empty line before the response": b"\r\n" + OK + LENGTH + b"\r\nok",
    "an empty line after an interim answer": b"HTTP/1.1 100 C\r\n\r\n\r\n" + OK + LENGTH + b"\r\nok",
    "another protocol": b"RTSP/1.0 200 OK\r\n" + LENGTH + b"\r\nok",
    "101": b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    "no status after an interim answer": b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 099 OK\r\n" + LENGTH + b"\r\nok",
    "NUL in the reason": b"HTTP/1.1 200 O\0K\r\n" + LENGTH + b"\r\nok",
    "a bare CR in the reason": b"HTTP/1.1 200 O\rK\r\n" + LENGTH + b"\r\nok",
    "a blank before the first field": OK + b" X: a\r\n" + LENGTH + b"\r\nok",
    "a blank behind a name": OK + b"X : a\r\n" + LENGTH + b"\r\nok",
    "a blank behind a name that frames": OK + b"Content-Length : 2\r\n\r\nok",
    "a blank in a name": OK + b"Upgrade now: a\r\n" + LENGTH + b"\r\nok",
    "no name": OK + b": a\r\n" + LENGTH + b"\r\nok",
    "NUL in a field": OK + b"X: a\0\r\n" + LENGTH + b"\r\nok",
    "a bare CR in a field": OK + b"X: a\rb\r\n" + LENGTH + b"\r\nok",
    "a bare CR before a value": OK + b"X:\r a\r\n" + LENGTH + b"\r\nok",
    "a bare CR in place of a value": OK + b"X:\r\r\n" + LENGTH + b"\r\nok",
    "a bare CR in a folded line": OK + b"X:\r\n \r\r\n" + LENGTH + b"\r\nok",
    "a bare CR before CRLF": OK + b"X: a\r\r\n" + LENGTH + b"\r\nok",
    "the same length twice": OK + LENGTH + LENGTH + b"\r\nok",
    "the same length twice in one field": OK + b"Content-Length: 2, 2\r\n\r\nok",
    "a length over two lines": OK + b"Content-Length: 2\r\n 0\r\n\r\nok",
    "an empty length": OK + b"Content-Length: \r\n\r\n",
    "a length with a sign": OK + b"Content-Length: +2\r\n\r\nok",
    "a coding that was not asked for": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "identity": OK + b"Transfer-Encoding: identity\r\n" + LENGTH + b"\r\nok",
    "chunked twice": OK + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n2\r\nok\r\n0\r\n\r\n",
    "chunked over two lines": OK + b"Transfer-Encoding: chunked\r\n \r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "an empty Transfer-Encoding": OK + b"Transfer-Encoding:\r\n" + LENGTH + b"\r\nok",
    "a bare line feed behind a chunk size": CHUNKED + b"2\nok\r\n0\r\n\r\n",
    "bare line feeds behind a chunk size": CHUNKED + b"2\n\nok\r\n0\r\n\r\n",
    "a bare CR behind a chunk size": CHUNKED + b"2\rok\r\n0\r\n\r\n",
    "a blank in a chunk extension": CHUNKED + b"2; a\r\nok\r\n0\r\n\r\n",
    "a chunk without its end": CHUNKED + b"2\r\nok0\r\n\r\n",
    "a chunk size that no number holds": CHUNKED + b"F" * 17 + b"\r\nok",
    "a trailer that is no field": CHUNKED + b"2\r\nok\r\n0\r\nno field\r\n\r\n",
    "a body behind 204": b"HTTP/1.1 204 No\r\n" + LENGTH + b"\r\nok",
    "a response behind the response": (OK + LENGTH + b"\r\nok") * 2,
    "bytes behind Connection: close": OK + b"Connection: close\r\n" + LENGTH + b"\r\nokok",
}


def in_small_pieces(data: bytes) -> Behaviour:
    """Each byte by itself, so that no rule depends on what arrives together."""

    def behave(connection: object, request: bytes) -> None:
        for at in range(len(data)):
            connection.sendall(data[at : at + 1])  # type: ignore[attr-defined]  # a socket

    return behave


@pytest.mark.parametrize("behave", [sends, in_small_pieces])
@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_a_client_may_accept_is_accepted(kind: str, behave: Callable[[bytes], Behaviour]) -> None:
    """The body is the same in each of them."""
    with serve(behave(ACCEPTED[kind])) as target:
        (exchange,) = ask(target.url, deadline=2)
    assert exchange.answer is not None, exchange.failure
    assert exchange.answer.body == b"ok"
    assert all(value == value.strip(" \t") for _, value in exchange.answer.headers)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_no_server_may_send_breaks_h1(kind: str) -> None:
    """It is malformed at once, whatever the client could make of it."""
    with serve(sends(REFUSED[kind])) as target:
        (exchange,) = ask(target.url, deadline=2)
    assert exchange.failure is not None, exchange.answer
    assert exchange.failure.kind is FailureKind.MALFORMED


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_some_responses_have_no_body_whatever_their_fields_say(status: bytes) -> None:
    """Neither a length nor chunks are waited for."""
    fields = b"Content-Length: 500\r\nTransfer-Encoding: chunked\r\n"
    with serve(sends(b"HTTP/1.1 " + status + b"\r\n" + fields + b"\r\n")) as target:
        (exchange,) = ask(target.url, deadline=2)
    assert exchange.answer is not None, exchange.failure
    assert exchange.answer.body == b""


@pytest.mark.parametrize("framing", [LENGTH, b"Transfer-Encoding: chunked\r\n", b""])
@pytest.mark.parametrize("behind", [b"ok", b"2\r\nok\r\n0\r\n\r\n"])
def test_a_body_behind_the_head_that_head_asked_for_breaks_h1(framing: bytes, behind: bytes) -> None:
    """The response to HEAD ends with its head, whatever its fields say."""
    with serve(sends(OK + framing + b"\r\n" + behind)) as target:
        (exchange,) = ask(target.url, probe(request_kind="head"), deadline=2)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.MALFORMED


@pytest.mark.parametrize("drop", [b"X: " + b"a" * 1000 + b"\r\n", b"a" * 1000])
def test_trailer_fields_without_end_are_too_large(drop: bytes) -> None:
    """They are held to the cap of a head."""
    with serve(drips(CHUNKED + b"2\r\nok\r\n0\r\nX: ", drop, 0.0001)) as target:
        (exchange,) = ask(target.url, deadline=5)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE


def test_a_body_is_freed_as_soon_as_no_caller_has_it() -> None:
    """No cycle of the parser and what it fills keeps responses alive until the garbage collector runs."""
    with serve(sends(answer("200 OK", body=b"{}"))) as target:
        adapter = Adapter(Config(base_url=target.url))
        response = adapter.send(
            RequestBuilder(Config(base_url=target.url), TOKENS, Redactor()).request(probe()).prepared
        )
        adapter.close()
    gc.disable()
    try:
        body = weakref.ref(response.raw)
        del response
        assert body() is None
    finally:
        gc.enable()
