"""Several users, or several tokens of one user, in one recording: no difference between them accuses the target."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.recordings.evaluating import Document, evaluated, written
from tests.e2e.recordings.invented import (
    INES,
    TOMO,
    UPNS,
    Entry,
    document,
    got,
    jwt,
    photo,
    properties,
    refused,
    seen,
    target,
)

LOST: dict[str, object] = {"text": "", "size": 0}
FULL = jwt(oid=INES, upn=UPNS[INES], scp="User.Read")
LESSER = jwt(oid=INES, upn=UPNS[INES], scp="Mail.Read")
DENIED = {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}}
NOT_FOUND = {"error": {"code": "ImageNotFound", "message": "Not found."}}


def bad(found: Document) -> set[tuple[str, str]]:
    """What is violated or departed from."""
    return {place for place, outcome in seen(found).items() if outcome in ("violates", "departs")}


def denied(path: str, status: int = 403) -> Entry:
    """What a token without a listed scope gets."""
    return got(path, status, DENIED, LESSER, **{"Content-Type": "application/json"})


@pytest.mark.parametrize("text", [None, target(INES)], ids=["no target file", "a target file"])
@pytest.mark.parametrize("status", [403, 404])
def test_a_lesser_token_of_the_same_user_may_be_refused(status: int, text: str | None, tmp_path: Path) -> None:
    """Another token of theirs, with other scopes, got the photo: the target gave no two responses to one request."""
    own = [properties("/me", INES, FULL), photo("/me", INES, FULL)]
    found = document(tmp_path, [*own, denied("/me/photo", status), denied("/me/photo/$value", status)], text)

    assert not bad(found)
    assert seen(found)["picture.answers-200", "me.photo.present/user-1"] == "conforms"
    assert any("perhaps of the same user with other scopes" in note for note in found["notes"])


@pytest.mark.parametrize("hidden", [None, "REDACTED"])
def test_a_hidden_token_may_hold_more_later(hidden: str | None, tmp_path: Path) -> None:
    """A browser's user consents to more, and what was 403 is 200 then; the recording shows neither token."""
    denied = got("/me/photo/$value", 403, DENIED, hidden, **{"Content-Type": "application/json"})
    found = document(tmp_path, [denied, properties("/me", INES, hidden), photo("/me", INES, hidden)], target(INES))

    assert not bad(found)
    assert seen(found)["picture.answers-200", "me.photo.present/user-1"] == "conforms"


def test_a_blank_token_may_be_refused_where_there_is_no_photo(tmp_path: Path) -> None:
    """404 of a good token and 403 of a blank one are no two responses to one request (H3)."""
    path = f"/users/{INES}/photo/$value"
    entries = [
        got(path, status, body, token, **{"Content-Type": "application/json"})
        for status, body, token in ((404, NOT_FOUND, FULL), (403, DENIED, ""), (404, NOT_FOUND, FULL))
    ]
    own = got("/me/photo/$value", 404, NOT_FOUND, FULL, **{"Content-Type": "application/json"})

    assert not bad(document(tmp_path, [own, *entries], target(INES).replace("photo = true", "photo = false")))


def test_a_lesser_token_may_be_refused_what_a_hidden_one_gets(tmp_path: Path) -> None:
    """The hidden token may be another one of the same user."""
    hidden = [properties("/me", INES, "REDACTED"), photo("/me", INES, "REDACTED")]
    found = document(tmp_path, [*hidden, denied("/me/photo/$value")], target(INES))

    assert not bad(found)
    assert seen(found)["picture.answers-200", "me.photo.present/user-1"] == "conforms"


def test_of_two_recordings_one_may_show_no_tokens(tmp_path: Path) -> None:
    """A browser's sanitized export beside a proxy's recording: nothing in it was asked without a token."""
    paths = []
    for number, token in enumerate((FULL, None)):
        (tmp_path / str(number)).mkdir()
        paths.append(written(tmp_path / str(number), [properties("/me", INES, token), photo("/me", INES, token)]))
    found = evaluated(recording=tuple(paths), edition="observed")

    assert not bad(found)
    assert any("leaves it out" in note for note in found["notes"])


