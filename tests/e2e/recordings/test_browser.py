"""What a real Chromium recorded on the reference server is judged: with its tokens, and with them left out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference import embedding
from conformance.reference.serving import Settings
from tests.e2e.recordings.chromium import Event, chromium, visited
from tests.e2e.recordings.evaluating import evaluated, outcomes, written

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


def visits(browser: Chrome, server: embedding.Running) -> Iterator[Event]:
    """A user with a photo and one without, by id and by userPrincipalName, and /me; some twice, one without a token."""
    users: list[dict[str, Any]] = tomllib.loads(server.target.read_text("utf-8"))["user"]
    token = server.tokens[users[0]["token"]["env"]]
    having = next(user for user in users if user["photo"])
    lacking = next(user for user in users if not user["photo"])
    paths = ["me", *(f"users/{user[key]}" for user in (having, lacking) for key in ("id", "upn"))]
    for path in [*paths, paths[1]]:
        for form in ("photo", "photo/$value"):
            yield from visited(browser, f"{server.base_url}/{path}/{form}", token)
    yield from visited(browser, f"{server.base_url}/me/photo", None)
    yield from visited(browser, f"{server.base_url}/me/nothing", token)


@pytest.fixture(scope="module")
def recorded(browser: Chrome, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], Path]:
    """Entries of visits to the reference server, and its target file."""
    with embedding.start(Settings(port=0)) as server:
        target = tmp_path_factory.mktemp("target") / "target.toml"
        target.write_text(server.target.read_text("utf-8"), encoding="utf-8")
        return list(visits(browser, server)), target


def test_what_a_browser_saw_is_judged(recorded: tuple[list[Event], Path], tmp_path: Path) -> None:
    """Users by both keys, /me, the second request and the one without a token: all conform."""
    entries, target = recorded
    document = evaluated(recording=written(tmp_path, entries), target=target)
    found = outcomes(document, "not-exercised")
    places = {case.partition("/")[0] for _, case in found}

    assert {outcome for (name, _), outcome in found.items() if name != "relation.keys"} <= {"conforms", "blocked"}
    assert {
        "me.photo.present",
        "user.metadata.upn.present",
        "user.photo.id.absent",
        "me.metadata.no-credentials",
    } <= places
    assert ("http.repeat-is-identical", "user.photo.id.present/user-1") in found
    assert any("did not match an operation" in note for note in document["notes"])


def test_an_export_without_tokens_is_judged(recorded: tuple[list[Event], Path], tmp_path: Path) -> None:
    """Chromium's own export leaves Authorization out unless it is asked for."""
    entries, target = recorded
    bare = [{**entry, "request": {**entry["request"], "headers": []}} for entry in entries]
    document = evaluated(recording=written(tmp_path, bare), target=target)

    assert document["counts"]["violates"] == document["counts"]["departs"] == 0
    assert document["counts"]["conforms"] > 50


def test_a_fault_that_a_browser_met_is_found(browser: Chrome, tmp_path: Path) -> None:
    """A picture in base64 is told by the one requirement whose it is."""
    with embedding.start(Settings(port=0, faults=("picture.is.base64",))) as server:
        document = evaluated(recording=written(tmp_path, visits(browser, server)), target=server.target)
    bad = {requirement for (requirement, _), outcome in outcomes(document).items() if outcome == "violates"}

    assert bad == {"picture.is-a-picture"}
