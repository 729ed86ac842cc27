"""The library O365 against the reference server: it reads bytes of users and of contacts outside of folders."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model import Form
from conformance.reference.default_tenant import ADELE, MEGAN
from conformance.reference.embedding import Running
from tests.interop.conftest import Asked
from tests.interop.owners import LOOSE

pytest.importorskip("O365", reason="O365 is not installed")


def account(running: Running, token: str) -> Any:
    """An account with a fixed token; its protocol's URL is the reference server's."""
    from O365 import Account, MSGraphProtocol
    from O365.utils.token import MemoryTokenBackend

    class Loopback(MSGraphProtocol):  # type: ignore[misc]
        _protocol_url = running.base_url.removesuffix("v1.0")

    made = Account(
        ("client", "secret"), protocol=Loopback(timezone="UTC"), token_backend=MemoryTokenBackend(), requests_delay=0
    )
    made.con.session = made.con.get_session()
    made.con.update_session_auth_header(access_token=running.tokens[token])
    return made


def test_the_library_reads_the_bytes_of_users(running: Running, asked: Asked) -> None:
    """The signed-in user, and a user by id and by userPrincipalName, have the picture that we know."""
    made = account(running, "ADELE_TOKEN")
    users = [made.directory().get_user(name) for name in (ADELE.id, ADELE.upn)]
    users.append(made.directory(resource="me").get_current_user())

    assert ADELE.photo is not None
    assert [user.get_profile_photo() for user in users] == [ADELE.photo.data] * 3
    assert {(operation.variant, operation.form) for operation in asked()} == {("me", Form.PHOTO), ("user", Form.PHOTO)}


def test_the_library_reads_the_bytes_of_contacts(running: Running, asked: Asked) -> None:
    """A contact in its address book has the picture that we know, for the signed-in user and for a user by name."""
    made = account(running, "ADELE_TOKEN")
    books = [made.address_book(), made.address_book(resource=ADELE.upn)]
    contacts = [next(one for one in book.get_contacts() if one.object_id == LOOSE.id) for book in books]

    assert LOOSE.photo is not None
    assert [contact.get_profile_photo() for contact in contacts] == [LOOSE.photo.data] * 2
    assert {operation.variant for operation in asked()} == {"me-contact", "user-contact"}


def test_the_library_tells_a_missing_photo_by_none(running: Running) -> None:
    """The 404 of a user without a photo becomes None, and no error."""
    assert account(running, "MEGAN_TOKEN").directory().get_user(MEGAN.id).get_profile_photo() is None
