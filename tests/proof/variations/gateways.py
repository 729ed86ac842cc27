"""Header fields that real gateways and frameworks put on every response; none says anything of the photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conformance.model import Answer, Place
from tests.proof.variations.catalogue import Change, allowed
from tests.proof.variations.editing import is_an_error, shows_metadata, with_header

Fields = tuple[tuple[str, str], ...]

ADDED: Mapping[str, tuple[str, Fields]] = {
    "nginx and Kong": (
        "application/json",
        (
            ("Server", "nginx/1.24.0"), ("Date", "Sunday, 06-Nov-94 08:49:37 GMT"), ("Accept-Ranges", "bytes"),
            ("Last-Modified", "Sun Nov  6 08:49:37 1994"), ("Keep-Alive", "timeout=65, max=99"),
            ("Via", "1.1 kong/3.6.1"), ("X-Kong-Proxy-Latency", "0"), ("RateLimit-Limit", "60"),
            ("RateLimit-Remaining", "59"), ("RateLimit-Reset", "12"),
        ),
    ),
    "Azure API Management": (
        "application/json; charset=utf-8",
        (
            ("Request-Context", "appId=cid-v1:a"), ("X-AspNet-Version", "4.0.30319"), ("X-Powered-By", "ASP.NET"),
            ("Set-Cookie", "ARRAffinity=ab;Path=/;HttpOnly;Secure;Domain=x"), ("Pragma", "no-cache"), ("Expires", "-1"),
            ("Set-Cookie", "ARRAffinitySameSite=ab;Path=/;SameSite=None;Secure"), ("Ocp-Apim-Trace-Location", "/a?b=1"),
        ),
    ),
    "Envoy and uvicorn": (
        "application/json",
        (("server", "envoy"), ("x-envoy-upstream-service-time", "3"), ("x-request-id", "1-2"), ("vary", "*")),
    ),
    "Spring": (
        "application/json;charset=ISO-8859-1",
        (
            ("Vary", "Origin"), ("Vary", "Access-Control-Request-Method"), ("Vary", "Access-Control-Request-Headers"),
            ("X-Content-Type-Options", "nosniff"), ("X-XSS-Protection", "0"), ("Expires", "0"), ("Pragma", "no-cache"),
            ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"), ("X-Frame-Options", "DENY"),
            ("Content-Language", "en-US"),
        ),
    ),
    "ASP.NET Core and WireMock": (
        "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8",
        (("Server", "Kestrel"), ("api-supported-versions", "1.0, 2.0"), ("OData-Version", "4.01"),
         ("Matched-Stub-Id", "aa"), ("X-SourceFiles", "=?UTF-8?B?eA==?=")),
    ),
}  # fmt: skip
"""The type of JSON, and the fields added, by who sends them."""


def _as(media_type: str, fields: Fields) -> Change:
    def change(place: Place, answer: Answer) -> Answer:
        a_json = shows_metadata(place, answer) or is_an_error(answer)
        answer = with_header(answer, "Content-Type", media_type) if a_json else answer
        kept = tuple(pair for pair in answer.headers if pair[0] not in dict(fields))
        return replace(answer, headers=kept + fields)

    return change


for _name, (_media_type, _fields) in ADDED.items():
    _change = _as(_media_type, _fields)
    _change.__name__ = _name.lower().replace(" ", "_").replace(".", "_")
    _change.__doc__ = f"{_name} add fields of their own, and spell the type of JSON in their own way (RFC 9110 5.1)."
    allowed()(_change)
