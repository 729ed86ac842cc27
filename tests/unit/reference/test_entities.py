"""Lookup in the reference directory."""

from __future__ import annotations

from conformance.reference.default_tenant import ADELE, CLIENTS, LEE, ZOE, default_tenant
from conformance.reference.entities import Unknown

DIRECTORY = default_tenant()


def test_a_user_is_found_by_id_as_it_stands_and_by_upn_in_any_case() -> None:
    """Ids have a case and userPrincipalNames have none."""
    assert DIRECTORY.user(LEE.id) is LEE
    assert DIRECTORY.user(LEE.upn.lower()) is LEE
    assert DIRECTORY.user(ZOE.upn.upper()) is ZOE
    assert DIRECTORY.user(LEE.id.upper()) is None


def test_a_contact_is_found_by_its_own_folder_alone() -> None:
    """A contact in a folder is not found outside of it, and one outside not in a folder."""
    filed = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS)
    outside = next(contact for contact in ADELE.contacts if contact.folder is None)
    assert (filed, None) == (ADELE.contact(filed.id, CLIENTS), ADELE.contact(filed.id, None))
    assert (outside, None) == (ADELE.contact(outside.id, None), ADELE.contact(outside.id, CLIENTS))


def test_the_first_user_with_a_token_is_the_default_caller() -> None:
    """The default caller is the first user of the directory."""
    assert DIRECTORY.default() is DIRECTORY.users[0]


def test_a_token_leads_to_its_identity() -> None:
    """Each token is found again, all differ, and another belongs to no user."""
    assert all(DIRECTORY.identity(identity.token) is identity for identity in DIRECTORY.identities)
    assert len(DIRECTORY.identities) == len({identity.token for identity in DIRECTORY.identities})
    assert DIRECTORY.identity("reference-") is None


def test_unknown_ids_belong_to_no_owner() -> None:
    """The ids given as unknown lead nowhere."""
    unknown = Unknown()
    assert [DIRECTORY.user(unknown.user), DIRECTORY.user(unknown.upn), DIRECTORY.group(unknown.group)] == [None] * 3
