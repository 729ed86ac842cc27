"""Secrets are found in every disguise."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.auth.redaction import Redactor, Secret, SecretBytes
from conformance.model import REDACTED

SECRET = 'p4ss/w0rd+"é"='


@pytest.mark.parametrize(
    "disguised",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").replace("%2F", "%2f").replace("%C3%A9", "%c3%a9").replace("%2B", "%2b")
        .replace("%22", "%22").replace("%3D", "%3d"),
        "".join(f"%{byte:02X}" for byte in SECRET.encode()),
        "".join(f"\\u{ord(character):04x}" for character in SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    ],
)  # fmt: skip
def test_a_disguised_secret_is_replaced(disguised: str) -> None:
    """In text and in bytes, whole, and nothing around it."""
    redactor = Redactor([SECRET])
    assert redactor.text(f"<{disguised}>") == f"<{REDACTED}>"
    assert redactor.data(f"<{disguised}>".encode()) == f"<{REDACTED}>".encode()


@given(before=st.binary(max_size=10), after=st.binary(max_size=10), urlsafe=st.booleans())
def test_a_secret_inside_base64_is_replaced(before: bytes, after: bytes, urlsafe: bool) -> None:
    """Wherever it stands in what was encoded, it cannot be decoded any more."""
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    clean = Redactor([SECRET]).data(encode(before + SECRET.encode() + after))
    assert REDACTED.encode() in clean


def test_a_short_secret_is_not_searched_for() -> None:
    """Seven characters would be found in innocent text."""
    assert Redactor(["photo"]).text("/me/photo") == "/me/photo"


def test_of_two_secrets_the_longer_is_replaced_first() -> None:
    """A secret that begins like another leaves no rest."""
    redactor = Redactor(["token-12345"])
    redactor.add("token-12345-and-more")
    assert redactor.text("token-12345-and-more") == REDACTED


def test_nothing_shows_a_secret() -> None:
    """Neither a redactor nor a secret string tells itself in a traceback."""
    shown = repr([Redactor([SECRET]), Secret(SECRET), SecretBytes(SECRET.encode())])
    assert "p4ss" not in shown
