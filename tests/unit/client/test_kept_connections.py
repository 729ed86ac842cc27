"""What comes over a kept connection is blamed on the response that it belongs to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from conformance.client.recorder import Recorder
from conformance.model import Exchange, FailureKind
from conformance.options.config import Config
from tests.e2e.hostile.server import stop_accepting
from tests.unit.client.asking import TOKENS, ask, probe

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Respond = Callable[[socket.socket, bytes, int], bool]


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """A server that keeps connections; `respond` gets socket, request and its number, and says whether to go on."""
    listener = socket.create_server(("127.0.0.1", 0))
    numbers = iter(range(10_000))

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, suppress(ConnectionError):
            while received := connection.recv(65536):
                for request in received.split(b"\r\n\r\n")[:-1]:  # two, where a response was not waited for
                    if not respond(connection, request, next(numbers)):
                        return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop_accepting(listener, accepting)


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


def own(request: bytes) -> bytes:
    """A response that names the path of its request."""
    path = request.split()[1]
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path)


def accused(found: dict[str, Exchange]) -> list[str]:
    """Paths with another's response, or a failure; on a busy machine one may be inconclusive."""
    failed = [path for path, each in found.items() if each.failure and each.failure.kind is not FailureKind.FLAKY]
    return failed + [path for path, each in found.items() if each.answer and each.answer.body != path.encode()]


def later(connection: socket.socket, data: bytes, seconds: float) -> None:
    def send() -> None:
        with suppress(OSError):
            connection.sendall(data)

    threading.Timer(seconds, send).start()


