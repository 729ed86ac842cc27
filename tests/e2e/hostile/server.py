"""A raw-socket server on the loopback that misbehaves in one named way, on some paths or on all.

    with serve("cut-short", only=lambda path: path.endswith("$value"), otherwise=good) as hostile:
        ... hostile.url ...

A behaviour gets the connection and the request's head, and writes what it likes; the connection is closed after it.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import itertools
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

Behaviour = Callable[[socket.socket, bytes], None]
PHOTO = {"@odata.mediaContentType": "image/jpeg", "@odata.mediaEtag": '"A"', "id": "1X1", "width": 1, "height": 1}
SCRIPT = "<script>alert(1)</script>"


def answer(status: str, *headers: str, body: bytes = b"", media_type: str = "application/json") -> bytes:
    """A complete and valid response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def good(_: bytes) -> bytes:
    """What a path answers that no behaviour is meant for: metadata of some photo."""
    return answer("200 OK", body=json.dumps(PHOTO).encode())


def path_of(request: bytes) -> str:
    """The request target."""
    return request.split(b" ", 2)[1].decode("latin-1")


def sends(data: bytes) -> Behaviour:
    """Write these bytes, whatever was asked."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(data)

    return behave


def drips(start: bytes, drop: bytes, pause: float = 1.0) -> Behaviour:
    """Write the start, then one drop a pause for ever."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        while True:
            time.sleep(pause)
            connection.sendall(drop)

    return behave


def resets(start: bytes = b"") -> Behaviour:
    """Write the start, then reset the connection (RST) instead of closing it."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        time.sleep(0.05 if start else 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def is_silent(connection: socket.socket, _: bytes) -> None:
    """Keep the connection and say nothing."""
    connection.recv(1)


def has_an_endless_body(connection: socket.socket, _: bytes) -> None:
    """Send chunks until the client goes away."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def has_an_endless_header(connection: socket.socket, _: bytes) -> None:
    """Send header fields until the client goes away."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 1000))


def is_a_gzip_bomb(connection: socket.socket, _: bytes) -> None:
    """Send 1 GiB of zeros as about 1 MiB of gzip: one block, repeated 1024 times."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflater.compress(bytes(1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    header, end = gzip.compress(b"")[:10], b"\x03\0" + struct.pack("<II", 0x5B64C2B0, 1 << 30)
    connection.sendall(_OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + header + block * 1024 + end)


_NUMBERS = itertools.count()


