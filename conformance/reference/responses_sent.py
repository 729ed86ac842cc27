"""The answers that the reference server gives, whatever was asked: JSON, errors, pictures, and the headers of all."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from ..model import Answer, Headers

JSON_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
"""The media type of metadata and lists; errors are plain `application/json`."""

_DIAGNOSTIC = json.dumps(
    {"ServerInfo": {"DataCenter": "Reference", "Slice": "E", "Ring": "0", "ScaleUnit": "000", "RoleInstance": "REF"}},
    separators=(",", ":"),
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A request as it stood on the wire: `target` is the raw path with its query, percent-encoding untouched."""

    method: str
    target: str
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The field's value; repeated fields joined by a comma (RFC 9110 5.3); None where it is absent."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What differs from answer to answer: when, and the request's id."""

    when: datetime
    request_id: str


def stamp_now() -> Stamp:
    """The present moment in UTC, and a random GUID."""
    return Stamp(datetime.now(UTC), str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer to be: its status, OData error code and message, and headers of its own."""

    status: int
    code: str
    message: str
    headers: Headers = ()


def json_answer(body: Mapping[str, object]) -> Answer:
    """200 with an OData entity or list."""
    headers = (("Content-Type", JSON_TYPE), ("Vary", "Accept-Encoding"))
    return Answer(200, headers, json.dumps(body, ensure_ascii=False).encode())


def error_answer(refusal: Refusal, stamp: Stamp, client_request_id: str) -> Answer:
    """The service's error object; the date in it is UTC and has no zone, as recorded."""
    inner = {
        "date": stamp.when.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": stamp.request_id,
        "client-request-id": client_request_id,
    }
    body = {"error": {"code": refusal.code, "message": refusal.message, "innerError": inner}}
    headers = (("Content-Type", "application/json"), ("Vary", "Accept-Encoding"), *refusal.headers)
    return Answer(refusal.status, headers, json.dumps(body).encode())


def with_service_headers(answer: Answer, stamp: Stamp, client_request_id: str) -> Answer:
    """The same answer with the headers that every answer carries."""
    common = (
        ("Cache-Control", "private"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("OData-Version", "4.0"),
        ("request-id", stamp.request_id),
        ("client-request-id", client_request_id),
        ("x-ms-ags-diagnostic", _DIAGNOSTIC),
        ("Date", format_datetime(stamp.when.astimezone(UTC), usegmt=True)),
    )
    return Answer(answer.status, common + answer.headers, answer.body)


def client_request_id(request: ServiceRequest, stamp: Stamp) -> str:
    """The client's own id where it sent a GUID, else the request's."""
    sent = request.header("client-request-id") or ""
    return sent if _GUID.fullmatch(sent) else stamp.request_id
