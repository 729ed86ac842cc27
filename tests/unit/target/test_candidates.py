"""Candidates: who is found by which lists, for a user and for an application."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

import pytest

from conformance.model import Caller, Owner
from conformance.reference.default_tenant import ADELE, CLIENTS, FORMER, GROUPS
from conformance.spec import load
from conformance.target.candidates import CANDIDATES, all_candidates, signed_in
from conformance.target.listing import MOST, Lists
from tests.unit.target.targets import BASE, Asked, scripted, service


class Found(NamedTuple):
    """What was found by listing, and what was learnt on the way."""

    owners: list[Owner]
    notes: list[str]
    refused: set[str]


def explored(target: Asked, caller: Caller = Caller("caller"), edition: str = "v1.0-2016") -> tuple[Caller, Found]:  # noqa: B008 - frozen
    lists = Lists(target, BASE, "caller")
    me, note = signed_in(lists, caller)
    owners = all_candidates(lists, me, load(edition))
    return me, Found(owners, [note] * bool(note) + lists.notes, lists.refused)


def test_a_user_finds_all_owners() -> None:
    """Himself first, other users by both names, groups, and his contacts outside of folders and in them."""
    _, found = explored(service())
    mine = [owner for owner in found.owners if owner.caller == "caller"]

    assert (mine[0].label, mine[0].user_id, mine[0].user_upn) == ("user-1", ADELE.id, ADELE.upn)
    assert [owner.group_id for owner in found.owners if owner.kind == "group"] == [group.id for group in GROUPS]
    assert {owner.contact_id for owner in mine[1:]} == {contact.id for contact in ADELE.contacts}
    assert all(owner.user_id and owner.user_upn for owner in found.owners if owner.kind == "user")
    assert len({owner.label for owner in found.owners}) == len(found.owners)


def test_contacts_in_a_folder_are_not_taken_for_others() -> None:
    """A target that lists all contacts at /me/contacts: those in a folder are asked by their folder alone."""
    target = scripted(
        {
            "/me": {"id": "me"},
            "/me/contacts": {"value": [{"id": "one"}, {"id": "two"}]},
            "/me/contactFolders": {"value": [{"id": CLIENTS}]},
            f"/me/contactFolders/{CLIENTS.replace('/', '%2F').replace('+', '%2B').replace('=', '%3D')}/contacts": {
                "value": [{"id": "two"}]
            },
        }
    )
    contacts = [owner for owner in explored(target)[1].owners if owner.kind == "contact"]

    assert [(each.contact_id, each.folder_id) for each in contacts] == [("one", None), ("two", CLIENTS)]
    assert CLIENTS in unquote("".join(target.targets))


def test_an_application_finds_others_contacts() -> None:
    """A token that /me is refused to is taken for an application's: contacts are those of the first users."""
    me, found = explored(service("APP_TOKEN"))

    assert me.app_only
    assert not any(owner.caller for owner in found.owners)
    assert {owner.label.partition(".")[0] for owner in found.owners if owner.kind == "contact"} == {"user-1", "user-2"}


def test_an_application_by_its_claims_asks_no_me() -> None:
    """What the token claims spares the question."""
    target = service("APP_TOKEN")
    explored(target, Caller("caller", app_only=True))

    assert not any(path.startswith("/me") for path in target.targets)


def test_a_token_for_contacts_alone_is_a_users() -> None:
    """`/me` is refused, `/me/contacts` is not: somebody is signed in."""
    me, found = explored(service("ADELE_CONTACTS_READ_TOKEN"))

    assert not me.app_only
    assert found.refused == {"user", "group"}
    assert any(owner.kind == "contact" and owner.caller for owner in found.owners)


def test_claims_stand_in_for_a_missing_me() -> None:
    """Where /me is not there, the token's claims say who is signed in, and a note says so."""
    me, found = explored(service(without=["/me"]), Caller("caller", user_id=ADELE.id, user_upn=ADELE.upn))

    assert (me.user_id, me.user_upn) == (ADELE.id, ADELE.upn)
    assert "claims" in found.notes[0]


