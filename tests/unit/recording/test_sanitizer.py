"""What is a secret by its name is taken out of headers, cookies and URLs, whichever tool wrote the recording."""

from __future__ import annotations

import json
import time

import pytest

from conformance.auth.redaction import Redactor
from conformance.model import Answer, Exchange, Headers, Recording, Request
from conformance.recording.har_reader import load
from conformance.recording.har_writer import lines
from conformance.recording.sanitizer import by_name, fields

SECRET = "9f3b7e21c0ffee"
HEADERS: list[tuple[str, str]] = [
    ("Set-Cookie", f"session={SECRET}; Path=/; HttpOnly"),
    ("Cookie", f"theme={SECRET}; session={SECRET}"),
    ("Authorization", f"Bearer {SECRET}"),
    ("Proxy-Authorization", f"Basic {SECRET}"),
    ("X-Auth-Token", SECRET),
    ("X-Api-Key", SECRET),
    ("Ocp-Apim-Subscription-Key", SECRET),
    ("Authentication-Info", f'nextnonce="{SECRET}"'),
    ("Location", f"https://blob.example/p?sv=2020&sig={SECRET}%3D&se=1"),
    ("Location", f"https://s3.example/p?X-Amz-Signature={SECRET}&X-Amz-Credential={SECRET}"),
    ("Location", f"https://login.example/cb#access_token={SECRET}&state=1"),
    ("Location", f"https://login.example/?next=https%3A%2F%2Fa%2F%3Fcode%3D{SECRET}%26x%3D1"),
    ("Location", f"https://adele:{SECRET}@graph.example/"),
    ("Referer", f"https://app.example/callback?code={SECRET}"),
    ("Link", f"<https://cdn.example/p?token={SECRET}>; rel=alternate"),
    ("Refresh", f"0; url=https://a.example/?client_secret={SECRET}"),
]


@pytest.mark.parametrize(("name", "value"), HEADERS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(HEADERS)])
def test_a_field_loses_its_secret(name: str, value: str) -> None:
    """In a response of ours, and in a request and its response of another tool."""
    ours = Exchange("a", Request("GET", "http://a/me/photo"), Answer(302, ((name, value),)))
    assert SECRET not in "".join(lines(Recording({"a": ours}, (), ()), (), {"edition": "v1.0-2016"}, Redactor()))

    pairs = [{"name": name, "value": value}]
    theirs = {
        "request": {"method": "GET", "url": f"http://a/me/photo?sig={SECRET}", "headers": pairs},
        "response": {"status": 302, "headers": pairs, "content": {"size": 0}},
    }
    cassette = load(json.dumps({"log": {"entries": [theirs]}}))
    ((exchange, _),) = cassette.entries
    text = "".join(lines(Recording({"a": exchange}, (), ()), (), {}, Redactor(cassette.secrets)))
    assert SECRET not in text
    assert SECRET not in repr(exchange.request)


@pytest.mark.parametrize(
    "innocent",
    [
        (("WWW-Authenticate", 'Bearer error="invalid_token"'),),
        (("Location", "https://a.example/v1.0/users/1/photo?$select=id&size=48"),),
        (("ETag", '"sig=1"'), ("x-ms-error-code", "ImageNotFound"), ("Set-Cookie", "a=; Path=/")),
    ],
)
def test_other_fields_stay(innocent: Headers) -> None:
    """What evaluation looks at is not touched."""
    assert innocent == fields(innocent)


@pytest.mark.parametrize("unit", ["?token", "token", "&", "?sig=", "%3f", "://a", "a.a-", "?" + "token" * 50])
def test_the_time_grows_as_the_text_does(unit: str) -> None:
    """Two hundred thousand characters take no second."""
    started = time.process_time()
    by_name("?" + unit * (200_000 // len(unit)))

    assert time.process_time() - started < 1
