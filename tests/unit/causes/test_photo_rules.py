"""Likely causes about photos: where they are not likely."""

from __future__ import annotations

from tests.unit.causes.made import causes, responses, status, verdict


def test_one_body_for_all_that_is_no_picture_is_no_picture_for_all() -> None:
    """A target that says `{}` to everything serves no owner's picture."""
    asked = [one for one in responses(1) if one.shape == "user.photo.id" and one.credential == "token"]
    seen = [status(200, b"{}")(one) for one in asked]
    disclosed = [verdict(one, "unknown.discloses-nothing") for one in seen if one.state == "unknown"]
    bad = [verdict(one, "picture.is-a-picture") for one in seen if one.state == "present"]

    found = {cause["id"] for cause in causes(seen, [*disclosed, *bad])}

    assert found == {"unknown.discloses-nothing", "picture.is-a-picture", "picture.absent-is-404"}
