"""Discovery: who is signed in, the owners, and which of them have a photo; from a live target or from a recording."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from conformance.model import Answer, Caller, Owner, State
from conformance.reference.default_tenant import ADELE, MEGAN
from conformance.spec import load
from conformance.target import target_file
from conformance.target.discovery import Discovered, find_out
from conformance.target.tenant import Tenant
from tests.unit.target.targets import BASE, Asked, scripted, service


def found(asked: Asked, tenant: Tenant | None = None, claims: Caller | None = None) -> Discovered:
    tenant = tenant or target_file.parse({}).tenant
    labels = [caller.label for caller in tenant.callers]
    return find_out(asked, tenant, load(), BASE, lambda _: claims, labels)


def test_both_states_of_every_kind_are_found() -> None:
    """Of users, groups, and contacts in and outside of folders there are some with a photo and some without."""
    owners = found(service()).tenant.owners

    assert Counter((owner.kind, bool(owner.folder_id), owner.state) for owner in owners) == {
        ("user", False, State.PRESENT): 2,
        ("user", False, State.ABSENT): 2,
        ("group", False, State.PRESENT): 2,
        ("group", False, State.ABSENT): 1,
        ("contact", False, State.PRESENT): 2,
        ("contact", False, State.ABSENT): 1,
        ("contact", True, State.PRESENT): 2,
        ("contact", True, State.ABSENT): 2,
    }


def test_a_target_without_lists_leaves_the_signed_in_user() -> None:
    """Whether he has a photo is found out by asking; nothing is closed, since nothing was refused."""
    discovered = found(service("MEGAN_TOKEN", without=["/me", "/users", "/groups"]))

    assert discovered.tenant.owners == (Owner("user-1", "user", caller="caller", state=State.ABSENT),)
    assert discovered.tenant.closed == frozenset()
    assert discovered.notes[-1] == "users asked for a photo: 1 (0 with a photo, 1 without)"


def test_what_is_refused_is_closed() -> None:
    """A token for one's own photo opens no others', no groups and no contacts."""
    assert found(service("ADELE_USER_READ_TOKEN")).tenant.closed == {"user", "group", "contact"}


@pytest.mark.parametrize("asked", [scripted({}, otherwise=401), Asked(lambda _: None)])
def test_a_refused_token_closes_nothing(asked: Asked) -> None:
    """Where nothing was heard, nothing is known: that is for the evaluation to say."""
    discovered = found(asked, claims=Caller("", frozenset({"User.Read"})))

    assert not discovered.heard
    assert discovered.tenant.closed == frozenset()


def test_without_a_token_nothing_is_asked() -> None:
    """The directory stays as it is."""
    asked = service()
    tenant = Tenant()

    assert found(asked, tenant) == Discovered(tenant)
    assert not asked.targets


FILE = {"user": [{"id": ADELE.id, "photo": True}, {"upn": MEGAN.upn, "photo": False}]}


@pytest.mark.parametrize(
    ("variable", "label"), [("ADELE_TOKEN", "user-1"), ("MEGAN_TOKEN", "user-2"), ("ADELE_USER_READ_TOKEN", "user-1")]
)
def test_the_holder_of_graph_token_is_found_in_the_file(variable: str, label: str) -> None:
    """/me says which user of the target file is signed in, by id or userPrincipalName in any case."""
    asked = service(variable)
    file = {"user": [FILE["user"][0], {"upn": MEGAN.upn.upper(), "photo": False}]}
    tenant = found(asked, target_file.parse(file).tenant).tenant

    assert [owner.label for owner in tenant.owners if owner.caller == "caller"] == [label]
    assert len(asked.targets) == 1


def test_claims_name_the_holder_where_me_does_not() -> None:
    """The token's oid is matched with the target file."""
    asked = service(without=["/me"])
    tenant = found(asked, target_file.parse(FILE).tenant, Caller("", user_id=ADELE.id)).tenant

    assert [owner.label for owner in tenant.owners if owner.caller] == ["user-1"]


def test_a_holder_who_is_not_in_the_file_is_one_user_more() -> None:
    """So that /me is exercised for them."""
    discovered = found(service(), target_file.parse({"user": [FILE["user"][1]]}).tenant)

    assert discovered.tenant.owners[-1] == Owner(
        "user-2", "user", ADELE.id, ADELE.upn, caller="caller", state=State.PRESENT
    )
    assert discovered.notes == ("the signed-in user is none of the target file's; asked as user-2",)


def test_a_holder_without_a_name_may_be_one_of_the_file() -> None:
    """Where /me and the token say nothing, no note says that they are another user."""
    discovered = found(service(without=["/me"]), target_file.parse({"user": [FILE["user"][1]]}).tenant)

    assert discovered.notes[-1] == "the signed-in user is not known; asked as user-2"


def test_a_file_with_tokens_needs_no_discovery() -> None:
    """A user with a token in the target file is signed in by it; only missing states are asked for."""
    file = {"user": [{"id": ADELE.id, "photo": True, "token": {"env": "ADELE_TOKEN"}}, {"id": MEGAN.id}]}
    asked = service()
    tenant = found(asked, target_file.parse(file).tenant).tenant

    assert [owner.state for owner in tenant.owners] == [State.PRESENT, State.ABSENT]
    assert set(asked.targets) == {f"/users/{MEGAN.id}/photo/$value"}


def test_a_picture_overrules_the_metadata() -> None:
    """Metadata of a real photo beside pictures that are 404 is no photo (S39g says what it is)."""
    asked = scripted({"/users/u/photo": {"id": "48X48", "width": 48, "height": 48}})
    tenant = found(asked, target_file.parse({"user": [{"id": "u", "token": {"env": "T"}}]}).tenant).tenant

    assert [owner.state for owner in tenant.owners] == [State.ABSENT]


def test_an_application_is_no_user() -> None:
    """Its owners have no caller, and the caller is known for what it is."""
    tenant = found(service("APP_TOKEN")).tenant

    assert tenant.callers == (Caller("caller", app_only=True),)
    assert not any(owner.caller for owner in tenant.owners)


def test_who_is_listed_and_not_found_is_named_and_left_out() -> None:
    """404 to both forms, with the code of an owner who is not there."""
    error = {"error": {"code": "Request_ResourceNotFound", "message": "gone"}}
    known = service()
    listed = {"/users": {"value": [{"id": ADELE.id}, {"id": "gone"}]}}

    def answer(path: str) -> Answer | None:
        if "/gone/" in path:
            return Answer(404, (("Content-Type", "application/json"),), json.dumps(error).encode())
        return scripted(listed).answer(path) if path.startswith("/users?") else known.answer(path)

    discovered = found(Asked(answer))

    assert "user-2 is listed, but not found (404 to both forms); left out" in discovered.notes
    assert not any(owner.user_id == "gone" for owner in discovered.tenant.owners)


def test_who_is_unclear_is_kept() -> None:
    """A group whose photo breaks down is not lost."""
    target = scripted(
        {
            "/me": {"id": "me"},
            "/groups": {"value": [{"id": "g"}]},
            "/groups/g/photo": 500,
            "/groups/g/photo/$value": 500,
        }
    )
    owners = found(target).tenant.owners

    assert [(owner.group_id, owner.state) for owner in owners if owner.kind == "group"] == [("g", None)]
