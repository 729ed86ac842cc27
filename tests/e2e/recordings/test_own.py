"""Our own recording, evaluated again: nothing is sent, and the verdicts are those of the run that made it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conformance import faults
from conformance.client.recorder import Recorder
from conformance.model import Cell, UsageProblem
from conformance.reference import embedding
from conformance.reference.serving import Settings
from conformance.runner.prepared import Prepared
from tests.e2e.recordings.evaluating import Document, evaluated, outcomes, prepared, reasons, run_of, timeless, written
from tests.suite import some_owners, suite

FAULTS = (
    ("operation.gone-photo.user", "operation.open.me.photo", "operation.no-placeholder.group", "property.id-is.null"),
    ("status.photo.302", "body.is.nan", "error.echoes-token-in-message"),
    ("type.photo.json", "type.metadata.text", "placeholder.etag.null"),
    ("picture.is.base64", "annotation.etag-is.unquoted", "option.select-ignored"),
    ("picture.cut.half", "body.wrapped.value", "credential.none-let-in.photo"),
    ("picture.pixels.half", "annotation.context-named.nothing"),
    ("status.metadata.500", "relation.again.bytes"),
)
"""Those of one server hide none of each other."""


def record(begun: Prepared, cells: list[Cell], folder: Path) -> tuple[Path, Document]:
    """Record these cells; returns the file of the recording, and the verdicts."""
    path, done = folder / "exchanges.har", run_of(begun, cells)
    path.write_text("".join(done.har().lines()), encoding="utf-8")
    return path, done.document()


@pytest.mark.parametrize(
    "together", [*FAULTS[:4], *(pytest.param(each, marks=pytest.mark.slow) for each in FAULTS[4:])], ids="+".join
)
def test_a_replay_says_what_the_run_said(
    together: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With faults the verdicts on the recording are those of the run, to the letter, and no recorder is made."""
    with embedding.start(Settings(port=0, faults=together)) as server:
        for name, token in server.tokens.items():
            monkeypatch.setenv(name, token)
        live = prepared(target=some_owners(server))
        expected = [faults.FAULTS[fault].expected for fault in together]
        named = [cell for cell in live.cells if cell.requirement in set().union(*expected)]
        cells = list(dict.fromkeys([*named, *live.cells[::15]]))
        path, said = record(live, cells, tmp_path)
        for name in server.tokens:
            monkeypatch.delenv(name)
    monkeypatch.setattr(Recorder, "__init__", lambda *_: pytest.fail("a replay sends nothing"))
    replayed = run_of(prepared(recording=path), cells)

    bad = {verdict["requirement"] for verdict in said["verdicts"] if verdict["outcome"] in ("violates", "departs")}
    assert [one for one in expected if not one & bad] == []
    assert timeless(replayed.document()) == timeless(said)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the embedded server in another edition, every 24th cell."""
    run = prepared(edition="observed", explore=1)
    return record(run, run.cells[::24], tmp_path_factory.mktemp("observed"))[0]


def test_a_recording_gives_edition_base_url_and_completeness(observed: Path) -> None:
    """What the command line does not give is taken from the recording."""
    begun = prepared(recording=observed)

    assert (begun.widest_edition.name, begun.complete) == ("observed", True)
    assert str(run_of(begun, begun.cells[:1]).recorded.base_url).startswith("http://127.0.0.1:")


def test_options_win_over_the_recording(observed: Path) -> None:
    """Edition, base URL and completeness on the command line win; a note says where it was recorded."""
    run = prepared(recording=observed, edition="v1.0-2016", base_url="https://mock.example/v1.0", complete=False)

    assert (run.widest_edition.name, run.complete, run.base_url) == ("v1.0-2016", False, "https://mock.example/v1.0")
    notes = run_of(run, run.cells[:1]).recorded.recording.notes
    assert any(
        re.match(r"recorded at http://127\.0\.0\.1:.* reported as https://mock\.example/", note) for note in notes
    )


def test_a_target_file_on_top_wins(observed: Path, tmp_path: Path) -> None:
    """Owners are found again by their ids, whatever their place in the file; those that are gone are not evaluated."""
    about = json.loads(observed.read_text())["log"]["_photo_conformance"]
    user = next(one for one in about["owners"] if one["kind"] == "user" and one["state"] == "present")
    target = tmp_path / "target.toml"
    target.write_text(
        f'[[user]]\nid = "00000000-0000-4000-8000-000000000000"\nphoto = true\n'
        f'[[user]]\nid = "{user["user_id"]}"\nphoto = true\ntoken = {{ env = "NOT_NEEDED" }}\n'
    )
    document = evaluated(recording=observed, target=target)
    found = outcomes(document, "not-exercised")

    assert found
    assert {case.rpartition("/")[2].partition(".")[0] for _, case in found} - {"explored"} == {"user-2"}
    assert set(found.values()) == {"conforms"}


@pytest.mark.parametrize(("users", "sample"), [(0, None), (2, None), (2, 3), (2, 6)])
def test_a_user_named_by_their_token_alone_is_found_again(tmp_path: Path, users: int, sample: int | None) -> None:
    """The target said whose token `GRAPH_TOKEN` holds; with the same file the verdicts are those of the run."""
    with embedding.start(Settings(port=0)) as server:
        given = some_owners(server)
        token = given["user"][0]["token"]
        listed = [{key: user[key] for key in user if key != "token"} for user in given["user"][:users]]
        target = {"base_url": given["base_url"], "user": listed, "group": given["group"]}
        options: Document = {"target": target, "seed": 1, **({"sample": sample} if sample else {})}
        live = prepared(**options)
        cells = live.cells[::9]
        recorded = run_of(live, cells, {"GRAPH_TOKEN": server.tokens[token["env"]]})
    path = tmp_path / "exchanges.har"
    path.write_text("".join(recorded.har().lines()), encoding="utf-8")
    said, again = recorded.document(), run_of(prepared(recording=path, **options), cells).document()
    labels = [owner["label"] for owner in said["target"]["owners"]]

    assert {verdict["outcome"] for verdict in said["verdicts"] if verdict["variant"] == "me"} >= {"conforms"}
    assert len(labels) == len(set(labels))
    assert outcomes(again) == outcomes(said)


@pytest.mark.parametrize("discovered", [True, False])
def test_a_sample_is_found_again_without_the_target_file(tmp_path: Path, *, discovered: bool) -> None:
    """Owners that were found out are sampled as others are, and the sizes of a photo are no owners of their own."""
    options: Document = {"edition": "v1.0-2024", "sample": 3}
    with embedding.start(Settings(port=0, edition="v1.0-2024")) as server:
        given = some_owners(server)
        token = server.tokens[given["user"][0]["token"]["env"]]
        source = {"base_url": given["base_url"]} if discovered else {"target": given}
        live = prepared(**source, **options)
        cells = live.cells[::5]
        recorded = run_of(live, cells, {**server.tokens, "GRAPH_TOKEN": token})
    path = tmp_path / "exchanges.har"
    path.write_text("".join(recorded.har().lines()), encoding="utf-8")
    said, again = recorded.document(), run_of(prepared(recording=path, **options), cells).document()
    owners = {owner["label"] for owner in said["target"]["owners"]}

    assert 3 == len({label.partition(".size-")[0] for label in owners}) < len(owners)
    assert 1 == sum("a sample of 3 of " in note for note in said["notes"])
    assert outcomes(again) == outcomes(said)


def test_a_replay_of_a_replay_says_the_same(observed: Path, tmp_path: Path) -> None:
    """A recording that a replay writes is worth the one that it read."""
    first = prepared(recording=observed)
    cells = first.cells[::6]
    path, said = record(first, cells, tmp_path)

    assert timeless(run_of(prepared(recording=path), cells).document()) == timeless(said)


def test_the_command_line_replays_without_a_server(observed: Path, tmp_path: Path) -> None:
    """`--recording` writes all reports; what was not recorded, or only as 404, is not exercised."""
    done = suite(
        f"--recording={observed}", "-k", "picture", "-q", reports=tmp_path, env={"PHOTO_CONFORMANCE_COMPLETE": "0"}
    )

    assert done.code == 0
    assert done.document["edition"] == "observed"
    why = reasons(done.document, "not-exercised")
    assert all(one == "this was not requested" or one.endswith("its route may not exist") for one in why)
    assert done.document["counts"]["conforms"] > 0


@pytest.mark.parametrize(
    "owner",
    [
        {},
        {"label": "a/b", "kind": "user"},
        {"label": "<script>", "kind": "user"},
        {"label": "user-1", "kind": "printer"},
        {"label": "group-1", "kind": "group"},
        {"label": "user-1.contact-1", "kind": "contact", "user_id": "a"},
        {"label": "user-1", "kind": "user", "user_id": ""},
    ],
)
def test_owners_that_cannot_be_are_refused(owner: dict[str, str], tmp_path: Path) -> None:
    """A recording that names no valid owners is refused in one line."""
    path = written(tmp_path, [], _photo_conformance={"owners": [owner]})
    with pytest.raises(UsageProblem, match=r"recording .*: \$\['owners'\]\[0\].*: expected"):
        prepared(recording=path)


def test_an_unreadable_recording_is_a_usage_error(tmp_path: Path) -> None:
    """One line, exit code 4, and no report."""
    path = tmp_path / "a.har"
    path.write_text("nonsense")
    done = suite(f"--recording={path}", reports=tmp_path / "reports")

    assert done.code == 4
    assert "no HAR" in done.said
    assert not (tmp_path / "reports").exists()
