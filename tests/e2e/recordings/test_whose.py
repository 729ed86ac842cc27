"""Whose request it was: by tokens of the environment, by what tokens say, by what came after; never by a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.recordings.evaluating import evaluated, outcomes, written
from tests.e2e.recordings.invented import (
    INES,
    TOMO,
    UPNS,
    Entry,
    document,
    got,
    jwt,
    metadata,
    photo,
    picture,
    properties,
    refused,
    seen,
    target,
)

MINE, METADATA = (
    ("picture.answers-200", "me.photo.present/user-1"),
    ("metadata.answers-200", "me.metadata.present/user-1"),
)
THEIRS = ("picture.answers-200", "me.photo.present/user-2")
CHALLENGE = 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="'
DENIED = {"error": {"code": "InvalidAuthenticationToken", "message": "Access denied."}}


def both(token: str | None, user: str = INES) -> list[Entry]:
    """A user's own photo and its metadata, asked with this token."""
    return [properties("/me", user, token), photo("/me", user, token)]


def test_a_token_of_the_environment_is_its_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second user is signed in, and nothing is said of the first."""
    monkeypatch.setenv(f"TOKEN_{INES[:4]}", "AAA")
    monkeypatch.setenv(f"TOKEN_{TOMO[:4]}", "BBB")
    found = document(tmp_path, both("BBB", TOMO), target(INES, TOMO))

    assert seen(found)[THEIRS] == "conforms"
    assert MINE not in seen(found)
    assert set(seen(found).values()) == {"conforms"}


def test_a_token_that_nothing_knows_is_left_out_and_named(tmp_path: Path) -> None:
    """Two users may have sent it."""
    found = document(tmp_path, both("BBB", TOMO), target(INES, TOMO))

    assert not seen(found)
    assert found["notes"] == [
        "2 entries are left out: nothing says whose token it bears; set the variables that the target file names"
    ]


def test_the_only_token_is_the_only_users(tmp_path: Path) -> None:
    """A target file with one user, and one token that says nothing."""
    assert set(seen(document(tmp_path, both("opaque"), target(INES))).values()) == {"conforms"}


def test_of_two_unknown_tokens_neither_is_the_only_users(tmp_path: Path) -> None:
    """One of them may be another user's."""
    assert not seen(document(tmp_path, [*both("AAA"), *both("BBB", TOMO)], target(INES)))


@pytest.mark.parametrize("name", ["oid", "upn"])
def test_a_token_that_says_whose_it_is_is_believed_without_regard_to_case(name: str, tmp_path: Path) -> None:
    """By id or by userPrincipalName."""
    token = jwt(**{name: (TOMO if name == "oid" else UPNS[TOMO]).upper()})

    assert seen(document(tmp_path, both(token, TOMO), target(INES, TOMO)))[THEIRS] == "conforms"


def test_ids_in_paths_have_no_case_but_those_of_contacts(tmp_path: Path) -> None:
    """GUIDs and userPrincipalNames are one user's however they are written."""
    more = 'contacts = [{ id = "AAMkA=", photo = true }]\n'
    entries = [
        photo(f"/users/{INES.upper()}", INES),
        photo(f"/users/{UPNS[INES].title()}", INES),
        photo("/me/contacts/aamka%3D", INES),
    ]
    found = document(tmp_path, entries, target(INES, more=more))
    cases = {case for name, case in seen(found) if name == "picture.is-a-picture"}

    assert cases == {"user.photo.id.present/user-1", "user.photo.upn.present/user-1"}


MASKS = ["REDACTED", "Bearer REDACTED", "Bearer ***", "Bearer eyJ0eXAi…", "[redacted]", "", "Bearer "]


@pytest.mark.parametrize("value", MASKS)
def test_a_credential_that_is_not_shown_is_no_bad_one(value: str, tmp_path: Path) -> None:
    """A mask or a blank beside a 200 is the recorder's."""
    entries = both("x")
    for entry in entries:
        entry["request"]["headers"][1]["value"] = value
    found = document(tmp_path, entries, target(INES))

    assert set(seen(found).values()) == {"conforms"}
    assert MINE in seen(found)


@pytest.mark.parametrize("token", ["Bearer ***", "opaque"])
def test_an_unknown_token_may_be_any_of_two_users(token: str, tmp_path: Path) -> None:
    """`/me` is left out; a path that says whose photo it is is evaluated."""
    entries = [*both(token), photo(f"/users/{TOMO}", TOMO, token)]
    found = document(tmp_path, entries, target(INES, TOMO))

    assert {case for _, case in seen(found)} == {"user.photo.id.present/user-2"}
    assert "2 entries are left out" in found["notes"][0]


def test_a_hidden_token_that_is_refused_says_nothing(tmp_path: Path) -> None:
    """It may have run out, with the next request or without."""
    found = document(tmp_path, [refused("/me/photo", "Bearer ***"), *both("Bearer ***")], target(INES))

    assert found["counts"]["violates"] == 0
    assert found["counts"]["inconclusive"] > 0