def sends_distinct(size: int, media_type: str) -> Behaviour:
    """Answer each request with a large body that no other request gets."""

    def behave(connection: socket.socket, _: bytes) -> None:
        number = b"%012d" % next(_NUMBERS)
        if media_type == "application/json":
            body = b'{"id": "1X1", "width": 1, "x": "' + number + b'", "y": [' + b"[],[]," * (size // 6) + b"1]}"
        else:
            body = b"\xff\xd8\xff\xfe" + number * (size // 12)
        connection.sendall(answer("200 OK", body=body, media_type=media_type))

    return behave


def redirects_to_itself(connection: socket.socket, request: bytes) -> None:
    """Send every request back to where it came from."""
    connection.sendall(answer("302 Found", f"Location: {path_of(request)}"))


def echoes_the_token(connection: socket.socket, request: bytes) -> None:
    """Repeat Authorization in a header, in a field's name, and in the body: plain, JSON-escaped, percent and base64."""
    lines = request.decode("latin-1").split("\r\n")
    value = next((line.split(": ", 1)[1] for line in lines if line.lower().startswith("authorization: ")), "")
    token = value.partition(" ")[2]
    body = {
        "error": {"code": "InvalidAuthenticationToken", "message": f"You sent {value}."},
        "percent": quote(value, safe=""),
        "base64": base64.b64encode(value.encode()).decode(),
        "urlsafe": base64.urlsafe_b64encode(f"x{token}".encode()).decode(),
    }
    headers = (f"X-Echo: {value}", f'WWW-Authenticate: Bearer error_description="{token}"')
    connection.sendall(answer("401 Unauthorized", *headers, body=json.dumps(body).encode()))


def _json(text: str) -> Behaviour:
    return sends(answer("200 OK", body=text.encode("utf-8", "surrogatepass")))


def _throttles(status: str, *headers: str) -> Behaviour:
    error = json.dumps({"error": {"code": "TooManyRequests", "message": "slow down"}})
    return sends(answer(status, *headers, body=error.encode()))


def _png(width: int, height: int) -> bytes:
    """A PNG that claims this size and has hardly any data."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000)))]
    chunks.append((b"IEND", b""))
    parts = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


_OK = b"HTTP/1.1 200 OK\r\n"
_BODY = b'{"id":"1X1","width":1,"height":1}'
_GZIPPED = gzip.compress(_BODY * 50)
_SCRIPTED = json.dumps({"@odata.mediaContentType": SCRIPT, "@odata.mediaEtag": SCRIPT, "id": SCRIPT, "width": SCRIPT})

BEHAVIOURS: dict[str, Behaviour] = {
    "silent": is_silent,
    "closes": sends(b""),
    "resets": resets(),
    "resets-in-body": resets(_OK + b"Content-Length: 100\r\n\r\nabc"),
    "closes-in-header": sends(_OK + b"Content-Type: image/png\r\n"),
    "no-http": sends(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "http-0.9": sends(b"<html>hello</html>"),
    "no-status": sends(b"HTTP/1.1 OK\r\n\r\n"),
    "bad-header-line": sends(_OK + b"this is no header\r\nContent-Length: 0\r\n\r\n"),
    "nul-in-header": sends(_OK + b"X: a\0b\r\nContent-Length: 0\r\n\r\n"),
    "cut-short": sends(_OK + b"Content-Length: 100\r\n\r\nabc"),
    "length-too-small": sends(_OK + b"Content-Length: 3\r\n\r\nabcdef"),
    "length-no-number": sends(_OK + b"Content-Length: many\r\n\r\nabc"),
    "length-twice": sends(_OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    "length-huge": sends(_OK + b"Content-Length: 99999999999\r\n\r\nabc"),
    "bad-chunk-size": sends(_OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"),
    "chunk-too-long": sends(_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
    "chunks-cut-short": sends(_OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
    "no-last-chunk": sends(_OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    "bad-gzip": sends(answer("200 OK", "Content-Encoding: gzip", body=b"this is no gzip")),
    "cut-gzip": sends(answer("200 OK", "Content-Encoding: gzip", body=_GZIPPED[:-9])),
    "gzip-bomb": is_a_gzip_bomb,
    "endless-body": has_an_endless_body,
    "endless-header": has_an_endless_header,
    "drips-body": drips(_OK + b"Content-Length: 100000\r\n\r\n", b"a"),
    "drips-header": drips(_OK + b"X-Slow: ", b"a"),
    "drips-status": drips(b"", b"H", 0.2),
    "endless-interim": drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n", 0.001),
    "5000-headers": sends(_OK + b"".join(b"X-%d: a\r\n" % n for n in range(5000)) + b"Content-Length: 0\r\n\r\n"),
    "1-mib-header": sends(_OK + b"X-Long: " + b"a" * (1 << 20) + b"\r\nContent-Length: 0\r\n\r\n"),
    "deep-json": _json("[" * 200_000 + "]" * 200_000),
    "huge-number": _json('{"id":"1X1","width":' + "9" * 10_000 + ',"height":1}'),
    "duplicate-keys": _json('{"id":"1X1","id":"2X2","width":1,"height":1}'),
    "broken-utf-8": sends(answer("200 OK", body=b'{"id":"\xff\xfe\x80"}')),
    "lone-surrogates": _json('{"id":"\\ud800","width":1,"height":1,"@odata.mediaEtag":"\\udfff"}'),
    "image-bomb": sends(answer("200 OK", body=_png(60_000, 60_000), media_type="image/png")),
    "distinct-3-mib": sends_distinct(3 * 1024 * 1024, "image/jpeg"),
    "distinct-json": sends_distinct(1000 * 1024, "application/json"),
    "distinct-small-json": sends_distinct(50 * 1024, "application/json"),
    "redirect-loop": redirects_to_itself,
    "redirect-elsewhere": sends(answer("302 Found", "Location: http://198.51.100.1/elsewhere")),
    "429-soon": _throttles("429 Too Many Requests", "Retry-After: 1"),
    "429-at-once": _throttles("429 Too Many Requests", "Retry-After: 0"),
    "429-tomorrow": _throttles("429 Too Many Requests", "Retry-After: 86400"),
    "429-untold": _throttles("429 Too Many Requests"),
    "503-soon": _throttles("503 Service Unavailable", "Retry-After: 1"),
    "503-untold": _throttles("503 Service Unavailable"),
    "scripts": sends(answer(f"200 {SCRIPT}", f"X-Evil: {SCRIPT}", body=_SCRIPTED.encode(), media_type=SCRIPT)),
    "echoes-token": echoes_the_token,
}


def stop_accepting(listener: socket.socket, thread: threading.Thread) -> None:
    """Close a listener after its thread has ended: else it might accept for the next one, which gets its number."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    listener.close()


class Hostile:
    """A running server: its `url`, and the heads of all `requests` that it got."""

    def __init__(self, behaviour: Behaviour, only: Callable[[str], bool], otherwise: Callable[[bytes], bytes]) -> None:
        self.requests: list[bytes] = []
        self._behaviour, self._only, self._otherwise = behaviour, only, otherwise
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: set[socket.socket] = set()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Stop listening, and drop all connections."""
        stop_accepting(self._listener, self._accepting)
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                request, _, buffer = buffer.partition(b"\r\n\r\n")
                self.requests.append(request)
                if self._only(path_of(request)):
                    self._behaviour(connection, request)
                    return
                connection.sendall(self._otherwise(request))
        self._open.discard(connection)


@contextlib.contextmanager
def serve(
    behaviour: str | Behaviour,
    only: Callable[[str], bool] = lambda _: True,
    otherwise: Callable[[bytes], bytes] = good,
) -> Iterator[Hostile]:
    """Run a server that behaves badly on the paths that `only` picks, and answers `otherwise` on the rest."""
    hostile = Hostile(BEHAVIOURS[behaviour] if isinstance(behaviour, str) else behaviour, only, otherwise)
    try:
        yield hostile
    finally:
        hostile.close()
