"""H2: which 5xx are breakdowns."""

from __future__ import annotations

import json

import pytest

from conformance.catalogue.decoded_response import DecodedResponse
from conformance.model import Answer, Credential, Exchange, Finding, Owner, Probe, Request, State
from conformance.requirements import CATALOGUE
from conformance.spec import load

UNKNOWN_ERROR = json.dumps({"error": {"code": "UnknownError", "message": ""}}).encode()


def findings(status: int, query: str = "", body: bytes = b"") -> list[str]:
    """What H2 finds of a response to the metadata of a user."""
    target = "/me/photo" + query
    probe = Probe("k", load().shapes[0], State.PRESENT, Owner("user-1", "user"), "plain", target, Credential())
    seen = DecodedResponse(probe, Exchange("e", Request("GET", "http://h" + target), Answer(status, (), body)))
    return [found.got for found in CATALOGUE["http.never-5xx"].function(seen) if isinstance(found, Finding)]


@pytest.mark.parametrize("query", ["?$select=id", "?%24expand=*", "?a=b&$top=1"])
def test_an_option_may_be_501(query: str) -> None:
    """501 refuses a `$` option, and 500 to the same request is a breakdown."""
    assert findings(501, query) == []
    assert findings(500, query) == ["500"]


@pytest.mark.parametrize("query", ["", "?select=id", "?t=1"])
def test_501_to_anything_else_is_a_breakdown(query: str) -> None:
    """A request without a `$` option is never 501."""
    assert findings(501, query) == ["501"]


def test_a_code_of_passing_trouble_is_noted() -> None:
    """503 with the code UnknownError violates H2, and the finding says that the service uses it in passing."""
    assert findings(503, body=UNKNOWN_ERROR) == ["503 (UnknownError): the service uses this code for passing trouble"]