@pytest.mark.parametrize(
    ("old", "new"),
    [("AAA", "BBB"), (jwt(oid=INES, exp=1), jwt(oid=INES, exp=2)), (jwt(upn=UPNS[INES]), jwt(upn=UPNS[INES], iat=1))],
)
def test_a_token_that_ran_out_and_was_renewed_is_waited_for(old: str, new: str, tmp_path: Path) -> None:
    """The response to the new token is the one that counts."""
    entries = [refused("/me/photo", old), refused("/me/photo/$value", old), *both(new)]
    found = document(tmp_path, entries, target(INES))

    assert found["counts"]["violates"] == found["counts"]["inconclusive"] == 0
    assert (seen(found)[MINE], seen(found)[METADATA]) == ("conforms", "conforms")


@pytest.mark.parametrize("text", [None, target(INES)])
def test_tokens_that_say_nothing_and_were_renewed_are_one_users(text: str | None, tmp_path: Path) -> None:
    """In a recording of some hours one token follows the other, with a target file and without."""
    entries = [refused("/me/photo", "AAA"), properties("/me", INES, "BBB"), refused("/me/photo/$value", "BBB")]
    found = document(tmp_path, [*entries, photo("/me", INES, "CCC")], text)

    assert set(seen(found).values()) == {"conforms"}
    assert {MINE, METADATA} <= seen(found).keys()


@pytest.mark.parametrize("challenge", [{}, {"WWW-Authenticate": CHALLENGE}])
def test_a_token_that_ran_out_says_nothing_of_the_path(challenge: dict[str, str], tmp_path: Path) -> None:
    """Expired or not strong enough, and not renewed."""
    body = DENIED if challenge else {"error": {"code": "x", "message": "Access token has expired."}}
    found = document(tmp_path, [refused("/me/photo", body=body, **challenge), photo("/me", INES)], target(INES))

    assert found["counts"]["violates"] == 0
    assert (seen(found)[MINE], seen(found)[METADATA]) == ("conforms", "inconclusive")


def test_a_refused_token_that_is_good_later_is_the_paths_fault(tmp_path: Path) -> None:
    """It opened another request after the 401."""
    entries = [refused("/me/photo", body=DENIED), photo("/me", INES)]

    assert seen(document(tmp_path, entries, target(INES)))[METADATA] == "violates"


def test_a_refused_token_that_is_never_good_again_says_nothing(tmp_path: Path) -> None:
    """Nothing shows that it was still good."""
    entries = [photo("/me", INES), refused("/me/photo", body=DENIED)]

    assert seen(document(tmp_path, entries, target(INES)))[METADATA] == "inconclusive"


def test_another_users_new_token_renews_nothing(tmp_path: Path) -> None:
    """The first user's metadata stays unknown; the second user's is theirs."""
    entries = [refused("/me/photo", jwt(oid=INES)), *both(jwt(oid=TOMO), TOMO)]
    found = document(tmp_path, entries, target(INES, TOMO))

    assert (seen(found)[METADATA], seen(found)[THEIRS]) == ("inconclusive", "conforms")
    assert found["counts"]["violates"] == 0


def test_without_a_target_file_each_token_is_a_caller(tmp_path: Path) -> None:
    """Two users' own photos are two, and the one that is asked for by id is known again by the token's claims."""
    entries = [*both(jwt(oid=INES), INES), *both("opaque", TOMO), photo(f"/users/{INES}", INES, jwt(oid=INES))]
    found = document(tmp_path, entries)
    cases = {case for name, case in seen(found) if name == "picture.is-a-picture"}

    assert set(seen(found).values()) == {"conforms"}
    assert cases == {"me.photo.present/user-1", "me.photo.present/user-2", "user.photo.id.present/user-1"}


def test_without_a_target_file_a_user_is_one_however_they_are_named_first(tmp_path: Path) -> None:
    """By id, then by userPrincipalName, then as the one who is signed in, with two tokens of different scopes."""
    token, other = (jwt(oid=INES, upn=UPNS[INES], scp=scope) for scope in ("User.Read", "User.Read.All"))
    entries = [photo(path, INES, token) for path in (f"/users/{INES}", f"/users/{UPNS[INES]}")] + both(other)
    found = document(tmp_path, entries)
    cases = {case for name, case in seen(found) if name == "picture.is-a-picture"}

    assert set(seen(found).values()) == {"conforms"}
    assert len(found["target"]["owners"]) == 1
    assert cases == {f"{place}.present/user-1" for place in ("me.photo", "user.photo.id", "user.photo.upn")}


def test_an_applications_token_is_the_default_caller(tmp_path: Path) -> None:
    """No user has a token in the target file: what the application asked is evaluated, and it has no `/me`."""
    users = f'[[user]]\nid = "{INES}"\nphoto = true\n'
    entries = [photo(f"/users/{INES}", INES, jwt(idtyp="app", roles=["User.Read.All"]))]
    found = document(tmp_path, entries, users)

    assert seen(found)["picture.answers-200", "user.photo.id.present/user-1"] == "conforms"
    assert found["target"]["callers"][0]["scopes"] == ["User.Read.All"]


