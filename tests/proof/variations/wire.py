"""The reference service on a raw socket, its answers carried in each way that HTTP allows.

    with serve(people, chunked) as server:
        ... server.base_url ...

A way writes one whole answer to the connection, and says whether the connection stays open after it.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from conformance.faults.transport import SLOW_DOWN
from conformance.model import Answer
from conformance.reference.entities import MockTenant
from conformance.reference.responses_sent import ServiceRequest
from conformance.reference.service import Service
from tests.e2e.hostile.server import stop_accepting

Send = Callable[[bytes], None]
Way = Callable[[Send, Answer, int], bool]
"""Writes an answer; the number is that of the request, from 1. Returns whether more may come over the connection."""


def plain(send: Send, answer: Answer, number: int) -> bool:
    """With a Content-Length, in one piece."""
    send(head(answer, f"Content-Length: {len(answer.body)}") + answer.body)
    return True


def chunked(send: Send, answer: Answer, number: int) -> bool:
    """In chunks of odd sizes, with extensions, blanks behind their sizes, and trailers (RFC 9112 7.1)."""
    step = 1 + number * 37 % 5000
    pieces = [answer.body[at : at + step] for at in range(0, len(answer.body), step)]
    chunks = b"".join(b'%X \t;name="v; x"\r\n%s\r\n' % (len(piece), piece) for piece in pieces)
    send(head(answer, "transfer-encoding: Chunked ") + chunks + b"000\r\nX-Trailer: 1\r\nServer-Timing: a\r\n\r\n")
    return True


def zipped(send: Send, answer: Answer, number: int) -> bool:
    """JSON in gzip, of one member or two (RFC 9110 8.4.1.3)."""
    if not (answer.header("Content-Type") or "").startswith("application/json"):
        return plain(send, answer, number)
    half = len(answer.body) // 2 * (number % 2)
    body = gzip.compress(answer.body[:half]) + gzip.compress(answer.body[half:])
    send(head(answer, f"Content-Length: {len(body)}", "content-encoding: GZIP") + body)
    return True


def deflated(send: Send, answer: Answer, number: int) -> bool:
    """Everything in deflate, the pictures too, in chunks (RFC 9110 8.4.1.2)."""
    packed = zlib.compress(answer.body)
    send(head(answer, "Content-Encoding: deflate", "Transfer-Encoding: chunked"))
    send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed))
    return True


def closing(send: Send, answer: Answer, number: int) -> bool:
    """With `Connection: close` on each answer (RFC 9112 9.6)."""
    send(head(answer, f"Content-Length: {len(answer.body)}", "connection: Close") + answer.body)
    return False


def closing_unsaid(send: Send, answer: Answer, number: int) -> bool:
    """The connection closed after every third answer, which a server may do at any time (RFC 9112 9.5)."""
    return plain(send, answer, number) and number % 3 != 0


def until_the_end(send: Send, answer: Answer, number: int) -> bool:
    """HTTP/1.0: the body ends with the connection (RFC 9112 6.3)."""
    send(head(answer, version="HTTP/1.0") + answer.body)
    return False


def in_small_pieces(send: Send, answer: Answer, number: int) -> bool:
    """Slowly, some answers very much so, but whole in time."""
    data = head(answer, f"Content-Length: {len(answer.body)}") + answer.body
    pieces = 40 if number % 50 == 0 else 3
    for at in range(0, len(data), -(-len(data) // pieces)):
        send(data[at : at - (-len(data) // pieces)])
        time.sleep(0.01 if pieces > 3 else 0.0005)
    return True


def after_interim_answers(send: Send, answer: Answer, number: int) -> bool:
    """After interim answers, which a client may get unasked (RFC 9110 15.2)."""
    send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    return plain(send, answer, number)


def barely_worded(send: Send, answer: Answer, number: int) -> bool:
    """No reason phrase, names in lower case, blanks around values, some bare line feeds (RFC 9112 2.2, 4, 5)."""
    lines = [f"HTTP/1.1 {answer.status} ", *(f"{name.lower()}:\t {value} \t" for name, value in answer.headers)]
    lines += [f"content-length:{len(answer.body)}", "", ""]
    send(("\n" if number % 2 else "\r\n").join(lines).encode("latin-1") + answer.body)
    return True


def folded(send: Send, answer: Answer, number: int) -> bool:
    """Values over several lines (RFC 9112 5.2: a client unfolds them), odd names, zeros before the length."""
    headers = [(name, value.replace(";", ";\r\n\t")) for name, value in answer.headers]
    headers += [("X-Folded", "one\r\n two\r\n\tthree"), ("!#$%&'*+-.^_`|~09az", "a\tb"), ("X-Nothing", "\r\n ")]
    send(head(replace(answer, headers=tuple(headers)), f"Content-Length: 000{len(answer.body)}") + answer.body)
    return True


def version_1_0_kept_open(send: Send, answer: Answer, number: int) -> bool:
    """HTTP/1.0 that keeps its connection, for four requests (RFC 9112 9.3)."""
    more = number % 4 != 0
    field = "Connection: keep-alive" if more else "Connection: close"
    send(head(answer, f"Content-Length: {len(answer.body)}", field, version="HTTP/1.0") + answer.body)
    return more


def throttled_now_and_then(send: Send, answer: Answer, number: int) -> bool:
    """Every 70th request answered 429 with Retry-After, in seconds or with a fraction (RFC 6585 4)."""
    return _turned_away(send, 429, "0.3" if number % 140 else "0") if number % 70 == 0 else plain(send, answer, number)


def throttled_by_date(send: Send, answer: Answer, number: int) -> bool:
    """One 429 whose Retry-After is a date (RFC 9110 10.2.3)."""
    return (
        _turned_away(send, 429, formatdate(time.time() + 1, usegmt=True))
        if number == 9
        else plain(send, answer, number)
    )


def unavailable_once(send: Send, answer: Answer, number: int) -> bool:
    """One 503 with Retry-After (RFC 9110 15.6.4)."""
    return _turned_away(send, 503, "1") if number == 5 else plain(send, answer, number)


def _turned_away(send: Send, status: int, after: str) -> bool:
    headers = (("Retry-After", after), ("Content-Type", "application/json" if status == 429 else "text/html"))
    return plain(send, Answer(status, headers, SLOW_DOWN if status == 429 else b"<p>later"), 0)


WAYS: tuple[Way, ...] = (
    plain,
    chunked,
    zipped,
    deflated,
    closing,
    closing_unsaid,
    until_the_end,
    in_small_pieces,
    after_interim_answers,
    barely_worded,
    folded,
    version_1_0_kept_open,
    throttled_now_and_then,
    throttled_by_date,
    unavailable_once,
)


def head(answer: Answer, *more: str, version: str = "HTTP/1.1") -> bytes:
    """Status line and header of an answer, with these lines more."""
    lines = [f"{version} {answer.status} Said", *(f"{name}: {value}" for name, value in answer.headers), *more, "", ""]
    return "\r\n".join(lines).encode("latin-1")


@dataclass
class Server:
    """A server on the loopback; it counts its requests."""

    service: Service
    way: Way
    base_url: str
    listener: socket.socket
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0

    def accept(self) -> None:
        """Serve each connection in a thread of its own, until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        buffer, more = b"", True
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while more:
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                request, _, buffer = buffer.partition(b"\r\n\r\n")
                with self.lock:
                    self.requests = number = next(self.numbers)
                more = self.way(connection.sendall, self.service.respond(_parsed(request))[1], number)


def _parsed(request: bytes) -> ServiceRequest:
    first, *lines = request.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    return ServiceRequest(
        method, target, tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    )


@contextlib.contextmanager
def serve(people: MockTenant, way: Way) -> Iterator[Server]:
    """Run a server that answers as the reference does, in one way."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1.0"
    server = Server(Service(people, base_url=base_url), way, base_url, listener)
    accepting = threading.Thread(target=server.accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        stop_accepting(listener, accepting)
