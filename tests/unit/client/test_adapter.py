"""What the recorder makes of a target that misbehaves, and how long it takes."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conformance.model import FailureKind
from tests.e2e.hostile.server import BEHAVIOURS, SCRIPT, answer, good, sends, serve
from tests.unit.client.asking import ask, probe

ROOT = Path(__file__).parents[3]

FAILING = {
    "silent": FailureKind.DEADLINE,
    "closes": FailureKind.RESET,
    "resets": FailureKind.RESET,
    "resets-in-body": FailureKind.CUT_SHORT,
    "closes-in-header": FailureKind.CUT_SHORT,
    "no-http": FailureKind.MALFORMED,
    "http-0.9": FailureKind.MALFORMED,
    "no-status": FailureKind.MALFORMED,
    "bad-header-line": FailureKind.MALFORMED,
    "nul-in-header": FailureKind.MALFORMED,
    "cut-short": FailureKind.CUT_SHORT,
    "length-too-small": FailureKind.MALFORMED,
    "length-no-number": FailureKind.MALFORMED,
    "length-twice": FailureKind.MALFORMED,
    "length-huge": FailureKind.TOO_LARGE,
    "bad-chunk-size": FailureKind.MALFORMED,
    "chunk-too-long": FailureKind.MALFORMED,
    "chunks-cut-short": FailureKind.CUT_SHORT,
    "no-last-chunk": FailureKind.CUT_SHORT,
    "bad-gzip": FailureKind.BAD_ENCODING,
    "cut-gzip": FailureKind.BAD_ENCODING,
    "gzip-bomb": FailureKind.TOO_LARGE,
    "endless-body": FailureKind.TOO_LARGE,
    "endless-header": FailureKind.TOO_LARGE,
    "drips-body": FailureKind.DEADLINE,
    "drips-header": FailureKind.DEADLINE,
    "drips-status": FailureKind.MALFORMED,
    "endless-interim": FailureKind.MALFORMED,
    "5000-headers": FailureKind.TOO_LARGE,
    "1-mib-header": FailureKind.TOO_LARGE,
    "429-tomorrow": FailureKind.THROTTLED,
}
ANSWERING = {
    "deep-json": 200,
    "huge-number": 200,
    "duplicate-keys": 200,
    "broken-utf-8": 200,
    "lone-surrogates": 200,
    "image-bomb": 200,
    "distinct-3-mib": 200,
    "distinct-json": 200,
    "distinct-small-json": 200,
    "redirect-loop": 302,
    "redirect-elsewhere": 302,
    "503-untold": 503,
    "scripts": 200,
    "echoes-token": 401,
}
WAITING = {"429-soon", "429-at-once", "429-untold", "503-soon"}


def test_every_behaviour_of_the_hostile_server_is_tried() -> None:
    """No way to misbehave is left out of these tests."""
    assert {*FAILING, *ANSWERING, *WAITING} == set(BEHAVIOURS)


@pytest.mark.parametrize("behaviour", FAILING)
def test_a_broken_answer_is_recorded_as_its_kind_of_failure(behaviour: str) -> None:
    """What is no whole answer becomes a failure of one line, soon after the deadline at the latest."""
    began = time.monotonic()
    with serve(behaviour) as hostile:
        (exchange,) = ask(hostile.url, deadline=2.0 if "bomb" in behaviour or "endless" in behaviour else 0.7)
    assert exchange.failure is not None
    assert exchange.failure.kind is FAILING[behaviour]
    assert exchange.answer is None
    assert "\n" not in exchange.failure.detail
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("behaviour", ANSWERING)
def test_an_odd_answer_is_an_answer(behaviour: str) -> None:
    """What is whole HTTP is left to the requirements, and redirects are not followed."""
    with serve(behaviour) as hostile:
        (exchange,) = ask(hostile.url, deadline=2.0)
        assert exchange.answer is not None
        assert exchange.answer.status == ANSWERING[behaviour]
        assert len(hostile.requests) == 1


def test_bytes_of_an_answer_arrive_as_they_were_sent() -> None:
    """Order, case and repetition of header fields are kept, and the reason."""
    with serve("scripts") as hostile:
        (exchange,) = ask(hostile.url)
    assert exchange.answer is not None
    assert exchange.answer.reason == SCRIPT
    assert ("X-Evil", SCRIPT) in exchange.answer.headers


def test_a_header_line_made_to_be_read_slowly_is_read_at_once() -> None:
    """Blanks up to the cap and then a NUL: a reader that tries every way to split them takes minutes for that."""
    began = time.monotonic()
    with serve(sends(b"HTTP/1.1 200 OK\r\nX:" + b" " * 250_000 + b"\0\r\n\r\n")) as hostile:
        (exchange,) = ask(hostile.url, deadline=2)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.MALFORMED
    assert time.monotonic() - began < 2


def test_the_answer_to_head_has_no_body() -> None:
    """A probe that asks `head` sends HEAD and does not wait for the bytes that Content-Length tells."""
    with serve(sends(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")) as hostile:
        (exchange,) = ask(hostile.url, probe(request_kind="head"), deadline=2)
        assert hostile.requests[0].startswith(b"HEAD /me/photo ")
    assert exchange.answer is not None
    assert exchange.answer.body == b""


def test_connections_are_kept() -> None:
    """A hundred requests of one thread go over one connection."""
    peers = set()

    def otherwise(request: bytes) -> bytes:
        peers.add(id(request))
        return good(request)

    with serve("closes", only=lambda _: False, otherwise=otherwise) as hostile:
        exchanges = ask(hostile.url, *(probe(f"/users/{n}/photo") for n in range(100)), concurrency=1)
        assert len(hostile._open) == 1
    assert all(exchange.answer for exchange in exchanges)


def test_a_kept_connection_that_the_server_closed_is_no_failure() -> None:
    """A request that finds its connection closed is sent once more on a fresh one."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def serve_one_each() -> None:
        for last in (False, True, True):
            connection, _ = listener.accept()
            seen.append(connection.recv(65536))
            connection.sendall(answer("200 OK"))
            if not last:
                seen.append(connection.recv(65536))  # the second request: closed without a word
            connection.close()

    threading.Thread(target=serve_one_each, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    exchanges = ask(url, probe("/a"), probe("/b"), probe("/c"), concurrency=1, deadline=2)
    listener.close()
    assert [exchange.failure for exchange in exchanges] == [None, None, None]
    assert [request.split()[1] for request in seen] == [b"/a", b"/b", b"/b", b"/c"]


BOMB = """
import resource, sys
from tests.unit.client.asking import ask, probe
ask(sys.argv[2], deadline=5)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
exchange = ask(sys.argv[1], deadline=20)[0]
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(exchange.failure.kind, after - before)
"""


@pytest.mark.parametrize("behaviour", ["gzip-bomb", "endless-body", "endless-header"])
def test_a_bomb_costs_no_more_memory_than_a_large_body(behaviour: str) -> None:
    """1 GiB of zeros as gzip, and bodies and headers without end, cost less than 24 MiB."""
    with serve(behaviour) as hostile, serve("closes", only=lambda _: False) as harmless:
        command = [sys.executable, "-c", BOMB, hostile.url, harmless.url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    kind, kibibytes = done.stdout.split()
    assert kind == FailureKind.TOO_LARGE
    assert int(kibibytes) < 24 * 1024
