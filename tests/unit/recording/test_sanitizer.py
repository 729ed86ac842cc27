"""What is a secret by its name is taken out of headers, cookies and URLs, whichever tool wrote the recording."""

from __future__ import annotations

import base64
import json
import time
import tracemalloc

import pytest

from conformance.auth.authorization import FORGED
from conformance.auth.redaction import Redactor
from conformance.model import REDACTED, Answer, Exchange, Headers, Recording, Request
from conformance.recording.har_writer import har
from conformance.recording.sanitizer import cleaned, field
from tests.unit.recording.reading import load

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
    assert SECRET not in "".join(har(Recording({"a": ours}), (), {"edition": "v1.0-2016"}, Redactor()).lines())

    pairs = [{"name": name, "value": value}]
    theirs = {
        "request": {"method": "GET", "url": f"http://a/me/photo?sig={SECRET}", "headers": pairs},
        "response": {"status": 302, "headers": pairs, "content": {"size": 0}},
    }
    cassette = load(json.dumps({"log": {"entries": [theirs]}}))
    ((exchange, _),) = cassette.entries
    text = "".join(har(Recording({"a": exchange}), (), {}, Redactor(cassette.secrets)).lines())
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
    assert innocent == tuple(field(*each) for each in innocent)


JWT = f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.{SECRET}{SECRET}"
TEXTS = [
    f'{{"access_token": "{SECRET}", "error": {{"code": "x"}}}}', f'{{"client_secret":"{SECRET}"}}',
    f'{{"password": "{SECRET}"}}', f'{{"passwd": "{SECRET}"}}',
    json.dumps({"message": json.dumps({"refresh_token": SECRET})}), f"access_token={SECRET}&x=1",
    f"see https://a.example/?sig={SECRET}&sp=r", f"AccountKey={SECRET}==;",
    f"refused: Bearer {SECRET}12", f"Negotiate {SECRET}12", f"token: {JWT}", f'{{"message": "{JWT} is old"}}',
    f'<input type=hidden name=__RequestVerificationToken value="{SECRET}">', f'var accessToken="{SECRET}"',
    f'<input name=token title="{"İ" * 60}" value="{SECRET}">',  # a letter that is two in lower case
    f'<meta name="csrf-token" content="{SECRET}" />', f"<ns:access_token>{SECRET}</ns:access_token>",
    f'<wsse:BinarySecurityToken ValueType="urn:a#JWT">{SECRET}</wsse:BinarySecurityToken>',
    f'<input value="{SECRET}" type=hidden name=csrf_token>',
    f"password: {SECRET}", f"https://a.example/?id_token_hint={JWT}", f"https://a.example/?PHPSESSID={SECRET}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_loses_what_is_a_secret_by_its_name_or_form(text: str) -> None:
    """Members of JSON, fields of a form, what stands after `Bearer`, and a JWT of anyone."""
    clean = cleaned(text, str)

    assert SECRET not in clean
    assert clean == cleaned(clean, str)
    if text.startswith("{"):
        assert json.loads(text).keys() == json.loads(clean).keys()


@pytest.mark.parametrize(
    "innocent",
    [
        'Bearer realm="", authorization_uri="https://login.example/common/oauth2", client_id="00000003-0000-0000"',
        '{"error": {"code": "InvalidAuthenticationToken", "message": "Access token is empty."}}',
        '{"@odata.nextLink": "https://a.example/v1.0/users?$skiptoken=RFNwdAIAAQ0000"}',
        "<label for=password>Password</label> <input name=q value=1234567890> <b>token</b> 1234567890",
        "CompactToken parsing failed with error code: 80049217",
        *(f"Bearer {made_up}" for made_up in FORGED),
        *(f'{{"token": "{made_up}"}}' for made_up in FORGED),
    ],
)
def test_a_text_without_a_secret_stays(innocent: str) -> None:
    """Nor is what we sent in a token's place a secret: that it comes back must be seen in a recording too."""
    assert innocent == cleaned(innocent, str)


def test_a_mark_by_name_is_not_that_of_the_callers_token() -> None:
    """Else a recording would say that the token came back (E3)."""
    assert REDACTED not in cleaned(f'{{"token": "{SECRET}"}} https://a.example/?token={SECRET}', str)


def test_a_jwt_that_begins_as_a_known_one_does_is_marked_whole() -> None:
    """The known one keeps its own mark."""
    redactor = Redactor([("ADELE_TOKEN", JWT)])

    assert "[redacted:JWT] [redacted:ADELE_TOKEN]" == cleaned(f"{JWT[:-9]}otherend1 {JWT}", redactor.text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cf-Access-Jwt-Assertion", JWT), ("DPoP", SECRET), ("X-MS-CLIENT-PRINCIPAL", SECRET), ("X-Pin", SECRET),
        ("X-Hasura-Admin", SECRET), ("Referer", f"https://a.example/?state={SECRET}&x=1"),
    ],
)  # fmt: skip
def test_a_request_of_another_tool_shows_harmless_fields_only(name: str, value: str) -> None:
    """What a field of another name holds is masked, and so is an option of the URL that OData does not know."""
    pairs = [{"name": name, "value": value}, {"name": "Accept", "value": "image/*"}]
    url = f"http://a/me/photo?$select=id&otp={SECRET}&hmac={SECRET}&t={SECRET}"
    theirs = {"request": {"method": "GET", "url": url, "headers": pairs}, "response": {"status": 404}}
    ((exchange, _),) = load(json.dumps({"log": {"entries": [theirs]}})).entries

    assert SECRET not in repr(exchange.request)
    assert ("Accept", "image/*") in exchange.request.headers
    assert "?$select=id&" in exchange.request.url


def test_the_password_inside_basic_is_looked_for() -> None:
    """Not only the base64 that it came in."""
    pairs = [{"name": "Authorization", "value": "Basic " + base64.b64encode(f"adele:{SECRET}".encode()).decode()}]
    theirs = {"request": {"method": "GET", "url": "http://a/me/photo", "headers": pairs}, "response": {"status": 404}}

    assert SECRET in dict(load(json.dumps({"log": {"entries": [theirs]}})).secrets)["token"]


@pytest.mark.parametrize(
    "unit",
    [
        "key=",
        '"key":"',
        "bearer ",
        "Bearer a.",
        "eyJ",
        "eyJaaaaaaaa.",
        "k" * 41,
        '"token" value',
        "?token",
        "token",
        "&",
        "?sig=",
        "%3f",
        "://a",
        "a.a-",
        "?" + "token" * 50,
    ],
)
def test_the_time_grows_as_the_text_does(unit: str) -> None:
    """Two hundred thousand characters take no second."""
    started = time.process_time()
    cleaned("?" + unit * (200_000 // len(unit)), str)

    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["key=" * 250_000, '"token":"' + "a" * 1_000_000, "?sig=" + "%" * 1_000_000])
def test_the_memory_is_a_few_times_that_of_the_text(text: str) -> None:
    """However long the value of a secret is; a pattern keeps no place for each of its characters."""
    tracemalloc.start()
    try:
        cleaned(text, str)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 10 * len(text)