def test_without_any_list_there_is_still_the_signed_in_user() -> None:
    """No owner is named, and each list has its sentence."""
    _, found = explored(service(without=["/me", "/users", "/groups"]))

    assert [owner.label for owner in found.owners] == ["user-1"]
    assert found.notes[:2] == [
        "who is signed in could not be found out: /me: responded 404",
        "the target lists no users, groups or contacts; a target file names them",
    ]
    assert found.refused == set()


def test_groups_that_can_have_a_photo_come_first() -> None:
    """Groups of Microsoft 365 before others; where /groups gives none, the user's own memberships."""
    listed = [{"id": "a", "groupTypes": []}, {"id": "b", "groupTypes": ["Unified"]}, {"id": "c", "groupTypes": 7}]
    mine = [{"id": "d", "@odata.type": "#microsoft.graph.group"}, {"id": "e", "@odata.type": "#x.directoryRole"}]
    by_groups = scripted({"/me": {"id": "me"}, "/groups": {"value": listed}})
    by_memberships = scripted({"/me": {"id": "me"}, "/groups": 403, "/me/memberOf": {"value": mine}})

    assert [each.group_id for each in explored(by_groups)[1].owners if each.kind == "group"] == ["b", "a", "c"]
    assert [each.group_id for each in explored(by_memberships)[1].owners if each.kind == "group"] == ["d"]


@pytest.mark.parametrize("value", [[{"id": f"n{n}"} for n in range(300)], "text", [[]] * 300, {"a": 1}])
def test_candidates_and_requests_are_bounded(value: object) -> None:
    """However much a target lists, a handful of each kind is kept, and few requests are made."""
    target = Asked(scripted({}).answer)
    everything = scripted(
        {f"/{word}": {"value": value} for word in ("users", "groups", "me/contacts", "me/contactFolders")}
    )
    target.answer = lambda path: everything.answer(path.partition("?")[0] if "/n" not in path else "/users")
    _, found = explored(target)

    assert len(target.targets) <= MOST
    for kind in ("user", "group", "contact"):
        assert sum(owner.kind == kind for owner in found.owners) <= 2 * CANDIDATES + 1


def test_a_mock_without_a_directory_is_no_application() -> None:
    """`/me` and `/me/contacts` are refused, `/me/photo` is not: somebody is signed in."""
    for status in (400, 403):
        target = scripted({"/me": status, "/me/contacts": status, "/me/photo": {"id": "1X1"}, "/me/photo/$value": 404})
        me, found = explored(target)

        assert not me.app_only
        assert [owner.caller for owner in found.owners] == ["caller"]


def test_teams_and_folders_in_folders_are_found_where_the_edition_has_them() -> None:
    """Only there: no request more is made in the others."""
    before, after = service(), service()
    _, plain = explored(before)
    _, found = explored(after, edition="observed")

    assert [owner.group_id for owner in found.owners if owner.team] == [group.id for group in GROUPS if group.team]
    assert {owner.contact_id for owner in found.owners if owner.parent_id} == {
        contact.id for contact in ADELE.contacts if contact.folder == FORMER
    }
    assert not any(owner.team or owner.parent_id for owner in plain.owners)
    assert not any("childFolders" in path for path in before.targets)


def test_teams_are_found_by_membership_where_groups_do_not_say() -> None:
    """The list at `/me/joinedTeams` names them."""
    target = scripted(
        {"/me": {"id": "me"}, "/groups": {"value": [{"id": "a"}]}, "/me/joinedTeams": {"value": [{"id": "b"}]}}
    )
    _, found = explored(target, edition="observed")

    assert [(owner.group_id, owner.team) for owner in found.owners if owner.kind == "group"] == [
        ("a", False),
        ("b", True),
    ]


def test_counts_say_what_they_count() -> None:
    """A list that goes on, and how many of its items are asked for."""
    listed = {"value": [{"id": f"g{n}"} for n in range(9)], "@odata.nextLink": f"{BASE}/groups?$skiptoken=1"}
    more = {"value": [{"id": f"h{n}"} for n in range(30)]}
    target = scripted({"/me": {"id": "me"}, "/groups": listed, "/groups?$skiptoken=1": more})
    _, found = explored(target)

    assert "/groups: 20 groups found, the first of a longer list; 6 of them asked for" in found.notes
