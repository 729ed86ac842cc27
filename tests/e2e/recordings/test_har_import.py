"""Recordings of other tools: what answers a request of the suite is evaluated, the rest is named."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.model import Answer, Probe, State
from tests.e2e.recordings.evaluating import Document, evaluated, outcomes, run, written
from tests.e2e.recordings.other_tools import TOKEN, entry, everything, plainly
from tests.in_process import BASE_URL, conforming_run

BEARER = ("Authorization", f"Bearer {TOKEN}")


def good(key: str) -> tuple[str, Answer]:
    """The URL of a probe, and what the reference service answers."""
    probe, _, exchange = conforming_run().good[key]
    assert exchange.answer is not None
    return BASE_URL + probe.target, exchange.answer


PHOTO, METADATA = "user.photo.id/user-1/plain", "user.metadata.id/user-1/plain"


def plain(*keys: str) -> Iterator[dict[str, Any]]:
    """Good answers to these probes, asked with the token."""
    return (entry(*good(key), BEARER) for key in keys)


def of(document: Document, requirement: str, case: str) -> str:
    """The outcome of one verdict."""
    return outcomes(document)[requirement, case]


def test_all_that_a_proxy_saw_of_a_run_is_evaluated_alike(target_path: Path, tmp_path: Path) -> None:
    """What the default caller and callers without a token asked gets the verdicts of the run."""
    document = evaluated(recording=written(tmp_path, everything()), target=target_path)
    live = {(v.requirement, v.case): str(v.outcome) for v in conforming_run().evaluated()}
    found = outcomes(document, "not-exercised")

    assert len(found) > 1500
    assert found.items() <= live.items()
    assert document["target"]["base_url"] == BASE_URL


def test_the_base_url_is_found_by_matching(target_path: Path, tmp_path: Path) -> None:
    """The version segment may stand anywhere; the base URL that most entries have is the target's."""
    elsewhere = entry("https://other.example/v1.0/me/photo", Answer(500), BEARER)
    moved = json.dumps(list(plain(PHOTO, METADATA))).replace(BASE_URL, "https://API.Example:443/graph/beta")
    without = target_path.read_text().replace(f'base_url = "{BASE_URL}"', "")
    target_path.write_text(without)
    document = evaluated(recording=written(tmp_path, [*json.loads(moved), elsewhere]), target=target_path)

    assert document["target"]["base_url"] == "https://api.example/graph/beta"
    assert document["notes"] == [
        "1 entry is at https://other.example/v1.0, not at https://api.example/graph/beta: to evaluate them, "
        "give --base-url=https://other.example/v1.0"
    ]
    assert of(document, "picture.answers-200", "user.photo.id.present/user-1") == "conforms"


def test_a_base_url_that_is_given_needs_no_version(tmp_path: Path) -> None:
    """A mock without a version segment is evaluated at the base URL that is given."""
    entries = [
        entry("http://localhost:3000/me/photo", Answer(200)),
        entry("http://localhost:3000/v1.0/me/photo", Answer(200), BEARER),
    ]
    document = evaluated("http://localhost:3000", recording=written(tmp_path, entries))

    assert document["target"]["base_url"] == "http://localhost:3000"
    assert document["notes"][0].startswith("1 entry is at http://localhost:3000/v1.0, not at http://localhost:3000:")


def test_what_matches_no_operation_is_counted(target_path: Path, tmp_path: Path) -> None:
    """Other paths, methods and hosts are said in a note, with how many they are."""
    trace = entry(f"{BASE_URL}/me/photo", Answer(200))
    trace["request"]["method"] = "TRACE"
    others = [entry(f"{BASE_URL}/me/messages", Answer(500)) for _ in range(10)]
    document = evaluated(
        recording=written(tmp_path, [*others, trace, entry("nonsense", None), *plain(PHOTO)]), target=target_path
    )

    assert document["notes"] == [
        "11 entries are not about a photo",
        f"no operation at {BASE_URL}: TRACE {BASE_URL}/me/photo (the nearest is GET /me/photo)",
    ]
    assert document["counts"]["violates"] == 0


def test_a_fault_is_found(target_path: Path, tmp_path: Path) -> None:
    """A picture that comes as text is said, with the entry that holds it."""
    url, answer = good(PHOTO)
    faulted = replace(answer, body=base64.b64encode(answer.body))
    document = evaluated(recording=written(tmp_path, [entry(url, faulted, BEARER)]), target=target_path)
    (verdict,) = [verdict for verdict in document["verdicts"] if verdict["outcome"] == "violates"]

    assert verdict["requirement"] == "picture.is-a-picture"
    assert verdict["exchanges"] == ["entry-1"]


