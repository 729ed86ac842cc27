"""No recording of any origin breaks the suite: it is evaluated, or refused in one line."""

from __future__ import annotations

import json
import random
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model import Answer, UsageProblem
from conformance.runner.evaluated import evaluate
from conformance.runner.record import record
from tests.e2e.recordings.evaluating import Document, prepared, run_of, written
from tests.e2e.recordings.other_tools import TOKEN, entry, everything, plainly, target
from tests.in_process import BASE_URL

PATHS = [
    "/me/photo",
    "/me/photo/$value",
    "/users/%ff/photo",
    "/users/a%2fb/photo/%24value",
    "/users('it''s')/photo",
    "/users/%00/contacts/../photo",
    "/users/a@b/contacts/x/y/z=/photo",
    "/me/contactfolders/%F0%9F%98%80/contacts/c/photo",
    "/groups//photo",
    "/groups/\ud800/photo",
    "/teams/t/photo",
    "/users/u/photos/48x48/$value",
    "/photo",
]
QUERIES = ["", "?", "?$select=id", "?%24select=id", "?$select", "?&&=&", "?a=\ud800", "?$select=id#photo"]
ROOTS = [
    BASE_URL,
    "https://x/v1.0",
    "HTTP://[::1]:99999/v1.0",
    "http://[/v1.0",
    "//v1.0",
    "http://u:p@h/beta",
    "",
    "v1.0",
]
URLS = st.builds(
    str.__add__, st.builds(str.__add__, st.sampled_from(ROOTS), st.sampled_from(PATHS)), st.sampled_from(QUERIES)
)
TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
NAMES = st.sampled_from(["Authorization", "Content-Type", "ETag", "Retry-After", "Location", "Cookie", ""])
VALUES = st.sampled_from(
    ["", "Bearer", f"Bearer {TOKEN}", "Basic", "\ud800", "image/", ";", '"', "W/", "1e999", "-1", "http://["]
)
HEADERS = st.lists(st.fixed_dictionaries({"name": NAMES | TEXT, "value": VALUES | TEXT}), max_size=4)
BODIES = st.sampled_from(
    ["", "{}", "[]", "null", '{"id": "\\ud800"}', '{"width": 1e999, "height": NaN}', "[" * 3000, '{"error": []}',
     '{"@odata.context": "http://[", "@odata.id": "//[", "id": 1, "width": true, "height": ' + "9" * 5000 + "}"]
) | TEXT  # fmt: skip
STATUSES = st.sampled_from([0, 200, 204, 304, 401, 404, 429, 503, 999, -1, 1e9, "200", None])
METHODS = st.sampled_from(["GET", "get", "\ud800"])
ENTRIES = st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries({"method": METHODS, "url": URLS | TEXT, "headers": HEADERS}),
        "response": st.fixed_dictionaries(
            {"status": STATUSES, "headers": HEADERS, "content": st.fixed_dictionaries({"text": BODIES})}
        ),
    }
)


def replayed(path: Path, **options: Any) -> Document | None:
    """The document of a few cells of each kind; None where the recording was refused."""
    try:
        begun = prepared(recording=path, **options)
        run = run_of(begun, [cell for cell in begun.cells if cell.variant in ("me", "user-contact")][::5])
    except UsageProblem as problem:
        return None if "\n" not in str(problem) else pytest.fail("more than one line")
    json.loads("".join(run.har().lines()))
    return run.document()


def broken(document: Document | None) -> list[str]:
    """Why verdicts are broken, which is our own fault."""
    return [
        verdict["reason"] for verdict in (document or {"verdicts": []})["verdicts"] if verdict["outcome"] == "broken"
    ]


FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(entries=st.lists(ENTRIES, max_size=6), named=st.booleans())
def test_any_foreign_recording_is_evaluated(entries: list[dict[str, Any]], named: bool, tmp_path: Path) -> None:
    """Whatever stands in URLs, headers and bodies, with a target file and without."""
    value = tmp_path / "target.toml"
    value.write_text(target(), encoding="utf-8")
    path = written(tmp_path, entries)

    assert broken(replayed(path, target=value) if named else replayed(path)) == []


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A recording of our own, as JSON."""
    folder = tmp_path_factory.mktemp("ours")
    (folder / "target.toml").write_text(target(), encoding="utf-8")
    begun = prepared(recording=written(folder, everything(plainly)), target=folder / "target.toml")
    cells = [cell for cell in begun.cells if cell.variant in ("me", "user-contact")][::5]
    recorded: dict[str, Any] = json.loads("".join(run_of(begun, cells).har().lines()))
    return recorded


JSON: list[Any] = [
    None, True, -1, 1e300, "", "user-1", "user", "present", "\ud800", "a/b", "http://[", [], {}, ["user-1", None],
    {"label": -1}, {"id": {"user": "present"}}, [[{"user": []}]],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_any_spoilt_recording_of_ours_is_evaluated_or_refused(ours: dict[str, Any], seed: int, tmp_path: Path) -> None:
    """One value anywhere in what the recording says of the run, or in its first entries, is replaced."""
    drawn = random.Random(seed)
    for _ in range(5):
        har = deepcopy(ours)
        at = drawn.choice([har["log"]["_photo_conformance"], *har["log"]["entries"][:5]])
        while True:
            name = drawn.choice(sorted(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[name], dict | list) or not at[name] or drawn.random() < 0.5:
                break
            at = at[name]
        at[name] = drawn.choice(JSON)
        path = tmp_path / "spoilt.har"
        path.write_text(json.dumps(har), encoding="utf-8")

        assert broken(replayed(path)) == []


@pytest.mark.slow
def test_a_great_recording_of_somebody_else_takes_seconds(tmp_path: Path) -> None:
    """Thousands of unrelated pages, tokens that change, and unknown owners."""
    others = [entry(f"https://site.example/v1.0/page/{n}", Answer(200, body=b"x" * 500)) for n in range(8_000)]
    asked = [
        entry(f"{BASE_URL}/users/{n}/photo", Answer(200, body=b"{}"), ("Authorization", f"Bearer {TOKEN}{n}"))
        for n in range(1_200)
    ]
    started = time.monotonic()
    document = replayed(written(tmp_path, [*others, *asked]))

    assert document is not None
    assert document["notes"][0] == "8000 entries are not about a photo"
    assert time.monotonic() - started < 30


@pytest.mark.slow
def test_twice_as_many_requests_for_one_photo_take_twice_the_time(tmp_path: Path) -> None:
    """Each has an option of its own, so that all are evaluated beside those that are planned."""

    def seconds(count: int) -> float:
        asked = [entry(f"{BASE_URL}/users/u/photo/$value?x={n}", Answer(200, body=b"ABC")) for n in range(count)]
        begun = prepared(recording=written(tmp_path, asked))
        recorded = record(begun, begun.cells)
        started = time.process_time()
        evaluate(recorded)
        return time.process_time() - started

    assert seconds(4_000) < 3 * seconds(2_000)
