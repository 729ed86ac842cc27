"""A cache that ignores Authorization, seen from the refusals that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.causes.evidence import Seen
from tests.unit.causes.made import causes, responses, status, verdict


def kept_refusals(identity: str = "") -> Iterator[Seen]:
    """Each owner has the photo, then one without a token is refused, and then the owner is, by what the cache kept."""
    for one in responses():
        if one.credential == "token" and one.state == "present":
            again = status(401)(replace(one, id=f"{one.id}/again", kind="again", state="no-credentials"))
            yield replace(one, headers={**one.headers, "request-id": "own"})
            yield replace(again, id=f"{one.id}/none", caller="", credential="none")
            yield replace(again, headers={**one.headers, "request-id": identity}) if identity else again


def test_a_refusal_that_a_cache_kept_for_all_is_that_cause() -> None:
    """The repeated request varies, since it gets the refusal of a request without a token."""
    seen = [*kept_refusals()]
    (cause,) = causes(seen, [verdict(one, "http.repeat-is-identical", "401") for one in seen if one.kind == "plain"])
    assert cause["id"] == "likely.shared-cache"


def test_a_refusal_of_its_own_is_no_caches() -> None:
    """Another request id each time: the server refuses now and then."""
    seen = [*kept_refusals("another")]
    (cause,) = causes(seen, [verdict(one, "http.repeat-is-identical", "401") for one in seen if one.kind == "plain"])
    assert cause["id"] == "http.repeat-is-identical"


def test_a_missing_photo_that_a_cache_kept_for_all_is_that_cause() -> None:
    """404 in place of 401, with the request id of the owner's own request."""
    absent = [one for one in responses() if one.state == "absent" and one.photo]
    kept = [replace(one, id=f"{one.id}/none", caller="", credential="none", state="no-credentials") for one in absent]
    (cause,) = causes([*absent, *kept], [verdict(one, "credentials.refused-with-401", "404") for one in kept])
    assert cause["id"] == "likely.shared-cache"