def test_a_later_identical_request_is_asked_again(target_path: Path, tmp_path: Path) -> None:
    """The second of two identical requests is held against the first."""
    url, answer = good(METADATA)
    other = replace(answer, body=answer.body.replace(b"240", b"360"))
    document = evaluated(
        recording=written(tmp_path, [*plain(METADATA, PHOTO), entry(url, other, BEARER)]), target=target_path
    )

    assert of(document, "http.repeat-is-identical", "user.metadata.id.present/user-1") == "violates"


@pytest.mark.parametrize("header", ["If-None-Match", "Range", "if-modified-since"])
def test_conditional_requests_are_held_to_what_holds_everywhere(header: str, target_path: Path, tmp_path: Path) -> None:
    """A browser that asks whether its copy is still good gets 304, and that is no deviation."""
    url, _ = good(PHOTO)
    entries = [
        *plain(PHOTO, METADATA),
        entry(url, Answer(304), BEARER, (header, '"1"')),
        entry(url, Answer(304), BEARER),
    ]
    document = evaluated(recording=written(tmp_path, entries), target=target_path)

    assert document["counts"]["violates"] == document["counts"]["departs"] == 0
    assert document["notes"] == [
        "2 entries are like no request of the suite; evaluated by what holds of every response"
    ]


def test_other_options_are_held_to_what_holds_everywhere(target_path: Path, tmp_path: Path) -> None:
    """`$select` as the suite asks it is evaluated as such; another one may do anything but break down."""
    selects = [key for key in conforming_run().good if key.startswith("user.metadata.id/user-1/select-")]
    percent = [entry(url.replace("$", "%24"), answer, BEARER) for url, answer in map(good, selects)]
    odd = entry(f"{good(METADATA)[0]}?$select=id,noSuch", Answer(500), BEARER)
    document = evaluated(recording=written(tmp_path, [*percent, odd, *plain(METADATA)]), target=target_path)

    assert of(document, "option.select-returns-properties", "user.metadata.id.present/user-1") == "conforms"
    assert of(document, "http.never-5xx", "user.metadata.id.present/user-1") == "violates"


@pytest.mark.parametrize("path", ["/users('{id}')/photo", "/Users/{id}/Photo"])
def test_keys_in_parentheses_accuse_no_owner_of_a_path(path: str, target_path: Path, tmp_path: Path) -> None:
    """OData's other spelling of a path is nothing that the contract asks for; the case of its words is."""
    url, _ = good(METADATA)
    spelt = BASE_URL + path.format(id=url.split("/")[-2])
    document = evaluated(recording=written(tmp_path, [entry(spelt, Answer(404), BEARER)]), target=target_path)

    assert document["counts"]["violates"] == int(path.startswith("/U"))


def test_a_wait_belongs_to_the_answer_that_came_after_it(target_path: Path, tmp_path: Path) -> None:
    """A 429 that was followed by an answer is no response to be evaluated; one that was not leaves it open."""
    url, _ = good(PHOTO)
    wait = Answer(429, (("Retry-After", "1"),))
    other, _ = good(METADATA)
    entries = [entry(url, wait, BEARER), *plain(PHOTO), entry(other, wait, BEARER)]
    document = evaluated(recording=written(tmp_path, entries), target=target_path)

    assert of(document, "picture.answers-200", "user.photo.id.present/user-1") == "conforms"
    assert of(document, "metadata.answers-200", "user.metadata.id.present/user-1") == "inconclusive"


def test_what_a_browser_took_from_its_cache_is_not_evaluated(target_path: Path, tmp_path: Path) -> None:
    """Nothing was sent, so nothing came back."""
    cached = entry(good(PHOTO)[0], Answer(200, body=b"x"), BEARER, _fromCache="disk")
    document = evaluated(recording=written(tmp_path, [cached, *plain(METADATA)]), target=target_path)

    assert document["notes"] == ["1 entry is a browser's own copy: nothing was sent"]
    assert document["counts"]["violates"] == 0


