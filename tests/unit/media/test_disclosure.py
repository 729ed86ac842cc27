"""What of a photo an answer gives away, in whatever it is wrapped."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.catalogue.decoded_response import marks
from conformance.media.disclosure import disclosed
from tests.unit.media.test_pictures import drawn

PICTURE = drawn("PNG")
BASE64 = base64.b64encode(PICTURE).decode()
SIZE = {"width": 48, "height": 48}


def is_metadata(node: Mapping[str, Any]) -> bool:
    return bool(marks(node))


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (PICTURE, "a picture (image/png)"),
        (drawn("JPEG"), "a picture (image/jpeg)"),
        (PICTURE[:40], "bytes of a picture"),
        (b'{"error": {}}' + PICTURE, "bytes of a picture"),
        (BASE64.encode(), "a picture (image/png) in base64"),
        (base64.encodebytes(PICTURE), "a picture (image/png) in base64"),
        (base64.urlsafe_b64encode(PICTURE).rstrip(b"="), "a picture (image/png) in base64"),
        (f"data:image/png;base64,{BASE64}".encode(), "a picture (image/png) in base64"),
        (as_json({"error": {"data": BASE64}}), "a picture (image/png) in base64"),
        (as_json(["x", {"y": f"data:image/png;base64,{BASE64}"}]), "a picture (image/png) in base64"),
        (as_json(SIZE), "a photo's metadata"),
        (as_json({"d": {"results": [SIZE]}}), "a photo's metadata"),
        (as_json({"error": {"innerError": {"photo": {"@odata.mediaEtag": '"a"'}}}}), "a photo's metadata"),
    ],
)
def test_what_is_given_away_is_named(body: bytes, text: str) -> None:
    """A picture, whole, begun, encoded or inside of JSON; metadata at any depth."""
    assert text == disclosed(body, is_metadata)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Not Found",
        b"<html><img src='data:image/png;base64,AAAA'></html>",
        as_json({"error": {"code": "ErrorAccessDenied", "message": "No.", "innerError": {"date": "2026", "width": 3}}}),
        as_json({"error": {"message": "x" * 500}}),
        as_json({"error": {"message": base64.b64encode(b"GIF89a, and nothing behind it, for sure.").decode()}}),
        b"\xff" * 100,
    ],
)
def test_an_error_gives_nothing_away(body: bytes) -> None:
    """Words, pages and envelopes are no photo; nor is text that only looks encoded."""
    assert disclosed(body, is_metadata) is None


def test_a_great_body_takes_no_time() -> None:
    """Megabytes of text, of base64 or of JSON are looked at within a second or two."""
    started = time.process_time()
    for body in (b"A" * 8_000_000, as_json(["A" * 44] * 20_000), b"{" * 4_000_000, as_json({"a": "A" * 900_000})):
        assert disclosed(body, is_metadata) is None
    assert time.process_time() - started < 3
