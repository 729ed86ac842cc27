"""A page of another origin may read what the reference server responds."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable

Adapter = Callable[..., tuple[http.client.HTTPResponse, bytes]]
ORIGIN = {"Origin": "http://localhost:3000"}


def test_a_preflight_is_answered_without_a_token(wire: Adapter) -> None:
    """OPTIONS with the headers that a browser sends gets 204 and may send Authorization."""
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,client-request-id",
    }
    answer, body = wire("/me/photo", headers=ORIGIN | asked, token=None, method="OPTIONS")
    assert (answer.status, body) == (204, b"")
    assert answer.getheader("Access-Control-Allow-Origin") == "*"
    assert answer.getheader("Access-Control-Allow-Headers") == asked["Access-Control-Request-Headers"]
    assert "GET" in (answer.getheader("Access-Control-Allow-Methods") or "")


def test_a_response_may_be_read_by_a_page(wire: Adapter) -> None:
    """Good responses and refusals allow every origin, and show the entity-tag; without an Origin nothing is added."""
    for path, status in (("/me/photo", 200), ("/groups/unknown/photo", 404)):
        answer, body = wire(path, headers=ORIGIN)
        assert (answer.status, answer.getheader("Access-Control-Allow-Origin")) == (status, "*")
        assert "ETag" in (answer.getheader("Access-Control-Expose-Headers") or "")
        assert json.loads(body)
    assert wire("/me/photo")[0].getheader("Access-Control-Allow-Origin") is None


def test_options_of_no_browser_is_not_allowed(wire: Adapter) -> None:
    """OPTIONS without a preflight's headers is a method like others that are not allowed."""
    assert wire("/me/photo", method="OPTIONS")[0].status == 405