def test_a_token_with_the_same_scopes_is_not_lesser(tmp_path: Path) -> None:
    """What one token of a user gets and another, with the same scopes, does not, varies (H3)."""
    again = jwt(oid=INES, upn=UPNS[INES], scp="User.Read", iat=2)
    missing = got("/me/photo/$value", 404, NOT_FOUND, again, **{"Content-Type": "application/json"})
    found = document(tmp_path, [photo("/me", INES, FULL), missing])

    assert ("http.repeat-is-identical", "me.photo.present/user-1") in bad(found)


@pytest.mark.parametrize("hidden", [None, "REDACTED"])
def test_two_signed_in_users_without_tokens_are_not_one(hidden: str | None, tmp_path: Path) -> None:
    """Nothing says who was signed in: what two users were shown at `/me` is left out, with a note."""
    entries = [properties("/me", INES, hidden), photo("/me", INES, hidden)]
    entries += [properties("/me", TOMO, hidden), photo("/me", TOMO, hidden)]
    found = document(tmp_path, [*entries, photo(f"/users/{INES}", INES, hidden)])

    assert not bad(found)
    assert seen(found)["picture.is-a-picture", "user.photo.id.present/user-1"] == "conforms"
    assert any("nothing says whose token it bears: none is shown" in note for note in found["notes"])


@pytest.mark.parametrize("lost", [{}, LOST], ids=["bodies", "no bodies"])
def test_two_signed_in_users_are_not_one_where_one_has_no_photo(lost: dict[str, object], tmp_path: Path) -> None:
    """That is known by the statuses, also where no body was kept."""
    entries = [photo("/me", INES, "REDACTED"), got("/me/photo/$value", 404, NOT_FOUND, "REDACTED")]
    for entry in entries:
        entry["response"]["content"] |= lost
    found = document(tmp_path, entries)

    assert not bad(found)
    assert any("nothing says whose token it bears: none is shown" in note for note in found["notes"])


@pytest.mark.parametrize("status", [0, 403])
def test_a_response_that_failed_does_not_show_that_an_owner_exists(status: int, tmp_path: Path) -> None:
    """An id of which one request failed, and the other is 404, has no placeholder to return."""
    gone = f"/users/{TOMO}/photo"
    vain = got(f"{gone}/$value", status, DENIED, FULL, **{"Content-Type": "application/json"})
    entries = [properties("/me", INES, FULL), photo("/me", INES, FULL), vain, got(gone, 404, NOT_FOUND, FULL)]
    (tmp_path / "r").mkdir()
    found = evaluated(recording=written(tmp_path / "r", entries), edition="v1.0-2016")

    assert not {requirement for requirement, _ in bad(found)} & {"placeholder.status-is-expected"}


def test_a_cookie_that_is_set_again_is_no_token_that_came_back(tmp_path: Path) -> None:
    """Gateways set a session's cookie with every response; only the token in Authorization is looked for (E3)."""
    entry = photo("/me", INES, FULL, **{"Set-Cookie": "sid=9f8e7d6c5b4a3f2e1d; path=/"})
    entry["request"]["headers"].append({"name": "Cookie", "value": "sid=9f8e7d6c5b4a3f2e1d"})
    found = document(tmp_path, [entry])

    assert not bad(found)


def test_a_token_that_is_a_cookie_too_came_back(tmp_path: Path) -> None:
    """Whatever else it is used for, the token that was sent stands in the response."""
    entry = photo("/me", INES, FULL, **{"Set-Cookie": f"sid={FULL}; path=/"})
    entry["request"]["headers"].append({"name": "Cookie", "value": f"sid={FULL}"})
    found = document(tmp_path, [entry])

    assert ("error.does-not-echo-token", "me.photo.present/user-1") in bad(found)


