"""What causes about paths explain: what gets the status of the missing path, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.causes.evidence import Seen
from tests.unit.causes.made import causes, responses, status, verdict


@pytest.mark.parametrize("part", ["%2F", "/groups/"])
def test_a_cause_about_a_path_explains_only_what_gets_its_status(part: str) -> None:
    """Where a bad token is refused before the route is looked for, what is wrong with that refusal is another cause."""
    seen = [status(404)(one) if part in one.url and one.credential == "token" else one for one in responses()]
    refusals = [one for one in seen if one.credential != "token"]
    silent = [verdict(one, "credentials.has-www-authenticate", "missing", "WWW-Authenticate") for one in refusals]
    path, refusal = causes(seen, silent)

    assert "credentials.has-www-authenticate" not in path["requirements"]
    assert refusal["requirements"] == ["credentials.has-www-authenticate"]
    assert refusal["verdicts"] == len(refusals)


def test_a_route_that_is_missing_below_users_and_me_is_one_cause() -> None:
    """Below /me no id can be made up; there the route is as missing as below /users."""
    seen = [one for one in responses() if not (one.shape.startswith("me.") and one.state == "unknown")]
    (cause,) = causes(status(404)(one) if one.shape in ("me.photo", "user.photo.id") else one for one in seen)
    assert (cause["id"], cause["title"]) == (
        "likely.missing-routes",
        "Routes may be missing: 2 of 10 requested operations",
    )

    (cause,) = causes(status(404)(one) if one.shape == "me.photo" and one.state == "present" else one for one in seen)
    assert cause["id"] == "picture.answers-200"


def test_users_not_found_by_name_are_one_cause_beside_routes_that_are_missing() -> None:
    """What is wrong with other operations does not hide that no URL with %40 is found."""

    def answered(one: Seen) -> Seen:
        named = replace(one, url=one.url.replace("/user-2/", "/user-2%40contoso.example/"))
        return status(404)(named) if "%40" in named.url or one.shape.startswith("group.") else named

    found = causes(map(answered, responses()))

    assert {"likely.user-key", "likely.missing-routes"} == {cause["id"] for cause in found}
