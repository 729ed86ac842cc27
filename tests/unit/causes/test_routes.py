"""What causes about paths explain: what gets the status of the missing path, and nothing else."""

from __future__ import annotations

import pytest

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
    assert (cause["id"], cause["title"]) == ("likely.missing-routes", "Routes may be missing: 2 of 10 operations")

    (cause,) = causes(status(404)(one) if one.shape == "me.photo" and one.state == "present" else one for one in seen)
    assert cause["id"] == "picture.answers-200"