def test_a_placeholder_of_graph_explorer_takes_no_url_apart(tmp_path: Path) -> None:
    """What Graph Explorer writes in place of a sample user's token holds the base URL; it is no secret."""
    proxied = photo("/me", INES, None)
    proxied["request"]["url"] = "https://proxy.example/svc?url=https%3A%2F%2Fgraph.example%2Fv1.0%2Fme%2Fphoto"
    proxied["request"]["headers"].append(
        {"name": "Authorization", "value": "Bearer {token:https://graph.fabrikam.example/}"}
    )
    found = document(tmp_path, [proxied, photo("/me", INES, FULL)])

    assert seen(found)["picture.is-a-picture", "me.photo.present/user-1"] == "conforms"


def test_a_lesser_token_may_be_refused_where_there_is_no_photo(tmp_path: Path) -> None:
    """404 of a token that may look, and 403 of another one of the same user, are no two responses to one request."""
    missing = got("/me/photo/$value", 404, NOT_FOUND, FULL, **{"Content-Type": "application/json"})
    text = target(INES).replace("photo = true", "photo = false")

    assert not bad(document(tmp_path, [missing, denied("/me/photo/$value"), missing], text))


@pytest.mark.parametrize(
    "place", ["/users/gone@fabrikam.example/contacts", f"/users/{TOMO}/contactFolders/B=/contacts"]
)
def test_a_contact_of_an_unknown_user_is_no_contact_without_a_photo(place: str, tmp_path: Path) -> None:
    """Without a target file, a contact asked below a user or folder that does not exist is none of theirs."""
    found_there = [photo(f"/users/{TOMO}/contacts/AAMkA=", INES, FULL)]
    gone = got(f"{place}/AAMkA=/photo", 404, NOT_FOUND, FULL, **{"Content-Type": "application/json"})
    found = evaluated(recording=written(tmp_path, [*found_there, gone]), edition="v1.0-2016")

    assert not bad(found)
    assert [each["kind"] for each in found["target"]["owners"]].count("contact") == 1


@pytest.mark.parametrize("claims", [{"upn": UPNS[INES].upper()}, {}, {"preferred_username": UPNS[INES]}])
def test_a_user_whose_new_token_says_less_or_says_it_otherwise_is_one(claims: dict[str, str], tmp_path: Path) -> None:
    """Their id says enough: without a target file too, the first token was renewed by the second."""
    renewed = jwt(oid=INES, scp="User.Read", **claims)
    entries = [refused("/me/photo", FULL), properties("/me", INES, renewed), photo("/me", INES, renewed)]
    found = seen(document(tmp_path, entries))

    assert set(found.values()) == {"conforms"}


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_was_kept_is_evaluated_if_another_user_saw_it_before(whole: bool, tmp_path: Path) -> None:
    """Another user's app read the same photo in a way that the recorder does not keep."""
    before, kept = photo(f"/users/{INES}", INES, "BBB"), photo(f"/users/{INES}", INES, FULL)
    before["response"]["content"] |= LOST
    if not whole:
        kept["response"]["content"] |= {"text": "no picture", "encoding": "", "size": 10}
    found = seen(document(tmp_path, [before, photo("/me", INES, FULL), kept], target(INES, TOMO)))

    assert found["picture.is-a-picture", "user.photo.id.present/user-1"] == ("conforms" if whole else "violates")


def test_a_status_that_varies_is_named_where_a_body_was_lost(tmp_path: Path) -> None:
    """One that came whole stands first, and the other is compared with it."""
    lost = photo(f"/users/{INES}", INES, "REDACTED")
    lost["response"]["content"] |= LOST
    gone = got(f"/users/{INES}/photo/$value", 404, NOT_FOUND, "REDACTED", **{"Content-Type": "application/json"})
    found = document(tmp_path, [lost, gone], target(INES))

    assert {name for name, _ in bad(found)} & {"http.repeat-is-identical", "picture.answers-200"}
