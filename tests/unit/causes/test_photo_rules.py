"""Likely causes about photos: where they are not likely."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from conformance.causes.evidence import Seen
from tests.unit.causes.made import PNG, causes, changed, responses, status, verdict
from tests.unit.causes.test_rules import body, of


def test_one_body_for_all_that_is_no_picture_is_no_picture_for_all() -> None:
    """A target that says `{}` to everything takes every id for an owner's, and serves no owner's picture."""
    asked = [one for one in responses(1) if one.shape == "user.photo.id" and one.credential == "token"]
    seen = [status(200, b"{}")(one) for one in asked]
    disclosed = [verdict(one, "unknown.discloses-nothing") for one in seen if one.state == "unknown"]
    bad = [verdict(one, "picture.is-a-picture") for one in seen if one.state == "present"]

    found = {cause["id"] for cause in causes(seen, [*disclosed, *bad])}

    assert found == {"likely.any-id-is-found", "picture.is-a-picture"}


@pytest.mark.parametrize(
    ("make", "requirement"),
    [
        (body(bytes, content_type="application/octet-stream"), "picture.content-type-is-image"),
        (body(lambda made: b"\xef\xbf\xbd" * 3 + made), "picture.is-a-picture"),
        (body(base64.b64encode), "picture.is-a-picture"),
        (body(lambda _: b"RIFF....WEBP"), "annotation.media-content-type-matches-bytes"),
        (body(lambda _: PNG), "relation.not-another-owner"),
        (status(200, PNG, x_cache="MISS"), "annotation.media-etag-matches-header"),
    ],
)
def test_a_single_picture_is_no_likely_cause(make: Callable[[Seen], Seen], requirement: str) -> None:
    """One odd picture among good ones says nothing about all of them."""

    def first(one: Seen) -> bool:
        return one.id.startswith("me.photo/present/me-1")

    found = causes(changed(make, first), of(first, requirement, "image/png"))
    assert [cause["id"] for cause in found] == [requirement]


def test_the_pictures_of_one_owner_are_no_image_proxys() -> None:
    """One owner whose picture is of another size by every path says nothing about all pictures."""
    wrong = [
        each
        for _ in ("id", "upn")
        for each in of(lambda one: one.owner == "user-1", "picture.dimensions-match-metadata", "9x9")
    ]

    assert [cause["id"] for cause in causes(responses(), wrong)] == ["picture.dimensions-match-metadata"]


def test_what_is_inconclusive_shows_no_image_proxy() -> None:
    """Types that could not be compared, as a token expired, are no metadata of another type."""
    wrong = [
        {**each, "outcome": "inconclusive", "findings": [], "reason": "the token expired"}
        for each in of(lambda one: one.photo, "annotation.media-content-type-matches-bytes")
    ]

    assert [cause["title"] for cause in causes(responses(), wrong)] == ["the token expired"]


@pytest.mark.parametrize("conforming", [[], ["x/user-2"]])
def test_the_target_file_is_right_where_no_owner_or_the_same_one_is_as_it_says(conforming: list[str]) -> None:
    """A server that has no photos, or none of this user at one of their paths, is wrong itself."""
    names = ("metadata.is-not-the-placeholder", "picture.answers-200")
    made = [verdict(responses()[0], name, case="x/user-2") for name in names]
    made += [verdict(responses()[0], names[0], case=case, outcome="conforms") for case in conforming]

    assert {cause["id"] for cause in causes(responses(), made)} == {*names}
