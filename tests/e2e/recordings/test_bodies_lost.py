"""Recordings without bodies: status and headers are evaluated, and what needs a body is inconclusive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.recordings.evaluating import evaluated, outcomes, written
from tests.e2e.recordings.other_tools import everything


@pytest.fixture
def entries() -> list[dict[str, Any]]:
    """All of a run, as a recorder leaves it that keeps sizes and media types alone."""
    found = list(everything())
    for each in found:
        each["response"]["content"].pop("text")
        each["response"]["content"].pop("encoding", None)
        each["response"]["content"]["size"] += 1
    return found


def changed(entries: list[dict[str, Any]], part: str, response: dict[str, Any]) -> None:
    """Another response wherever the URL ends so and the picture came."""
    for each in entries:
        if each["request"]["url"].endswith(part) and each["response"]["status"] == 200:
            each["response"] |= response


def bad(path: Path, target_path: Path) -> set[str]:
    """The requirements that are violated or departed from."""
    found = outcomes(evaluated(recording=path, target=target_path))
    return {requirement for (requirement, _), outcome in found.items() if outcome in ("violates", "departs")}


def test_conforming_responses_are_named_by_nothing(entries: Any, target_path: Path, tmp_path: Path) -> None:
    """What a status shows conforms, what a body would show is inconclusive, and nothing is violated."""
    found = outcomes(evaluated(recording=written(tmp_path, entries), target=target_path))

    assert set(found.values()) <= {"conforms", "inconclusive", "not-exercised"}
    assert found["picture.answers-200", "user.photo.id.present/user-1"] == "conforms"
    assert found["picture.is-a-picture", "user.photo.id.present/user-1"] == "inconclusive"


@pytest.mark.parametrize(
    ("creator", "tool"), [("Playwright", "Playwright"), ("Dev Proxy", "dev-proxy"), ("BrowserMob Proxy", "mitmdump")]
)
def test_how_to_record_better_is_said_of_the_tool_that_recorded(
    creator: str, tool: str, entries: Any, target_path: Path, tmp_path: Path
) -> None:
    """Of a tool that is not known, how another one records."""
    recording = tmp_path / "app.har"
    recording.write_text(json.dumps({"log": {"creator": {"name": creator}, "entries": entries}}), encoding="utf-8")
    notes = evaluated(recording=recording, target=target_path)["notes"]

    assert [note for note in notes if "to record what was not kept" in note and tool in note]


@pytest.mark.parametrize(
    ("response", "requirement"),
    [
        ({"status": 500}, "http.never-5xx"),
        ({"status": 302, "content": {"size": 0, "mimeType": "x-unknown"}}, "picture.answers-200"),
        ({"status": 404}, "picture.answers-200"),
        ({"headers": [{"name": "Content-Type", "value": "text/html"}]}, "picture.content-type-is-image"),
    ],
)
def test_what_status_and_headers_show_is_named(
    response: dict[str, Any], requirement: str, entries: Any, target_path: Path, tmp_path: Path
) -> None:
    """A fault that needs no body to be seen is named by its requirement alone."""
    changed(entries, "/groups/02bd9fd6-8f93-4758-87c3-1fb73740a315/photo/$value", response)

    assert bad(written(tmp_path, entries), target_path) == {requirement}


def test_an_empty_text_without_a_size_is_no_empty_error(target_path: Path, tmp_path: Path) -> None:
    """A logger that keeps no body may write `""` for it: only a size of 0 says that an error had none (E1)."""
    found = list(everything())
    for each in found:
        if each["response"]["status"] >= 400:
            kept = {"mimeType": each["response"]["content"]["mimeType"], "text": ""}
            lengthless = [one for one in each["response"]["headers"] if one["name"].lower() != "content-length"]
            each["response"] |= {"content": kept, "headers": lengthless}

    assert not bad(written(tmp_path, found), target_path)


def test_another_response_that_is_whole_stands_for_one_without_its_body(target_path: Path, tmp_path: Path) -> None:
    """A page asks with `blob()`, which DevTools does not keep, and again with `arrayBuffer()`, which it keeps."""
    whole = [each for each in everything() if each["request"]["url"].endswith("/me/photo/$value")]
    lost = [
        {**each, "response": {**each["response"], "content": {"size": 9, "mimeType": "image/jpeg"}}} for each in whole
    ]
    found = outcomes(evaluated(recording=written(tmp_path, [*lost, *whole]), target=target_path))

    assert found["picture.is-a-picture", "me.photo.present/user-1"] == "conforms"
    assert "inconclusive" not in found.values()