def test_users_without_a_token_in_the_target_file_are_callers(tmp_path: Path) -> None:
    """Who may not hand out a token writes none down; the recorded ones say whose they are."""
    users = "".join(f'[[user]]\nid = "{user}"\nupn = "{UPNS[user]}"\nphoto = true\n' for user in (INES, TOMO))
    found = document(tmp_path, [*both(jwt(oid=TOMO), TOMO), *both(jwt(upn=UPNS[INES]))], users)

    assert seen(found)[MINE] == seen(found)[THEIRS] == "conforms"
    assert found["notes"] == []


@pytest.mark.parametrize(("status", "body", "outcome"), [(200, b"junk", "violates"), (404, DENIED, None)])
def test_what_another_caller_is_shown_is_evaluated(
    status: int, body: bytes | dict[str, object], outcome: str | None, tmp_path: Path
) -> None:
    """The second user looks at the first one's photo; not to be shown it may be right."""
    first, second = jwt(oid=INES), jwt(oid=TOMO)
    entries = [*both(first), *both(second, TOMO), got(f"/users/{INES}/photo/$value", status, body, second)]
    found = document(tmp_path, entries, target(INES, TOMO))

    assert seen(found).get(("picture.is-a-picture", "user.photo.id.present/user-1")) == outcome


FORBIDDEN = {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}}


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        (jwt(oid=INES, scp="User.Read"), None),
        (jwt(oid=INES, scp="User.Read.All"), "violates"),
        ("opaque", "inconclusive"),
        ("Bearer ***", "inconclusive"),
    ],
)
def test_a_403_is_a_fault_where_the_token_is_known_to_be_enough(
    token: str, outcome: str | None, tmp_path: Path
) -> None:
    """An app may ask for more than its token opens."""
    more = f'[[user]]\nid = "{TOMO}"\nphoto = true\n'
    entries = [*both(token), got(f"/users/{TOMO}/photo", 403, FORBIDDEN, token)]
    found = document(tmp_path, entries, target(INES, more=more))

    assert seen(found).get(("metadata.answers-200", "user.metadata.id.present/user-2")) == outcome


def test_a_photo_that_changed_is_two_photos(tmp_path: Path) -> None:
    """What came before an upload is not compared with what came after it."""
    upload = {**photo("/me", INES), "request": {**photo("/me", INES)["request"], "method": "PUT"}}
    other = got("/me/photo/$value", 200, picture(TOMO))
    found = document(tmp_path, [*both("AAA"), upload, other, got("/me/photo", 200, metadata(INES))], target(INES))

    assert found["counts"]["violates"] == 0


NOWHERE = {"error": {"code": "Request_ResourceNotFound", "message": "Resource 'gone' does not exist."}}


def test_an_id_that_is_nowhere_found_is_no_owner_without_a_photo(tmp_path: Path) -> None:
    """Without a target file, nothing shows that a user exists if all is 404, which is due to unknown ids."""
    token = jwt(oid=INES, upn=UPNS[INES])
    gone = [got(f"/users/gone@fabrikam.example/photo{end}", 404, NOWHERE, token) for end in ("", "/$value")]
    known = [properties(f"/users/{UPNS[INES]}", INES, token), photo(f"/users/{UPNS[INES]}", INES, token)]
    found = evaluated(recording=written(tmp_path, [*both(token), *known, *gone]), edition="v1.0-2016")

    result = outcomes(found, "not-exercised")
    assert "placeholder.status-is-expected" not in {requirement for requirement, _ in result}
    assert {"conforms"} == {outcome for (requirement, _), outcome in result.items() if requirement == "unknown.is-404"}


def test_a_user_whose_contact_is_found_exists(tmp_path: Path) -> None:
    """Without a target file too, the missing placeholder of such a user is a violation."""
    token = jwt(oid=INES, upn=UPNS[INES])
    absent = [got(f"/users/{TOMO}/photo{end}", 404, NOWHERE, token) for end in ("", "/$value")]
    contact = [photo(f"/users/{TOMO}/contacts/AAMkA=", INES, token)]
    found = evaluated(recording=written(tmp_path, [*both(token), *absent, *contact]), edition="v1.0-2016")

    named = {requirement for (requirement, _), outcome in outcomes(found).items() if outcome == "violates"}
    assert {"placeholder.status-is-expected"} <= named


def test_where_all_is_not_found_nothing_was_shown(tmp_path: Path) -> None:
    """Owners that nothing shows to exist give no green verdict."""
    paths = ("/users/a/photo", "/users/a/photo/$value", "/groups/b/photo", "/groups/b/photo/$value")
    entries = [got(path, 404, NOWHERE) for path in paths]
    assert not seen(evaluated(recording=written(tmp_path, entries), edition="observed"))
