"""Finding out the sizes that photos are kept in."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from conformance.model import Answer, Caller, Exchange, Owner, Probe, Request, State
from conformance.spec import Edition, load
from conformance.target.sizes import OWNERS, found_out, with_sizes
from conformance.target.tenant import Tenant

ADELE = Owner("user-1", "user", user_id="a", user_upn="a@x.example", caller="user-1", state=State.PRESENT, sha256="00")
TEAM = Owner("group-1", "group", group_id="g", team=True, state=State.PRESENT)
HOUSE = Tenant((ADELE, TEAM), (Caller("user-1"),), "user-1")
OBSERVED, LAST_PAGE, FIRST_PAGE = load("observed"), load("v1.0-2023"), load()
SIZES = {"me-size", "user-size", "group-size"}


def asking(contract: Edition, tenant: Tenant) -> list[Probe]:
    """The requests that find the sizes."""
    asked: list[Probe] = []
    with_sizes(lambda probes: asked.extend(probes) or {}, tenant, contract)  # type: ignore[func-returns-value]
    return asked


def answered(probe: Probe, body: object, status: int = 200) -> dict[str, Exchange]:
    return {probe.key: Exchange(probe.key, Request("GET", "u"), Answer(status, (), json.dumps(body).encode()))}


def sizes(body: object, status: int = 200) -> list[str | None]:
    """The sizes of Adele in her list."""
    probe = asking(OBSERVED, HOUSE)[0]
    return [
        owner.size
        for owner in with_sizes(lambda _: answered(probe, body, status), HOUSE, OBSERVED).owners
        if owner.size
    ]


def test_the_list_is_asked_where_the_edition_has_one() -> None:
    """A user's and a group's list is asked in the observed edition; the page's last one has the caller's alone."""
    assert [probe.target for probe in asking(OBSERVED, HOUSE)] == ["/me/photos", "/groups/g/photos"]
    assert [probe.target for probe in asking(LAST_PAGE, HOUSE)] == ["/me/photos", "/groups/g/photo"]


def test_the_first_edition_asks_nothing() -> None:
    """An edition without sizes needs none."""
    assert asking(FIRST_PAGE, HOUSE) == []


def test_without_a_token_nothing_is_asked() -> None:
    """No sizes can be requested without a token."""
    assert asking(OBSERVED, Tenant((ADELE,), (), None)) == []


def test_the_first_and_the_last_size_are_taken() -> None:
    """Of a list of sizes two are asked for, in the spelling of the list."""
    assert sizes({"value": [{"id": name} for name in ("48x48", "64X64", "96X96")]}) == ["48x48", "96X96"]


def test_a_size_without_a_name_is_named_by_its_pixels() -> None:
    """Where the id is no size, width and height are joined."""
    assert sizes({"value": [{"id": "default", "width": 48, "height": 64.0}]}) == ["48x64"]  # 64.0 is 64 in JSON
    assert sizes({"value": [{"id": "default", "width": 48.5, "height": float("inf")}]}) == []


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"value": None}, {"value": [1, None, {}, {"id": "../x"}, {"id": "0x0"}, {"width": "a" * 9000}]},
     {"value": [{"id": "1x1/../../me"}]}, {"value": {"id": "48x48"}}],
)  # fmt: skip
def test_a_list_that_says_nothing_tells_no_size(body: object) -> None:
    """Whatever comes instead of a list of sizes, no size is made of it."""
    assert sizes(body) == []


def test_a_list_that_is_missing_tells_no_size() -> None:
    """Without an answer 200 there is no size, and nothing is guessed."""
    assert sizes({"value": [{"id": "48x48"}]}, status=404) == []


@pytest.mark.parametrize(
    ("width", "height", "found"),
    [(504, 504, ["504x504"]), (504.0, 5.04e2, ["504x504"]), (504, 96, []), (50, 50, []), ("504", "504", [])],
)
def test_without_a_list_it_is_the_photos_own_size(width: object, height: object, found: list[str]) -> None:
    """Where the edition has no list, the photo's own size is taken if it is one of the page's squares."""
    probe = asking(LAST_PAGE, HOUSE)[1]
    tenant = with_sizes(lambda _: answered(probe, {"width": width, "height": height}), HOUSE, LAST_PAGE)
    assert [owner.size for owner in tenant.owners if owner.size] == found


def test_a_size_is_an_owner_of_the_same_person() -> None:
    """The owner of a size has the keys of its user or group, a label of its own, and no digest."""
    probe = asking(OBSERVED, HOUSE)[0]
    tenant = with_sizes(lambda _: answered(probe, {"value": [{"id": "48X48"}]}), HOUSE, OBSERVED)
    sized = tenant.owners[-1]
    assert (sized.label, sized.person, sized.user_id, sized.sha256) == ("user-1.size-48x48", "user-1", "a", None)


def test_what_is_known_is_not_asked_again() -> None:
    """Sizes that one contract found are kept, and the next one requests the others alone."""
    asked: list[str] = []

    def ask(probes: Sequence[Probe]) -> dict[str, Exchange]:
        asked.extend(probe.target for probe in probes)
        return answered(probes[0], {"value": [{"id": "48x48"}]})

    found_out(ask, HOUSE, [OBSERVED, LAST_PAGE], SIZES)
    assert asked == ["/me/photos", "/groups/g/photos", "/groups/g/photo"]


def test_nothing_is_asked_where_no_size_is_wanted() -> None:
    """A run that chose no cell about sizes sends nothing for them."""
    asked: list[Probe] = []
    tenant = found_out(lambda probes: asked.extend(probes) or {}, HOUSE, [OBSERVED], {"me", "group"})  # type: ignore[func-returns-value]
    assert (asked, tenant) == ([], HOUSE)


def test_a_large_directory_is_sampled() -> None:
    """Of many users the sizes of a few are asked for, the callers' first."""
    many = tuple(Owner(f"user-{n}", "user", user_id=f"u{n}", state=State.PRESENT) for n in range(2, 40))
    probes = asking(OBSERVED, Tenant((*many, ADELE), (Caller("user-1"),), "user-1"))
    assert (len(probes), probes[0].target) == (OWNERS, "/me/photos")