def test_without_a_target_file_owners_and_states_come_from_the_recording(tmp_path: Path) -> None:
    """Each owner that is requested is listed; the responses show whether they have a photo."""
    absent = (f"group.{form}/group-2/plain" for form in ("photo", "metadata"))
    entries = plain(PHOTO, METADATA, *absent, "me.photo/user-1/plain")
    found = outcomes(evaluated(recording=written(tmp_path, entries)), "not-exercised")

    assert found["picture.is-a-picture", "user.photo.id.present/user-1"] == "conforms"
    assert found["picture.is-a-picture", "me.photo.present/user-1"] == "conforms"
    assert found["picture.absent-is-404", "group.photo.absent/group-2"] == "conforms"


def test_without_a_target_file_refusals_are_evaluated(tmp_path: Path) -> None:
    """A group whose photo comes without a token needs no state to be wrong."""
    entries = [entry(f"{BASE_URL}/groups/a/photo", Answer(200, body=b"{}"), ("Accept", "*/*")), *plain(METADATA)]
    found = outcomes(evaluated(recording=written(tmp_path, entries)), "not-exercised")

    assert found["credentials.none-is-refused", "group.metadata.no-credentials/group-1"] == "violates"


def test_a_browser_that_leaves_tokens_out_accuses_no_target(target_path: Path, tmp_path: Path) -> None:
    """Where no entry holds Authorization, answers with a photo were asked with a token that is not shown."""
    entries = everything(lambda probe: plainly(probe) or probe.request_kind == "no-token", tokens=False)
    document = evaluated(recording=written(tmp_path, entries), target=target_path)

    assert document["counts"]["violates"] == document["counts"]["departs"] == 0
    assert document["counts"]["conforms"] > 300
    assert any("browser leaves it out" in note for note in document["notes"])


def token_of(user_id: str) -> str:
    """A JWT that says whose it is."""
    claims = (
        base64.urlsafe_b64encode(json.dumps({"oid": user_id, "scp": "User.Read.All"}).encode()).decode().rstrip("=")
    )
    return f"eyJhbGciOiJub25lIn0.{claims}.c2lnbmF0dXJl"


@pytest.mark.parametrize(("mine", "outcome"), [(True, "conforms"), (False, "not-exercised")])
def test_a_token_says_whose_own_photo_was_asked_for(
    mine: bool, outcome: str, target_path: Path, tmp_path: Path
) -> None:
    """At `/me` a token that names another user shows another photo, which is not evaluated as the default caller's."""
    users = [owner for owner in conforming_run().plan.tenant.owners if owner.kind == "user"]
    user_id = str(users[0].user_id) if mine else "00000000-0000-4000-8000-00000000cafe"
    url, answer = good("me.photo/user-1/plain")
    entries = [entry(url, answer, ("Authorization", f"Bearer {token_of(user_id)}"))]
    document = evaluated(recording=written(tmp_path, entries), target=target_path)

    assert of(document, "picture.answers-200", "me.photo.present/user-1") == outcome


def unknown(probe: Probe) -> bool:
    """Whether somebody is asked for who exists nowhere."""
    return probe.state is State.UNKNOWN


def test_unknown_ids_of_the_target_file_are_evaluated(target_path: Path, tmp_path: Path) -> None:
    """Who is asked for and stands under `[unknown]` must not be found."""
    document = evaluated(recording=written(tmp_path, everything(unknown)), target=target_path)

    assert {case.partition("/")[0].rpartition(".")[2] for _, case in outcomes(document, "not-exercised")} == {"unknown"}
    assert document["counts"]["conforms"] > 0


@pytest.mark.parametrize(
    "header",
    [
        ("Authorization", f"Bearer {TOKEN}"),
        ("authorization", TOKEN),
        ("Proxy-Authorization", f"Basic {TOKEN}"),
        ("Cookie", f"session={TOKEN}; other=1"),
        ("Ocp-Apim-Subscription-Key", TOKEN),
        ("x-functions-key", "canary"),
    ],
)
def test_no_secret_of_a_recording_comes_out(header: tuple[str, str], target_path: Path, tmp_path: Path) -> None:
    """Tokens, cookies and keys of another tool's file stand in no report, nor where they are sent back."""
    url, answer = good(METADATA)
    back = (("X-Echo", f"you sent {TOKEN}"), ("Set-Cookie", f"a={TOKEN}; Path=/"))
    echo = replace(answer, headers=(*answer.headers, *back), body=answer.body + TOKEN.encode())
    url = url.replace("http://", f"http://me:{TOKEN}@") + f"?api_key={TOKEN}&sig=canary"
    done = run(recording=written(tmp_path, [entry(url, echo, header)]), target=target_path)

    assert '"_id": "entry-1"' in "".join(done.har().lines())
    assert "canary" not in "".join(done.har().lines()) + json.dumps(done.document())
