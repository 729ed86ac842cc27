"""The thin ASGI shell around the service: bytes in and out, faults in between, a line a request in the log."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from ..model import Answer, Place
from .request_reading import wanted
from .responses_sent import ServiceRequest
from .service import Service

Fault = Callable[[Place, Answer], Answer]
"""A deviation: the answer as it shall go out, of the answer that was due at that place."""

Selector = MutableMapping[str, Any]
OutgoingRequest = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[OutgoingRequest]]
Send = Callable[[OutgoingRequest], Awaitable[None]]

_BODILESS = (204, 304)
_EXPOSED = "Content-Encoding, Content-Type, ETag, Retry-After, WWW-Authenticate, client-request-id, request-id"
"""What a page of another origin may read (Fetch, 3.2: CORS)."""


@dataclass(frozen=True, eq=False)
class App:
    """An ASGI 3 application; a request that lands in the contract passes through every fault, in order.

    `log` is given one line a request: method, raw target and the status that went out, ASCII alone.
    """

    service: Service
    faults: Sequence[Fault] = ()
    log: Callable[[str], object] | None = None
    _asked: Counter[int] = field(default_factory=Counter)

    async def __call__(self, scope: Selector, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        if scope["type"] != "http":
            return
        request = _request(scope)
        answer = _shared(request, _preflight(request) or self.answer(request))
        headers, body = _coded(answer, request, chunks=scope.get("http_version") == "1.1")
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})

    def answer(self, request: ServiceRequest) -> Answer:
        """What goes out: the service's answer, spoiled by the faults; bodies not yet coded."""
        place, answer = self.service.respond(request)
        if place is not None and self.faults:
            very_request = hash((request.method, request.target, request.header("authorization")))
            self._asked[very_request] += 1
            place = replace(place, ask=self._asked[very_request])
            for fault in self.faults:
                answer = fault(place, answer)
        if self.log is not None:
            line = f"{request.method} {request.target} {answer.status}"
            self.log(line.encode("ascii", "backslashreplace").decode() + "\n")
        return answer


def _request(scope: Selector) -> ServiceRequest:
    raw_path: bytes | None = scope.get("raw_path")
    path = raw_path.decode("latin-1") if raw_path is not None else quote(scope["path"], safe="/$")
    query: str = scope.get("query_string", b"").decode("latin-1")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return ServiceRequest(scope["method"], f"{path}?{query}" if query else path, headers)


def _preflight(request: ServiceRequest) -> Answer | None:
    """The response to a preflight, which no token comes with; None where the request is another one."""
    wanted = request.header("access-control-request-method")
    if request.method != "OPTIONS" or request.header("origin") is None or wanted is None:
        return None
    headers = (
        ("Access-Control-Allow-Methods", "GET, HEAD"),
        ("Access-Control-Allow-Headers", request.header("access-control-request-headers") or "Authorization"),
        ("Access-Control-Max-Age", "600"),
    )
    return Answer(204, headers)


def _shared(request: ServiceRequest, answer: Answer) -> Answer:
    """The response as a page of any origin may read it; unchanged where no browser asks."""
    if request.header("origin") is None:
        return answer
    headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", _EXPOSED))
    return replace(answer, headers=(*answer.headers, *headers))


def _coded(answer: Answer, request: ServiceRequest, *, chunks: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Header fields and body for the transport: JSON zipped where that is accepted, pictures without a length.

    A body without a length goes out in chunks, as the service sends its pictures; HTTP/1.0 knows none.
    """
    headers, body = list(answer.headers), answer.body
    json_like = (answer.header("content-type") or "").lower().startswith("application/json")
    takes_gzip = {"gzip", "x-gzip"} & set(wanted(request.header("accept-encoding") or ""))
    if json_like and body and answer.header("content-encoding") is None and takes_gzip:
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body, compresslevel=1, mtime=0)
    has_length = answer.header("content-length") is not None or answer.status in _BODILESS
    if not has_length and (json_like or not chunks or not body):
        headers.append(("Content-Length", str(len(body))))
    coded = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
    return coded, body
