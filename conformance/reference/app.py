"""The thin ASGI shell around the service: bytes in and out, faults in between, a line a request in the log."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ..model import Answer, Place
from .cors import preflight, shared
from .responses_sent import ServiceRequest
from .service import Service

Fault = Callable[[Place, Answer], Answer]
"""A deviation: the answer as it shall go out, of the answer that was due at that place."""

Selector = MutableMapping[str, Any]
OutgoingRequest = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[OutgoingRequest]]
Send = Callable[[OutgoingRequest], Awaitable[None]]

_BODILESS = (204, 304)


class App:
    """An ASGI 3 application; a request that lands in the contract passes through every fault, in order.

    `log` is given one line a request: method, raw target and the status that went out, ASCII alone.
    """

    def __init__(
        self, service: Service, faults: Sequence[Fault] = (), log: Callable[[str], object] | None = None
    ) -> None:
        self._service = service
        self._faults = tuple(faults)
        self._log = log
        self._asked: Counter[int] = Counter()

    async def __call__(self, scope: Selector, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        if scope["type"] != "http":
            return
        request = _request(scope)
        answer = shared(request, preflight(request) or self.answer(request))
        headers, body = _coded(answer, request, chunks=scope.get("http_version") == "1.1")
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})

    def answer(self, request: ServiceRequest) -> Answer:
        """What goes out: the service's answer, spoiled by the faults; bodies not yet coded."""
        place, answer = self._service.respond(request)
        if place is not None and self._faults:
            very_request = hash((request.method, request.target, request.header("authorization")))
            self._asked[very_request] += 1
            place = replace(place, ask=self._asked[very_request])
            for fault in self._faults:
                answer = fault(place, answer)
        if self._log is not None:
            line = f"{request.method} {request.target} {answer.status}"
            self._log(line.encode("ascii", "backslashreplace").decode() + "\n")
        return answer


def _request(scope: Selector) -> ServiceRequest:
    raw_path: bytes | None = scope.get("raw_path")
    path = raw_path.decode("latin-1") if raw_path is not None else quote(scope["path"], safe="/$")
    query: str = scope.get("query_string", b"").decode("latin-1")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return ServiceRequest(scope["method"], f"{path}?{query}" if query else path, headers)


def _coded(answer: Answer, request: ServiceRequest, *, chunks: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Header fields and body for the transport: JSON zipped where that is accepted, pictures without a length.

    A body without a length goes out in chunks, as the service sends its pictures; HTTP/1.0 knows none.
    """
    headers, body = list(answer.headers), answer.body
    json_like = (answer.header("content-type") or "").lower().startswith("application/json")
    if json_like and body and answer.header("content-encoding") is None and _takes_gzip(request):
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body, compresslevel=1, mtime=0)
    has_length = answer.header("content-length") is not None or answer.status in _BODILESS
    if not has_length and (json_like or not chunks or not body):
        headers.append(("Content-Length", str(len(body))))
    coded = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
    return coded, body


def _takes_gzip(request: ServiceRequest) -> bool:
    """Whether Accept-Encoding names gzip with a weight above zero (RFC 9110 12.5.3)."""
    for item in (request.header("accept-encoding") or "").lower().split(","):
        coding, _, weight = item.replace(" ", "").partition(";q=")
        if coding in ("gzip", "x-gzip"):
            return weight.strip("0.") != "" or weight == ""
    return False
