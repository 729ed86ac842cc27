"""O10: what HEAD says of the length of the response to GET."""

from __future__ import annotations

import pytest

from conformance.catalogue.decoded_response import DecodedResponse
from conformance.model import Answer, Credential, Exchange, Finding, Form, Owner, Probe, Request, State
from conformance.requirements import CATALOGUE
from conformance.spec import load


def findings(form: Form, length: str, coding: str = "identity") -> list[str]:
    """What O10 finds of a HEAD response with this Content-Length, where GET had eight bytes, decoded."""
    shape = next(shape for shape in load().shapes if shape.form is form)

    def response(kind: str, answer: Answer) -> DecodedResponse:
        probe = Probe(kind, shape, State.PRESENT, Owner("user-1", "user"), kind, "/me/photo", Credential())
        return DecodedResponse(probe, Exchange(kind, Request("GET", "http://h/me/photo"), answer))

    head = response("head", Answer(200, (("Content-Length", length),), b""))
    coded = () if coding == "identity" else (("Content-Encoding", coding),)
    plain = response("plain", Answer(200, coded, b"12345678"))
    found = CATALOGUE["odata.head-is-get-without-body"].function(head, plain)
    return [each.got for each in found if isinstance(each, Finding)]


@pytest.mark.parametrize("length", ["0", "9"])
def test_head_of_a_picture_has_its_length(length: str) -> None:
    """A picture is the same at each request (H3), and so is its length."""
    assert findings(Form.PHOTO, length) == [length]
    assert findings(Form.PHOTO, "8") == []


def test_metadata_may_have_another_length_at_each_request() -> None:
    """An annotation may hold a time (S41); but JSON is never empty."""
    assert findings(Form.METADATA, "9") == []
    assert findings(Form.METADATA, "0") == ["0"]


@pytest.mark.parametrize("form", Form)
def test_a_coding_has_another_length_but_not_none(form: Form) -> None:
    """HEAD may be answered as if no coding had been offered; but no coding makes a body of no bytes."""
    assert findings(form, "9", "gzip") == []
    assert findings(form, "0", "gzip") == ["0"]
