"""A problem of the run as a whole is reported once, and says nothing of the contract."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.evaluation.run_problems import set_aside
from conformance.model import (
    Answer,
    Caller,
    Credential,
    CredentialKind,
    Exchange,
    Failure,
    FailureKind,
    Form,
    Operation,
    Owner,
    Probe,
    Recording,
    Request,
    Shape,
    State,
)

SHAPE = Shape(Operation("me", "me", Form.METADATA, "/me/photo", "S15", "S3", frozenset(), frozenset()), None)
EXPIRED = b'{"error": {"message": "Access token has expired or is not yet valid."}}'


def recorded(*answers: tuple[int, bytes], kind: CredentialKind = CredentialKind.TOKEN) -> tuple[Recording, list[Probe]]:
    """These answers, a second after one another, each in half a second."""
    probes = [
        Probe(
            f"probe-{n}", SHAPE, State.PRESENT, Owner("user-1", "user"), "plain", "/me/photo", Credential(kind, "adele")
        )
        for n in range(len(answers))
    ]
    exchanges = {
        f"probe-{n}": Exchange(
            f"probe-{n}", Request("GET", "http://a"), Answer(status, body=body),
            started=f"2026-11-23T15:00:{n:02}.000Z", seconds=0.5,
        )
        for n, (status, body) in enumerate(answers)
    }  # fmt: skip
    return Recording(exchanges), probes


def kinds(recording: Recording) -> list[FailureKind | None]:
    return [each.failure.kind if each.failure else None for each in recording.exchanges.values()]


def test_a_token_that_is_refused_everywhere_says_nothing() -> None:
    """All answers of its caller are set aside."""
    aside = set_aside(*recorded((401, b""), (401, b""), (401, EXPIRED)))

    assert kinds(aside) == [FailureKind.CREDENTIAL] * 3
    assert "refused everywhere" in aside.notes[0]


def test_several_tokens_that_are_refused_everywhere_are_one_problem() -> None:
    """One note names the callers, and every response of theirs is set aside with it."""
    recording, probes = recorded(*[(401, b"")] * 4)
    of_two = [
        replace(each, credential=replace(each.credential, caller=f"user-{n % 2}")) for n, each in enumerate(probes)
    ]

    aside = set_aside(recording, of_two)

    assert aside.notes == (
        "the tokens of user-0, user-1 are refused everywhere (401): "
        "expired, for another target, or removed on the way?",
    )
    assert {each.failure.detail for each in aside.exchanges.values() if each.failure} == set(aside.notes)


@pytest.mark.parametrize(
    ("scopes", "statuses", "aside"),
    [
        (None, (403, 403, 403), True),
        (None, (403, 404, 403), False),
        (None, (403, 200, 403), False),
        (frozenset({"User.Read"}), (403, 403, 403), False),
    ],
)
def test_403_for_every_photo_says_nothing_while_the_scopes_are_unknown(
    scopes: frozenset[str] | None, statuses: tuple[int, ...], aside: bool
) -> None:
    """Where the scopes are known, or any photo is not 403, the responses are evaluated."""
    recording, probes = recorded(*((status, b"") for status in statuses))
    found = set_aside(recording, probes, (Caller("adele", scopes),))

    assert (kinds(found) == [FailureKind.CREDENTIAL] * 3) == aside
    assert bool(found.notes) == aside


@pytest.mark.parametrize(("status", "aside"), [(403, True), (404, False), (200, False)])
def test_a_403_for_a_made_up_id_is_as_good_as_the_scopes(status: int, aside: bool) -> None:
    """It is set aside with those for every photo; another response of an unknown owner is evaluated."""
    recording, probes = recorded((403, b""), (403, b""), (status, b""))
    probes[2] = replace(probes[2], state=State.UNKNOWN)
    found = set_aside(recording, probes, (Caller("adele", None),))
    assert kinds(found) == [FailureKind.CREDENTIAL] * 2 + [FailureKind.CREDENTIAL if aside else None]


def test_403_for_every_made_up_id_says_nothing_where_no_owner_is_known() -> None:
    """A token that lists nothing may lack the scopes to learn that an id does not exist."""
    recording, probes = recorded((403, b""), (403, b""))
    unknown = [replace(probe, state=State.UNKNOWN) for probe in probes]
    found = set_aside(recording, unknown, (Caller("adele", None),))
    assert kinds(found) == [FailureKind.CREDENTIAL] * 2


def test_a_token_that_expires_midway_says_nothing_from_then_on() -> None:
    """What was answered before is evaluated."""
    aside = set_aside(*recorded((200, b""), (404, b""), (401, EXPIRED), (401, EXPIRED)))

    assert kinds(aside) == [None, None, FailureKind.CREDENTIAL, FailureKind.CREDENTIAL]
    assert aside.notes == ("the token of adele expired during the run (401)",)


@pytest.mark.parametrize(
    "answers", [((200, b""), (401, EXPIRED), (200, b"")), ((200, b""), (401, b"no"), (401, b"no"))]
)
def test_a_token_that_still_works_has_not_expired(answers: tuple[tuple[int, bytes], ...]) -> None:
    """A target that says so of one request only, or does not say so, is evaluated by its 401."""
    aside = set_aside(*recorded(*answers))

    assert kinds(aside) == [None, None, None]
    assert aside.notes == ()


def test_a_claims_challenge_is_about_the_credential() -> None:
    """It says nothing against the path, though the same token opens others later."""
    challenge = b'{"error": {"code": "InvalidAuthenticationToken", "message": "insufficient_claims"}}'
    aside = set_aside(*recorded((200, b""), (401, challenge), (200, b"")))

    assert kinds(aside) == [None, FailureKind.CREDENTIAL, None]


def test_a_good_recording_stays_as_it_is() -> None:
    """Nothing is set aside, and failures are kept."""
    recording, probes = recorded((200, b""), (404, b""))
    lost = Exchange("lost", Request("GET", "http://a"), failure=Failure(FailureKind.DEADLINE, "late"))
    recording = Recording({**recording.exchanges, "lost": lost})

    assert set_aside(recording, probes) == recording


def test_nothing_but_404_without_a_token_too_is_a_wrong_path() -> None:
    """The base URL is in doubt, and nothing else."""
    recording, probes = recorded(*[(404, b"")] * 8, kind=CredentialKind.NONE)
    aside = set_aside(recording, probes)

    assert set(kinds(aside)) == {FailureKind.UNREACHABLE}
    assert "version segment" in aside.notes[0]
