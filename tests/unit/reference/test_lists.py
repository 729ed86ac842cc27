"""Lists of the directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from conformance.model import Answer, Place
from conformance.reference.default_tenant import ADELE, CLIENTS, GROUPS, LEE, default_tenant

Ask = Callable[..., tuple[Place | None, Answer]]
BASE = "http://127.0.0.1:8080/v1.0"


def body(answer: Answer) -> Any:
    return json.loads(answer.body)


def ids(answer: Answer) -> list[str]:
    return [item["id"] for item in body(answer)["value"]]


def test_me_is_the_caller(ask: Ask) -> None:
    """`/me` answers the signed-in user's id and userPrincipalName, with an own-only scope too."""
    answer = ask("/me", "ADELE_USER_READ_TOKEN")[1]
    assert (ADELE.id, ADELE.upn) == (body(answer)["id"], body(answer)["userPrincipalName"])


def test_users_are_listed_page_by_page(ask: Ask) -> None:
    """Following @odata.nextLink from pages of two lists every user once, in order, and then ends."""
    path, seen = "/users?$top=2&$select=id", list[str]()
    while path:
        answer = ask(path)[1]
        seen += ids(answer)
        assert all(list(item) == ["id"] for item in body(answer)["value"])
        path = body(answer).get("@odata.nextLink", "").removeprefix(BASE)
    assert [user.id for user in default_tenant().users] == seen


def test_groups_are_listed(ask: Ask) -> None:
    """`/groups` lists all groups, and a group is found by its id."""
    assert [group.id for group in GROUPS] == ids(ask("/groups")[1])
    assert body(ask(f"/groups/{GROUPS[0].id}")[1])["displayName"] == "Design"


@pytest.mark.parametrize("root", ["/me", f"/users/{ADELE.id}", f"/users/{quote(ADELE.upn, safe='')}"])
def test_contacts_are_listed_by_folder_and_outside(ask: Ask, root: str) -> None:
    """A user's contacts outside of folders, the folders, and the contacts in one are three lists."""
    outside = [contact.id for contact in ADELE.contacts if contact.folder is None]
    filed = [contact.id for contact in ADELE.contacts if contact.folder == CLIENTS]
    folder = quote(CLIENTS, safe="")
    assert outside == ids(ask(f"{root}/contacts")[1])
    assert CLIENTS in ids(ask(f"{root}/contactFolders")[1])
    assert filed == ids(ask(f"{root}/contactfolders/{folder}/contacts")[1])


def test_a_next_link_below_a_folder_can_be_followed(ask: Ask) -> None:
    """Keys in a nextLink are encoded, each as one segment."""
    first = ask(f"/me/contactFolders/{quote(CLIENTS, safe='')}/contacts?$top=1")[1]
    second = ask(body(first)["@odata.nextLink"].removeprefix(BASE))[1]
    assert (second.status, len(ids(second))) == (200, 1)


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/users", None, 401),
        ("/users", "ADELE_USER_READ_TOKEN", 403),
        ("/me/contacts", "ADELE_USER_READ_TOKEN", 403),
        ("/groups", "ADELE_CONTACTS_READ_TOKEN", 403),
        (f"/users/{LEE.id}", "ADELE_USER_READ_TOKEN", 403),
        ("/me", "APP_TOKEN", 403),
        ("/users/unknown@contoso.example", "ADELE_TOKEN", 404),
        ("/me/contactFolders/nothing/contacts", "ADELE_TOKEN", 404),
        ("/users?$top=0", "ADELE_TOKEN", 400),
        ("/users?$skiptoken=%C2%B2", "ADELE_TOKEN", 400),
    ],
)
def test_what_cannot_be_listed_is_refused(ask: Ask, path: str, token: str | None, status: int) -> None:
    """Callers without the scope, unknown owners and bad options are refused, and none lands in the contract."""
    place, answer = ask(path, token)
    assert (None, status) == (place, answer.status)


def test_lists_are_read_only(ask: Ask) -> None:
    """A list answers 405 to other methods."""
    assert ask("/users", method="POST")[1].status == 405
