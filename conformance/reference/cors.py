"""What a browser asks for before it lets a page of another origin read a response (Fetch, 3.2: CORS)."""

from __future__ import annotations

from dataclasses import replace

from ..model import Answer
from .responses_sent import ServiceRequest

_EXPOSED = "Content-Encoding, Content-Type, ETag, Retry-After, WWW-Authenticate, client-request-id, request-id"


def preflight(request: ServiceRequest) -> Answer | None:
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


def shared(request: ServiceRequest, answer: Answer) -> Answer:
    """The response as a page of any origin may read it; unchanged where no browser asks."""
    if request.header("origin") is None:
        return answer
    headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", _EXPOSED))
    return replace(answer, headers=(*answer.headers, *headers))
