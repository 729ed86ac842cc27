"""Asking for lists: pages within the base URL and within bounds; whatever else comes is passed over."""

from __future__ import annotations

import pytest

from conformance.model import Answer
from conformance.target.listing import MOST, PAGES, Lists, key
from tests.unit.target.targets import BASE, Asked, scripted


def lists(target: Asked, base: str = BASE) -> Lists:
    return Lists(target, base, "caller")


def test_a_list_goes_on_at_its_next_link() -> None:
    """Pages are followed until enough is found; each id counts once."""
    target = scripted(
        {
            "/users": {"value": [{"id": "a"}, {"id": "b"}], "@odata.nextLink": f"{BASE}/users?$skiptoken=x%2F1"},
            "/users?$skiptoken=x%2F1": {"value": [{"id": "b"}, {"id": "c"}, {"id": "d"}]},
        }
    )

    assert list(lists(target).listing("users", "/users", "$top=2", 3).by_id) == ["a", "b", "c"]
    assert target.targets == ["/users?$top=2", "/users?$skiptoken=x%2F1"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/users", "http://127.0.0.1:9/v1.0/users", "http://127.0.0.1:8080/beta/users",
        f"{BASE}evil/users", f"{BASE}/../beta/users", f"{BASE}/%2e%2e/beta", f"{BASE}/a/%2E%2E%2Fb", f"{BASE}/..\\b",
        "http://u@127.0.0.1:8080/v1.0/users", "//evil.example/v1.0/users", "/beta/users", "../beta", "http://[::1",
        "", 7, None, {"a": 1}, f"{BASE}/{'x' * 9000}", "javascript:alert(1)", f"HTTPS{BASE[4:]}/users",
    ],
)  # fmt: skip
def test_no_link_leads_anywhere_else(link: object) -> None:
    """A nextLink outside of the base URL is not followed."""
    target = scripted({"/users": {"value": [{"id": "a"}], "@odata.nextLink": link}})

    assert list(lists(target).listing("users", "/users", "$top=2", 9).by_id) == ["a"]
    assert len(target.targets) == 1


@pytest.mark.parametrize("link", ["users?p=2", "/v1.0/users?p=2", "?p=2"])
def test_a_relative_link_is_resolved_against_its_list(link: str) -> None:
    """A nextLink may be relative (OData JSON Format 4.5.5)."""
    target = scripted(
        {"/users": {"value": [{"id": "a"}], "@odata.nextLink": link}, "/users?p=2": {"value": [{"id": "b"}]}}
    )

    assert list(lists(target).listing("users", "/users", "$top=2", 9).by_id) == ["a", "b"]


def test_a_default_port_is_the_same_origin() -> None:
    """A link may name the port that its scheme has anyway."""
    target = scripted(
        {
            "/users": {"value": [{"id": "a"}], "@odata.nextLink": "https://graph.example:443/v1.0/users?p=2"},
            "/users?p=2": {"value": [{"id": "b"}]},
        }
    )

    assert len(lists(target, "https://graph.example/v1.0").listing("u", "/users", "$top=1", 5).by_id) == 2


def test_endless_lists_end() -> None:
    """A list that always goes on is read for a few pages, and an enquiry asks so many requests and no more."""
    target = scripted({}, otherwise=0)
    target.answer = lambda path: Answer(
        200,
        body=f'{{"value": [{{"id": "{path}"}}], "@odata.nextLink": "{BASE}/users?{len(path)}{path[-40:]}"}}'.encode(),
    )
    asking = lists(target)
    asking.listing("users", "/users", "$top=1", 99)
    first = len(target.targets)
    for number in range(MOST):
        last = asking.listing(f"more-{number}", "/users", "$top=1", 99)

    assert first == PAGES
    assert len(target.targets) == MOST
    assert last.outcome == f"not asked: {MOST} requests are enough"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"\xff\xfe", b"null", b"[]", b"7", b"{}", b'{"value": null}', b'{"value": {"id": "a"}}',
        b"[" * 200_000, b'{"value": ' * 5000, b'{"value": [], "value": []}', b'{"value": "abc"}', b"9" * 10_000,
        b'{"a": "' + b"x" * (5 * 1024 * 1024) + b'", "value": [{"id": "a"}]}',
    ],
)  # fmt: skip
def test_what_is_no_list_is_reported(body: bytes) -> None:
    """Any body is read without an error, and there is a reason why nothing was found."""
    listing = lists(scripted({"/users": body})).listing("users", "/users", "$top=1", 9)

    assert not listing.by_id
    assert listing.outcome


def test_items_of_a_wrong_kind_are_passed_over() -> None:
    """What has no usable id is no item; a page of very many is not read to its end."""
    items: list[object] = [None, 7, [], {}, {"id": 1}, {"id": ""}, {"id": "a\nb"}, {"id": "x" * 2000}, {"id": "\ud800"}]
    many = [{"id": str(number)} for number in range(10_000)]
    target = scripted({"/users": {"value": [*items, {"id": "good"}]}, "/groups": {"value": many}})

    assert list(lists(target).listing("users", "/users", "$top=1", 9).by_id) == ["good"]
    assert len(lists(target).listing("groups", "/groups", "$top=1", 9).by_id) == 9
    assert key({"id": "ü+/="}, "id") == "ü+/="


@pytest.mark.parametrize(("status", "requests"), [(400, 2), (404, 2), (501, 2), (401, 1), (403, 1)])
def test_refused_options_are_left_out(status: int, requests: int) -> None:
    """A target that takes no options is asked without; one that takes no token is not asked twice."""
    target = scripted({"/users?$top=1": status, "/users": {"value": [{"id": "a"}]}})
    listing = lists(target).listing("users", "/users", "$top=1", 9)

    assert len(target.targets) == requests
    assert bool(listing.by_id) == (requests == 2)
    assert listing.refused == (status == 403)


def test_an_unreachable_target_is_reported() -> None:
    """No answer is an outcome like any other."""
    assert lists(Asked(lambda _: None)).entity("me", "/me").outcome == "no response (unreachable)"
    assert Lists(lambda _: {}, BASE, "caller").entity("me", "/me").outcome == "not in the recording"


def test_an_entity_is_asked_for_again_without_options() -> None:
    """`/me` with $select, then without."""
    target = scripted({"/me?$select=id": 501, "/me": {"id": "a"}})

    assert lists(target).entity("me", "/me?$select=id", "/me").value["id"] == "a"
