"""Credentials and permissions."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.model import CredentialKind, Form
from conformance.reference.authority import permitted, presented, unauthorized
from conformance.reference.default_tenant import default_tenant
from conformance.reference.responses_sent import ServiceRequest

DIRECTORY = default_tenant()
GOOD = DIRECTORY.identities[0].token


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (None, CredentialKind.NONE),
        ("", CredentialKind.EMPTY),
        ("Bearer", CredentialKind.EMPTY),
        ("Bearer ", CredentialKind.EMPTY),
        ("Bearer nonsense", CredentialKind.GARBAGE),
        (f"Bearer {GOOD}x", CredentialKind.GARBAGE),
        (f"Token {GOOD}", CredentialKind.SCHEME),
        ("Basic dXNlcjpwYXNzd29yZA==", CredentialKind.SCHEME),
        (f"bearer {GOOD}", CredentialKind.TOKEN),
    ],
)
def test_a_credential_is_what_its_header_says(header: str | None, kind: CredentialKind) -> None:
    """Each kind of Authorization header is distinguished, and a good token alone has an identity."""
    headers = () if header is None else (("Authorization", header),)
    found = presented(ServiceRequest("GET", "/", headers), DIRECTORY)
    assert (kind, kind is CredentialKind.TOKEN) == (found.kind, found.identity is not None)


@pytest.mark.parametrize("kind", [kind for kind in CredentialKind if kind is not CredentialKind.TOKEN])
def test_a_bad_credential_is_challenged(kind: CredentialKind) -> None:
    """The refusal is 401 with a Bearer challenge."""
    refusal = unauthorized(kind)
    assert refusal.status == 401
    assert dict(refusal.headers)["WWW-Authenticate"].startswith("Bearer ")


def test_own_scopes_open_the_own_photo_alone() -> None:
    """`User.Read` opens a user's photo where it is the caller's own."""
    operation = spec.load().operation("user", Form.METADATA)
    scopes = frozenset({"User.Read"})
    assert (permitted(operation, scopes, own=True), permitted(operation, scopes, own=False)) == (True, False)
