"""What a token says of its holder is read, or it is opaque; no token makes reading fail."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from conformance.auth.claims import expiry, read, seconds
from conformance.model import Caller
from tests.unit.auth.jwts import jwt


def test_a_delegated_token_tells_scopes_user_and_expiry() -> None:
    """`scp`, `oid`, `upn` and `exp` are taken over."""
    token = jwt(scp="User.Read Contacts.Read", oid="87d3", upn="adele@contoso.example", exp=2000000000)

    assert read(token) == Caller("", frozenset({"User.Read", "Contacts.Read"}), "87d3", "adele@contoso.example")
    assert expiry(token) == 2000000000.0


def test_a_missing_upn_is_the_preferred_username() -> None:
    """A token of version 2 names its user by preferred_username."""
    assert read(jwt(scp="User.Read", preferred_username="a@b.example")) == Caller(
        "", frozenset({"User.Read"}), user_upn="a@b.example"
    )


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"roles": ["User.Read.All"]}, {"User.Read.All"}),
        ({"roles": ["User.Read.All", 7], "idtyp": "app"}, {"User.Read.All"}),
        ({"idtyp": "app"}, set()),
    ],
)
def test_roles_without_scp_are_an_applications(claims: dict[str, Any], scopes: set[str]) -> None:
    """No user is signed in, and `oid`, which is then the application's own, names no user."""
    assert read(jwt(**claims, oid="87d3", upn="x@y.example")) == Caller("", frozenset(scopes), app_only=True)


@pytest.mark.parametrize("claims", [{"roles": ["A"], "scp": "B"}, {"roles": ["A"], "idtyp": "user"}])
def test_roles_beside_a_user_are_not_an_applications(claims: dict[str, Any]) -> None:
    """Roles may stand in a user's token too."""
    contents = read(jwt(**claims))

    assert contents is not None
    assert not contents.app_only


@pytest.mark.parametrize(
    "token",
    [
        "", "opaque", "a.b", "a.b.c", "a.ü.c", "a..c", "....", "a." + "x" * 100_000 + ".c", jwt(["no", "object"]),
        jwt("text"), "a." + base64.b64encode(b"[" * 30_000).decode() + ".c",
        "a." + base64.b64encode(b'{"exp": ' + b"9" * 9000 + b"}").decode() + ".c",
    ],
)  # fmt: skip
def test_any_other_token_is_opaque(token: str) -> None:
    """What is no JWT with an object in its middle tells nothing."""
    assert read(token) is None
    assert expiry(token) is None


@pytest.mark.parametrize("value", [None, True, "soon", -1, 0, 1e300, float("nan"), [], {}, "1" * 40])
def test_claims_of_a_wrong_type_are_passed_over(value: object) -> None:
    """A claim that makes no sense is as good as none."""
    assert seconds(value) is None
    assert read(jwt(oid=[1], upn="a\nb", scp=7, tid="")) == Caller("")
