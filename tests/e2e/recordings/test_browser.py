"""What a real Chromium recorded on the reference server is evaluated: with its tokens, and with them left out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference import embedding
from conformance.reference.default_tenant import default_tenant
from conformance.reference.serving import Settings
from conformance.reference.target_export import tokens
from tests.e2e.recordings.chromium import Event, chromium, recorded, visited
from tests.e2e.recordings.evaluating import evaluated, outcomes, written

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The users' tokens stand in the environment, so that it is known whose requests are recorded."""
    for name, token in tokens(default_tenant()).items():
        monkeypatch.setenv(name, token)


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
def visits_to_a_server(browser: Chrome, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], Path]:
    """Entries of visits to the reference server, and its target file."""
    with embedding.start(Settings(port=0)) as server:
        target = tmp_path_factory.mktemp("target") / "target.toml"
        target.write_text(server.target.read_text("utf-8"), encoding="utf-8")
        return list(visits(browser, server)), target


def test_what_a_browser_saw_is_evaluated(visits_to_a_server: tuple[list[Event], Path], tmp_path: Path) -> None:
    """Users by both keys, /me, the second request and the one without a token: all conform."""
    entries, target = visits_to_a_server
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
    assert any("/me/nothing" in note or "not about a photo" in note for note in document["notes"])


def test_an_export_without_tokens_is_evaluated(visits_to_a_server: tuple[list[Event], Path], tmp_path: Path) -> None:
    """Chromium's own export leaves Authorization out unless it is asked for."""
    entries, target = visits_to_a_server
    bare = [{**entry, "request": {**entry["request"], "headers": []}} for entry in entries]
    document = evaluated(recording=written(tmp_path, bare), target=target)

    assert document["counts"]["violates"] == document["counts"]["departs"] == 0
    assert document["counts"]["conforms"] > 50


def test_a_fault_that_a_browser_met_is_found(browser: Chrome, tmp_path: Path) -> None:
    """A picture in base64 is reported by the one requirement on it."""
    with embedding.start(Settings(port=0, faults=("picture.is.base64",))) as server:
        document = evaluated(recording=written(tmp_path, visits(browser, server)), target=server.target)
    bad = {requirement for (requirement, _), outcome in outcomes(document).items() if outcome == "violates"}

    assert bad == {"picture.is-a-picture"}


FETCHES = """
const [base, token, done] = arguments;
const ask = path => fetch(base + path, {headers: {Authorization: `Bearer ${token}`}});
(async () => {
    await (await ask("/me/photo")).json();
    await (await ask("/me/photo/$value")).arrayBuffer();
    const image = new Image();
    image.src = URL.createObjectURL(await (await ask("/me/photo/$value")).blob());
    document.body.append(image);
    done();
})();
"""


def test_what_an_app_fetched_is_whose_it_is(browser: Chrome, tmp_path: Path) -> None:
    """As arrayBuffer, as blob and in an image; the second user's requests are the second user's; nothing is blamed."""
    with embedding.start(Settings(port=0)) as server:
        visited(browser, f"{server.base_url}/nothing", None)
        for name in ("ADELE_TOKEN", "MEGAN_TOKEN"):
            browser.execute_async_script(FETCHES, server.base_url, server.tokens[name])
        document = evaluated(recording=written(tmp_path, recorded(browser)), target=server.target)
    found = outcomes(document, "not-exercised")

    assert set(found.values()) <= {"conforms", "inconclusive"}
    assert found["metadata.is-json", "me.metadata.present/user-1"] == "conforms"
    assert found["placeholder.id-is-1x1", "me.metadata.absent/user-2"] == "conforms"
    assert found["picture.is-a-picture", "me.photo.present/user-1"] == "conforms"