HALF = (b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 2\r\n\r\n{}")
CLOSING = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
LATE: dict[str, list[tuple[bytes, float]]] = {
    "a response at once": [(GOOD, 0.0)],
    "a response soon": [(GOOD, 0.005)],
    "a response late": [(GOOD, 0.03)],
    "half a status line": [(b"HTTP/1.", 0.004), (GOOD[7:], 0.02)],
    "half a head": [(HALF[0], 0.004), (HALF[1], 0.02)],
    "a head without its body": [(GOOD[:-2].replace(b": 2", b": 90000"), 0.004)],
    "a response that says close": [(CLOSING, 0.004)],
    "a chunk": [(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", 0.004)],
    "a header line": [(b"X-More: 1\r\n\r\n", 0.004)],
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_comes_late_is_blamed_on_no_other(late: str, concurrency: int) -> None:
    """What comes behind a response is the fault of the one that it follows; all others are their own."""

    def respond(connection: socket.socket, request: bytes, _: int) -> bool:
        connection.sendall(own(request))
        if b"/guilty" in request:
            for data, pause in LATE[late]:
                later(connection, data, pause)
        time.sleep(0.003)
        return True

    paths = ["/a", "/b", "/guilty", *(f"/c{number}" for number in range(12))]
    with (
        serving(respond) as url,
        Recorder(Config(base_url=url, concurrency=concurrency, deadline=1), TOKENS) as recorder,
    ):
        recorder.send([probe(path, of=path) for path in paths])
        recorder.finish()
        found = {each.request.url.removeprefix(url): each for each in recorder.exchanges.values()}

    failure = found.pop("/guilty").failure
    assert failure is not None
    assert failure.kind is FailureKind.MALFORMED
    assert [] == accused(found)


def test_a_connection_that_is_stuck_is_not_the_fault_of_the_next_request() -> None:
    """A server that goes silent on a kept connection responds on a fresh one, and what was asked is inconclusive."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        if number == 3:
            time.sleep(1)
        else:
            connection.sendall(own(request))
        return True

    with serving(respond) as url:
        found = ask(url, *(probe(f"/{number}", of=str(number)) for number in range(8)), concurrency=1, deadline=0.3)

    assert {"3": FailureKind.FLAKY} == {name: kind for name, kind in kinds(found).items() if kind}


def test_a_response_that_cannot_be_blamed_on_any_leaves_the_run_inconclusive() -> None:
    """Where no response is followed by another when it is requested again, what was in doubt is flaky."""
    sent: list[bytes] = []

    def respond(connection: socket.socket, request: bytes, _: int) -> bool:
        connection.sendall(own(request))
        if not sent:
            later(connection, GOOD, 0.01)
        sent.append(request)
        time.sleep(0.004)
        return True

    with serving(respond) as url, Recorder(Config(base_url=url, concurrency=1), TOKENS) as recorder:
        recorder.send([probe(f"/{number}") for number in range(8)])
        recorder.finish()
        failures = {each.failure.kind for each in recorder.exchanges.values() if each.failure}

    assert failures == {FailureKind.FLAKY}


def test_a_408_to_an_idle_connection_is_no_response() -> None:
    """A server that closes a kept connection may say so with a 408; the request is sent again on a fresh one."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        if number % 3 == 2:
            connection.sendall(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return False
        connection.sendall(own(request))
        return True

    with serving(respond) as url:
        found = ask(url, *(probe(f"/{number}") for number in range(9)), concurrency=1)

    assert [each.answer and each.answer.status for each in found] == [200] * 9


def shifted(*paths: str, send: Callable[[socket.socket, list[bytes]], bool]) -> dict[str, Exchange]:
    """Exchanges of the paths over one connection at a time; each response waits until one more may have come.

    `send` gets the requests that came over a connection so far, and says whether it stays open.
    """
    came: dict[socket.socket, list[bytes]] = {}

    def respond(connection: socket.socket, request: bytes, _: int) -> bool:
        time.sleep(0.01)
        came.setdefault(connection, []).append(request.split()[1])
        if b"guilty" in request:
            later(connection, GOOD, 0.004)
        return send(connection, came[connection])

    with serving(respond) as url, Recorder(Config(base_url=url, concurrency=1), TOKENS) as recorder:
        recorder.send([probe(path, of=path) for path in paths])
        recorder.finish()
        return {each.request.url.removeprefix(url): each for each in recorder.exchanges.values()}


def blamed(found: dict[str, Exchange]) -> set[str]:
    return {path for path, each in found.items() if each.failure and each.failure.kind is FailureKind.MALFORMED}


def test_a_shift_is_followed_back_to_where_it_began() -> None:
    """Two responses at once, many requests after a third was not asked for, put all of them in doubt."""

    def send(connection: socket.socket, came: list[bytes]) -> bool:
        if came[-1] != b"/22" or len(came) == 1:
            connection.sendall(b"".join(own(b"GET " + path) for path in came[-2 if came[-1] == b"/23" else -1 :]))
        return True

    found = shifted("/guilty", *(f"/{number}" for number in range(24)), send=send)

    assert blamed(found) == {"/guilty"}
    assert [] == accused({path: each for path, each in found.items() if path != "/guilty"})


def test_a_connection_that_ends_before_its_shift_is_seen_is_in_doubt_too() -> None:
    """One connection shows what is to blame; others, which the server closed in time, were in the same state."""

    def send(connection: socket.socket, came: list[bytes]) -> bool:
        last = came[-1] == b"/c"
        data = own(b"GET " + came[-1])
        connection.sendall(data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) if last else data)
        return not last or len(came) == 1

    found = shifted("/guilty-1", "/a", "/b", "/c", "/d", "/e", "/guilty-2", "/f", send=send)

    assert blamed(found) == {"/guilty-1", "/guilty-2"}
    assert [] == accused({path: each for path, each in found.items() if "guilty" not in path})


def test_a_token_is_not_taken_for_refused_by_the_response_to_another_request() -> None:
    """Paths that refuse every token do so when they are requested again, whatever came for the check of the token."""

    def send(connection: socket.socket, came: list[bytes]) -> bool:
        data = own(b"GET " + came[-1])
        connection.sendall(data.replace(b"200 OK", b"401 No", 1) if b"/no" in came[-1] else data)
        return True

    found = shifted("/a", "/guilty", "/b", "/no-1", "/no-2", "/no-3", "/no-4", "/c", send=send)

    assert blamed(found) == {"/guilty"}
    refused = [each.answer and each.answer.status for path, each in found.items() if "/no" in path]
    assert refused == [401] * 4
