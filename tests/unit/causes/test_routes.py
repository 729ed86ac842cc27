"""What causes about paths explain: what gets the status of the missing path, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.causes.evidence import Seen, path_of
from tests.unit.causes.made import causes, changed, responses, status, verdict
from tests.unit.causes.test_rules import here, let_in, not_found_with


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


def test_where_every_route_is_missing_all_that_is_inconclusive_has_that_cause() -> None:
    """What looks at two paths together has no status of its own."""
    both = verdict(responses()[0], "relation.id-and-upn-agree", outcome="inconclusive", findings=[], exchanges=[])

    (cause,) = causes((status(404)(one) for one in responses()), [both])

    assert cause["id"] == "likely.missing-routes"
    assert both["requirement"] in cause["requirements"]


def test_a_route_below_me_that_is_missing_is_not_explained_by_tokens_that_are_not_checked() -> None:
    """The first of two callers gets 404 there as well, so that it is no other user's photo."""

    def answered(one: Seen) -> Seen:
        return status(404)(one) if one.shape.startswith("me.") else let_in(one) if one.credential != "token" else one

    known = (one for one in responses() if not (one.shape.startswith("me.") and one.state == "unknown"))
    second = (replace(one, caller="user-2") if one.owner == "me-2" else one for one in known)
    found = causes(map(answered, second))

    (token,) = (cause for cause in found if cause["id"] == "likely.no-credential-checked")
    assert not any(name.endswith("-200") for name in token["requirements"])


def test_a_slash_that_every_path_gets_at_its_end_is_one_redirect() -> None:
    """As of a framework whose routes end in one."""
    (cause,) = causes(status(301, location=f"{path_of(one.url)}/")(one) for one in responses())
    assert cause["title"] == "Every request is redirected to the same path with / at its end"


def test_a_character_that_a_firewall_refuses_is_one_cause() -> None:
    """403 where it is in the URL, and a photo everywhere else."""
    (cause,) = causes(replace(one, status=403) if "%27" in one.url else one for one in not_found_with("%27"))
    assert cause["title"] == "%27 in ids is refused on the way"


def test_a_character_is_the_cause_also_where_all_ids_of_one_path_hold_it() -> None:
    """What it does at the other paths shows that this path is not missing."""

    def answered(one: Seen) -> Seen:
        changed = replace(one, url=one.url.replace(one.owner, one.owner + "%2B"))
        return status(404)(changed) if one.shape.startswith("user-folder") else one

    (cause,) = causes(answered(one) for one in not_found_with("%2B") if one.state != "unknown")
    assert cause["title"] == "%2B in ids is not decoded"


def test_a_target_that_follows_two_editions_is_of_neither() -> None:
    """Two backends of two versions, say: an id with a capital X disproves that it is the later one."""
    lower = [
        verdict(one, "metadata.id-matches-dimensions", "'2x2'") for one in responses() if one.shape == "me.metadata"
    ]
    other = {**verdict(responses()[0], lower[0]["requirement"]), "outcome": "conforms", "findings": []}
    assert [cause["id"] for cause in causes(responses(), lower)] == ["likely.other-edition"]
    assert [cause["id"] for cause in causes(responses(), [*lower, other])] == [lower[0]["requirement"]]


def test_one_of_several_encoded_characters_is_not_chosen() -> None:
    """Where the URLs that fail hold two encoded characters, and those that pass neither, both are named."""
    [found] = causes(not_found_with("%27d%2B"))
    assert found["title"] == "%27 or %2B in ids is not decoded"
    assert "%27 or %2B stands for ' or +" in found["hint"]


def test_what_was_not_sent_says_nothing_of_the_target() -> None:
    """Where no token could be had, or was refused, the headline is that, and not that nothing responds."""
    made = changed(status(0))
    found = [verdict(one, "http.response-is-complete", outcome="inconclusive", findings=[]) for one in made]
    unsent = [replace(one, failure="credential") for one in made]

    assert "likely.no-response" not in [one["id"] for one in causes(unsent, found)]
    assert "likely.no-response" in [one["id"] for one in causes([*made[:1], *unsent[1:]], found)]


def test_a_part_of_the_url_is_not_the_cause_where_nothing_of_the_operation_is_found() -> None:
    """Contacts that are looked up by undecoded ids: one with %2F fails, and so does one whose id has none."""

    def answered(one: Seen) -> Seen:
        if "%3D" not in one.url:
            return replace(one, url=one.url.replace("%2F", ""))
        changed = replace(one, url=one.url.replace("%3D", "" if one.state == "absent" else "%2F"))
        return status(404)(changed) if here("/contacts/")(one) else changed

    seen = list(map(answered, responses()))
    without = [one for one in seen if one.shape == "user-contact.metadata.id" and one.state == "absent"]

    (cause,) = causes(seen, [verdict(one, "placeholder.status-is-expected", "404") for one in without])

    assert cause["id"] == "likely.missing-routes"
    assert cause["hint"].startswith("Look at metadata and photo of user-contact: ")


def test_users_not_found_by_name_are_one_cause_where_nothing_of_their_contacts_is_found() -> None:
    """The contacts' URLs hold %40 as well, and fail with and without it."""

    def answered(one: Seen) -> Seen:
        named = replace(
            one, url=one.url.replace("/user-2/", "/user-2%40a/").replace("/u/contacts/", "/u%40a/contacts/")
        )
        missing = one.shape.startswith("user-contact") and one.state != "unknown"
        return status(404)(named) if missing or "-2%40" in named.url else named

    assert "likely.user-key" in {cause["id"] for cause in causes(map(answered, responses()))}


@pytest.mark.parametrize("unused", ["unknown-user", "unknown-contact"])
def test_an_id_in_the_path_that_is_not_used_is_named(unused: str) -> None:
    """The contact is looked up, and its user is not; or the other way round, and none is without a photo."""
    (first,) = (one for one in responses() if one.shape == "user-contact.photo.id" and one.state == "unknown")
    ids = (replace(first, id=label, owner=f"user-1.{label}") for label in ("unknown-user", "unknown-contact"))
    absent = status(200)(replace(first, id="absent", state="absent", owner="user-1.contact-2"))
    seen = [absent, *(status(200)(one) if one.id == unused else one for one in ids)]

    (cause,) = causes(seen, [verdict(one, "unknown.discloses-nothing") for one in seen if one.id == unused])

    assert cause["title"] == f"Ids that exist nowhere receive 200: {unused} at photo of user-contact (id)"
    assert cause["requirements"] == ["unknown.discloses-nothing", "picture.absent-is-404"]


def test_a_base_url_without_its_version_is_noticed() -> None:
    """Everything responds 404 below a base URL whose last segment is no version."""
    gone = changed(status(404))
    assert causes(gone, base_url="https://graph.example/api")[0]["id"] == "likely.wrong-version"
    assert "likely.wrong-version" not in {cause["id"] for cause in causes(gone)}


def test_what_departs_does_not_hide_an_edition() -> None:
    """Stubs recorded from the service, with errors of another tool: the edition explains most of what is violated."""
    lower = [
        verdict(one, "metadata.id-matches-dimensions", "'2x2'") for one in responses() if one.shape == "me.metadata"
    ]
    errors = [verdict(one, "error.has-envelope", level="SHOULD", outcome="departs") for one in responses()]

    assert causes(responses(), [*lower, *errors])[0]["id"] == "likely.other-edition"
