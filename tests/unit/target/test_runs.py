"""Whole runs on a target of which only the address and a token are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.model import Answer
from conformance.reference.default_tenant import ADELE, MEGAN
from conformance.reference.responses_sent import ServiceRequest
from conformance.reporting.conclusion import concluded
from conformance.reporting.run import Run
from tests.suite import Outcome, server, suite
from tests.unit.target.runs import run_on, verdicts
from tests.unit.target.targets import TOKENS, served

pytestmark = pytest.mark.whole


def without_lists(request: ServiceRequest, answer: Answer) -> Answer:
    """A target that knows nothing but photos."""
    return answer if "/photo" in request.target else Answer(404)


def outcomes(outcome: Outcome) -> set[str]:
    return {word for word, count in outcome.document["counts"].items() if count}


def test_a_token_and_an_address_are_enough(tmp_path: Path) -> None:
    """All 14 operations are exercised through discovery, with a photo and without, and a replay sees the same."""
    with server(tmp_path) as running:
        live = suite(
            "-q", f"--base-url={running.base_url}", reports=tmp_path / "live",
            env={"GRAPH_TOKEN": running.tokens["ADELE_TOKEN"]},
        )  # fmt: skip
    replayed = suite("-q", f"--recording={live.reports / 'exchanges.har'}", reports=tmp_path / "replayed")
    value = live.document["verdicts"]
    states = {(each["variant"], each["state"]) for each in value if each["outcome"] == "conforms"}

    assert (0, 0) == (live.code, replayed.code)
    assert {"conforms", "not-exercised"} == outcomes(live)
    assert "14 of 14 operations, 20 of 20 path shapes" in live.said
    assert {variant for variant, state in states if state == "absent"} == {variant for variant, _ in states} - {"me"}
    assert "/users: 4 other users found" in live.document["notes"]
    assert value == replayed.document["verdicts"]
    assert live.document["notes"] == replayed.document["notes"]


@pytest.mark.parametrize(("variable", "state"), [("ADELE_TOKEN", "present"), ("MEGAN_TOKEN", "absent")])
def test_without_lists_what_can_be_evaluated_is_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, state: str
) -> None:
    """The signed-in user's own photo, and credentials; the rest, made-up ids too, is reported."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS[variable])
    with served(without_lists) as base_url:
        run = run_on(base_url, tmp_path)
    document = run.document()
    done = {(each["variant"], each["state"]) for each in document["verdicts"] if each["outcome"] == "conforms"}

    assert concluded(Run(document)).exit_code == 0
    assert {variant for variant, _ in done} == {shape.variant for shape in run.edition.shapes}
    assert {state for variant, state in done if variant == "me"} == {state, "no-credentials"}
    assert {state for variant, state in done if variant != "me"} == {"no-credentials"}
    assert {each["outcome"] for each in document["verdicts"]} == {"conforms", "not-exercised"}
    assert "the target lists no users, groups or contacts; a target file names them" in document["notes"]


def test_a_token_that_opens_no_own_photo_is_inconclusive_while_its_scopes_are_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signed-in user's own photo is 403 to an opaque token: that may be the token's fault or the target's (U1)."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_CONTACTS_READ_TOKEN"])
    with served() as base_url:
        document = run_on(base_url, tmp_path).document()

    unsettled = [each for each in document["verdicts"] if each["outcome"] == "inconclusive"]
    assert concluded(Run(document)).exit_code == 6
    assert {(each["cites"], each["reason"]) for each in unsettled} == {
        ("U1", "403, and the scopes of the caller are not known")
    }


@pytest.mark.parametrize("variable", ["APP_TOKEN", "ADELE_USER_READ_TOKEN"])
def test_a_token_that_opens_little_is_no_reproach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """What its scopes do not open is not exercised, and says so."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS[variable])
    with served() as base_url:
        document = run_on(base_url, tmp_path).document()

    reasons = {each["reason"] for each in document["verdicts"] if each["outcome"] == "not-exercised"}
    assert concluded(Run(document)).exit_code == 0
    assert {each["outcome"] for each in document["verdicts"]} == {"conforms", "not-exercised"}
    assert any("an application has no /me" in why or "the token opens no" in why for why in reasons)


def test_a_bad_token_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every answer is 401 nothing of the contract was seen."""
    monkeypatch.setenv("GRAPH_TOKEN", "an-invented-token")
    with served() as base_url:
        document = run_on(base_url, tmp_path).document()

    assert concluded(Run(document)).exit_code == 6
    assert any("refused everywhere (401)" in note for note in document["notes"])


def test_a_wrong_address_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every answer is 404, without a token too, the base URL is in doubt."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with served(lambda _, __: Answer(404)) as base_url:
        document = run_on(base_url, tmp_path).document()

    assert concluded(Run(document)).exit_code == 6
    assert any("is the version segment of the base URL right?" in note for note in document["notes"])


def test_the_holder_of_graph_token_is_signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a target file whose users have no token, /me is exercised for the user whose GRAPH_TOKEN is."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["MEGAN_TOKEN"])
    target = tmp_path / "target.toml"
    target.write_text(f'[[user]]\nid = "{ADELE.id}"\n[[user]]\nid = "{MEGAN.id}"\nphoto = false\n', "utf-8")
    with served() as base_url:
        run = run_on(base_url, tmp_path, "placeholder", target=str(target))

    done = {each[1] for each in verdicts(run) if each[2] == "conforms"}
    assert "me.metadata.absent/user-2" in done
    assert "user.metadata.id.absent/user-2" in done


USAGE = {
    "variable": ('[[user]]\nid = "a"\ntoken = { env = "NOT_SET_ANYWHERE" }', "NOT_SET_ANYWHERE, which is not set"),
    "identity": ('[[identity]]\ntoken = { env = "NOT_SET_ANYWHERE" }', "NOT_SET_ANYWHERE, which is not set"),
    "program": (
        '[[user]]\nid = "a"\ntoken = { command = ["no-such-program"] }',
        "its program (the first of `command`) is not found",
    ),
    "azure": ('[[user]]\nid = "a"\ntoken = { azure = { credential = "password" } }', "one of default, client-secret"),
}


@pytest.mark.parametrize(("text", "case"), USAGE.values(), ids=USAGE.keys())
def test_a_source_that_cannot_work_sends_nothing(tmp_path: Path, text: str, case: str) -> None:
    """Exit code 4, one line that names what is missing, and no request."""
    target = tmp_path / "target.toml"
    target.write_text(text, "utf-8")
    asked: list[str] = []
    with served(lambda request, answer: asked.append(request.target) or answer) as base_url:  # type: ignore[func-returns-value]
        outcome = suite(
            "-q", f"--base-url={base_url}", f"--target={target}", reports=tmp_path / "r", env={"GRAPH_TOKEN": "x" * 20}
        )

    assert outcome.code == 4
    assert case in outcome.said
    assert not asked
