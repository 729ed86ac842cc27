"""The default directory."""

from __future__ import annotations

import pytest

from conformance.reference.default_tenant import ADELE, MEGAN, default_tenant, made_up
from conformance.reference.entities import Contact, Group, User
from conformance.spec import load


@pytest.mark.parametrize("user", [ADELE, MEGAN])
def test_a_signed_in_user_has_contacts_of_every_kind(user: User) -> None:
    """Each user with a token has contacts with and without a photo, in a folder and outside."""
    kinds = {(contact.folder is not None, contact.photo is not None) for contact in user.contacts}
    assert len(kinds) == 4


def test_the_signed_in_users_are_one_with_and_one_without_a_photo() -> None:
    """Both states of `/me/photo` can be asked."""
    mains = [identity.user for identity in default_tenant().identities if identity.main and identity.user]
    assert [ADELE.id, MEGAN.id] == mains
    assert (ADELE.photo is not None, MEGAN.photo is not None) == (True, False)


def test_there_is_a_caller_for_each_row_of_the_permission_table() -> None:
    """Each scope has a caller who holds it alone; one caller holds none of them, and one is an application."""
    identities = default_tenant().identities
    table = {scope for operation in load().operations for scope in operation.scopes | operation.own_scopes}
    alone = {scope for identity in identities if len(identity.scopes) == 1 for scope in identity.scopes}
    assert table | {"Mail.Read"} == alone
    assert [bool(identity.scopes) for identity in identities if identity.user is None] == [True]


def test_later_editions_have_callers_for_their_own_scopes() -> None:
    """The scopes that a later edition adds have callers too."""
    scopes = [identity.scopes for identity in default_tenant(edition="observed").identities]
    later = ("Team.ReadBasic.All", "TeamSettings.Read.All", "TeamSettings.ReadWrite.All", "ProfilePhoto.Read.All")
    assert all(frozenset({scope}) in scopes for scope in later)


def test_ids_and_keys_are_unique() -> None:
    """No two owners share an id, a key or a userPrincipalName."""
    tenant = default_tenant(50)
    contacts = [contact for user in tenant.users for contact in user.contacts]
    owners: list[User | Contact | Group] = [*tenant.users, *contacts, *tenant.groups]
    assert len(owners) == len({owner.id for owner in owners}) == len({owner.key for owner in owners})
    assert len(tenant.users) == len({user.upn for user in tenant.users})


def test_awkward_names_are_there() -> None:
    """Names hold the characters that clients get wrong."""
    names = "".join(user.upn for user in default_tenant().users)
    ids = "".join(contact.id for user in default_tenant().users for contact in user.contacts)
    assert {*"#'+%ë"} <= {*names}
    assert {*"/+=-_"} <= {*ids}


def test_made_up_users_share_few_pictures() -> None:
    """Three hundred made-up users are found by formula, a third without a photo, the rest with four pictures."""
    users = list(made_up(300))
    assert sum(user.photo is None for user in users) == 100
    assert len({user.photo for user in users if user.photo}) == 4
    assert users[41].upn == "user42@contoso.example"
