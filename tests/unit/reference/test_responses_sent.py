"""The parts of every answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from conformance.reference.responses_sent import (
    Refusal,
    ServiceRequest,
    Stamp,
    client_request_id,
    error_answer,
    json_answer,
    stamp_now,
    with_service_headers,
)

STAMP = Stamp(datetime(2026, 4, 24, 12, 40, 3, tzinfo=UTC), "5f5f2f0e-8f4e-4f7c-9d55-9c1b0f3a7a10")
GUID = "0b1cf4ab-9b1c-4d8e-9a53-5f2406dee5bd"


def test_an_error_has_code_message_and_ids() -> None:
    """An error's body is the service's: one member, code, message, a date without a zone, and both ids."""
    answer = error_answer(Refusal(404, "ImageNotFound", "None."), STAMP, GUID)
    inner = {"date": "2026-04-24T12:40:03", "request-id": STAMP.request_id, "client-request-id": GUID}
    assert {"error": {"code": "ImageNotFound", "message": "None.", "innerError": inner}} == json.loads(answer.body)
    assert answer.header("content-type") == "application/json"


def test_json_has_its_metadata_level() -> None:
    """JSON has OData's parameters and the charset."""
    answer = json_answer({"id": "ë"})
    assert answer.body.decode() == '{"id": "ë"}'
    assert "odata.metadata=minimal" in (answer.header("content-type") or "")


def test_every_answer_has_the_services_headers() -> None:
    """Date, ids, diagnostics, transport security and OData-Version stand on each answer."""
    answer = with_service_headers(json_answer({}), STAMP, GUID)
    assert answer.header("date") == "Fri, 24 Apr 2026 12:40:03 GMT"
    assert answer.header("odata-version") == "4.0"
    assert (STAMP.request_id, GUID) == (answer.header("request-id"), answer.header("client-request-id"))
    assert "ServerInfo" in json.loads(answer.header("x-ms-ags-diagnostic") or "")
    assert {"private", "max-age=31536000"} <= {
        answer.header("cache-control"),
        answer.header("strict-transport-security"),
    }


def test_a_clients_guid_is_echoed_and_nothing_else() -> None:
    """A client-request-id that is a GUID comes back; another is replaced."""
    sent = ServiceRequest("GET", "/", (("Client-Request-Id", GUID),))
    hostile = ServiceRequest("GET", "/", (("client-request-id", "<script>"),))
    assert (GUID, STAMP.request_id) == (client_request_id(sent, STAMP), client_request_id(hostile, STAMP))


def test_two_moments_have_two_ids() -> None:
    """The clock's stamp has an id of its own each time."""
    assert stamp_now().request_id != stamp_now().request_id
