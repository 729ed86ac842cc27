"""Header fields are read in every form that recorders give them, and masks are distinguished from values."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model import Answer, Failure
from conformance.recording.kept_response import masked, response


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json", "set-cookie": ["a=1", "b=2"]},
        [["content-type", "application/json"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]],
        [{"key": "content-type", "value": "application/json"}, "set-cookie: a=1", "set-cookie: b=2"],
        "content-type: application/json\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n",
    ],
)
def test_headers_may_have_other_forms(headers: object) -> None:
    """An object of values or of lists, pairs, lines, text."""
    found = response({"response": {"status": 200, "headers": headers, "content": {"text": "{}"}}}, lambda _: None)

    assert isinstance(found, Answer)
    assert found.headers == (("content-type", "application/json"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))


def test_masked_headers_are_left_out_but_for_a_challenge() -> None:
    """Of WWW-Authenticate it is asked only that it is there."""
    headers = [{"name": name, "value": "REDACTED"} for name in ("ETag", "Content-Encoding", "WWW-Authenticate")]
    headers.append({"name": "Content-Type", "value": "application/json"})
    entry = {"response": {"status": 401, "headers": headers, "content": {"text": "{}"}}}
    found = response(entry, lambda _: None)

    assert isinstance(found, Answer)
    assert [name for name, _ in found.headers] == ["WWW-Authenticate", "Content-Type"]


@pytest.mark.parametrize(
    "value",
    ["REDACTED", "[redacted]", "<masked>", "***", "••••", "xxxx", "eyJ0eXAi…", "eyJ0eXAi...", "<token>", "{{token}}",
     "$ACCESS_TOKEN", "[redacted-by-photo-conformance]", "[redacted:ADELE_TOKEN]", "abc***xyz",
     "{token:https://graph.microsoft.com/}", "{{graphToken}}"],
)  # fmt: skip
def test_a_mask_is_distinguished_from_a_value(value: str) -> None:
    """Masks are known as recorders and people write them."""
    assert masked(value)


@pytest.mark.parametrize("value", ["token", "AAA", "opaque", '"1.2.3"', "image/jpeg", "eyJ0.eyJh.c2ln"])
def test_a_value_is_no_mask(value: str) -> None:
    """Short tokens and entity-tags are themselves."""
    assert not masked(value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"status": 407, "headers": {"Proxy-Authenticate": "NTLM"}}, "x"),
        (
            {"status": 502, "statusText": "Fiddler - DNS Lookup Failed", "headers": {"Connection": "close"}},
            "[Fiddler] …",
        ),
        ({"status": 503, "headers": {"Date": "x"}}, "<html><head><title>Charles Error Report</title>"),
    ],
)
def test_what_a_proxy_on_the_way_says_is_no_response_of_the_target(said: dict[str, Any], words: str) -> None:
    """It asks for its own credentials (RFC 9110 15.5.8), or could not reach the target."""
    assert isinstance(response({"response": {**said, "content": {"text": words}}}, lambda _: None), Failure)
    plain = {"status": said["status"], "headers": {"Date": "x"}, "content": {"text": "x"}}
    assert isinstance(response({"response": plain}, lambda _: None), Answer)
