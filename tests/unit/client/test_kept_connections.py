"""What comes over a kept connection is blamed on the response that it belongs to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from conformance.model import Exchange, FailureKind
from tests.unit.client.asking import ask, probe

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Respond = Callable[[socket.socket, bytes, int], bool]


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """A server that keeps connections; `respond` gets socket, request and its number, and says whether to go on."""
    listener = socket.create_server(("127.0.0.1", 0))
    numbers = iter(range(10_000))

    def talk(connection: socket.socket) -> None:
        with connection:
            while (request := connection.recv(65536)) and respond(connection, request, next(numbers)):
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def kinds(exchanges: list[Exchange]) -> dict[str, FailureKind | None]:
    return {each.request.url.rpartition("/")[2]: each.failure.kind if each.failure else None for each in exchanges}


@pytest.mark.parametrize("pause", [0.0, 0.002, 0.02])
def test_a_body_longer_than_its_length_is_its_own_fault(pause: float) -> None:
    """Whenever the rest comes, the response before it is malformed, and no other."""

    def respond(connection: socket.socket, request: bytes, _: int) -> bool:
        if b"/long" not in request:
            connection.sendall(GOOD)
            return True
        connection.sendall(GOOD)
        time.sleep(pause)
        connection.sendall(b"and more")
        return True

    with serving(respond) as url:
        found = ask(url, *(probe(target) for target in ("/a", "/long", "/b", "/c", "/d")), concurrency=1)

    assert kinds(found) == {"a": None, "long": FailureKind.MALFORMED, "b": None, "c": None, "d": None}


def test_one_reset_on_a_fresh_connection_is_flaky() -> None:
    """The request is sent again, and its complete response makes the exchange inconclusive instead of good or bad."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        if number == 0:
            return False
        connection.sendall(GOOD)
        return True

    with serving(respond) as url:
        found = ask(url, probe("/a"), probe("/b"), concurrency=1)

    assert kinds(found) == {"a": FailureKind.FLAKY, "b": None}


def test_a_reset_that_comes_again_is_a_reset() -> None:
    """A second request does not hide what is always so."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        return False

    with serving(respond) as url:
        found = ask(url, probe("/a"), concurrency=1)

    assert kinds(found) == {"a": FailureKind.RESET}


def test_a_connection_that_was_closed_while_idle_is_no_failure() -> None:
    """A server may close a kept connection at any time."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        connection.sendall(GOOD)
        return False

    with serving(respond) as url:
        found = ask(url, *(probe(f"/{letter}") for letter in "abcd"), concurrency=1)

    assert set(kinds(found).values()) == {None}
