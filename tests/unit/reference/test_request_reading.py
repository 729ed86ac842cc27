"""What a request asks for, and who asks, as far as the reference server supports it."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.model import CredentialKind, Form
from conformance.reference.default_tenant import default_tenant
from conformance.reference.request_reading import acceptable, opens, presented, selected, unauthorized
from conformance.reference.responses_sent import Refusal, ServiceRequest

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
    operation = next(o for o in spec.load().operations if (o.variant, o.form) == ("user", Form.METADATA))
    scopes = frozenset({"User.Read"})
    assert (opens(operation, scopes, own=True), opens(operation, scopes, own=False)) == (True, False)


def takes(*accept: str) -> bool:
    return acceptable(ServiceRequest("GET", "/v1.0/me/photo", tuple(("accept", value) for value in accept)))


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "image/*", "image/png", "application/json;odata.metadata=full", "application/octet-stream, text/plain",
     "text/html, */*;q=0.1", "APPLICATION/JSON", "application/x-nothing, image/webp;q=0.5"],
)  # fmt: skip
def test_whatever_leaves_a_choice_is_taken(accept: str) -> None:
    """JSON, bytes and pictures are taken for each other, whatever else is named beside them."""
    assert takes(accept)


@pytest.mark.parametrize(
    "accept", ["application/x-nothing", "text/html", "*/*;q=0", "image/*; q=0.000, application/x-y", ";"]
)
def test_what_leaves_no_choice_is_not(accept: str) -> None:
    """A header that names only what is not served, or with a weight of nothing, cannot be met."""
    assert not takes(accept)


def test_without_the_header_anything_is_taken() -> None:
    """A request without Accept takes whatever comes (RFC 9110 12.5.1)."""
    assert takes()


def test_fields_are_read_together() -> None:
    """Two Accept fields are one list."""
    assert takes("application/x-nothing", "application/json")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ()),
        ("tag=mine&select=nothing", ()),
        ("$select=id", ("id",)),
        ("%24select=height%2C%20id", ("id", "height")),
        ("$select=*", ()),
        ("$format=json&$select=width", ("width",)),
    ],
)
def test_valid_options_are_read(query: str, names: tuple[str, ...]) -> None:
    """`$select` names properties, encoded or not; the client's own options are ignored."""
    assert names == selected(query)


@pytest.mark.parametrize(
    "query", ["$select=nothing", "$select=id,ID", "$select=", "$select=id&$select=width", "$nothing=1", "$format=xml"]
)
def test_options_that_cannot_be_used_are_refused(query: str) -> None:
    """An unknown property, an unknown option, one twice and another format answer 400."""
    refusal = selected(query)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == (400, "BadRequest")
