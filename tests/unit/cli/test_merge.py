"""`photo-conformance merge`: shards of a run make the report of one run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import check
from conformance.cli import merge
from conformance.reference import embedding
from conformance.reference.embedding import Running
from conformance.reference.serving import Settings
from tests.e2e.recordings.evaluating import timeless
from tests.suite import some_owners

pytestmark = pytest.mark.whole

OF = 3


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A server that answers some users another's photo by userPrincipalName."""
    with embedding.start(Settings(port=0, faults=("relation.upn-other.bytes",))) as started:
        yield started


def run(running: Running, reports: Path, shard: tuple[int, int] | None = None) -> int:
    """A run on more owners and callers than there are shards, and no more."""
    options: dict[str, Any] = {"complete": True, "explore": 1, "shard": shard}
    return check(target=some_owners(running, OF + 1), tokens=running.tokens, reports=reports, **options).exit_code


@pytest.fixture(scope="module")
def shards(running: Running, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folders = [tmp_path_factory.mktemp(f"shard-{number}") for number in range(1, OF + 1)]
    for number, folder in enumerate(folders, 1):
        run(running, folder, shard=(number, OF))
    return folders


@pytest.fixture(scope="module")
def whole(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of one run on the same owners."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(running, folder) == 1
    return folder


def document(folder: Path) -> str:
    return timeless(json.loads((folder / "verdicts.json").read_text("utf-8")))


def test_merged_shards_are_one_run(whole: Path, shards: list[Path], tmp_path: Path) -> None:
    """The merged report is that of one run byte for byte, but for its times; in whatever order, by folder or file."""
    paths = [str(shards[2]), str(shards[0] / "verdicts.json"), str(shards[1])]

    assert merge.main([*paths, f"--reports={tmp_path / 'merged'}"]) == 1
    assert document(whole) == document(tmp_path / "merged")
    assert {"report.html", "junit.xml", "exchanges.har"} <= {path.name for path in (tmp_path / "merged").iterdir()}


def test_known_deviations_are_applied_to_the_whole(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of known deviations is applied when merging, and a line that no shard shows is stale there.

    Its options have their variables, and those of other options are not looked at.
    """
    lines = ['[[deviation]]\nrequirement = "{}"\nreason = "old"\nowner = "us"\n']
    (tmp_path / "known.toml").write_text(lines[0].format("picture.answers-200"))

    monkeypatch.setenv("PHOTO_CONFORMANCE_KNOWN_DEVIATIONS", f"{tmp_path}/known.toml")
    monkeypatch.setenv("PHOTO_CONFORMANCE_TARGET", "no-such-file.toml")
    code = merge.main([*map(str, shards), f"--reports={tmp_path}/merged"])
    value = json.loads((tmp_path / "merged" / "verdicts.json").read_text("utf-8"))["about"]["stale"]

    assert 1 == code
    assert ["picture.answers-200 at *"] == [line.partition(",")[0] for line in value]


def test_a_shard_alone_is_not_incomplete(shards: list[Path]) -> None:
    """A shard does not fail for what other shards evaluate, and says which shard it is."""
    data = json.loads((shards[1] / "verdicts.json").read_text("utf-8"))

    assert data["counts"]["not-exercised"] > 0
    assert not data["complete"]
    assert (2, OF, True) == tuple(data["about"]["shard"][name] for name in ("number", "of", "complete"))
    assert "shard 2 of 3" in data["notes"][-1]


@pytest.mark.parametrize(
    ("chosen", "text"),
    [([0, 1], "missing: 3"), ([0, 1, 1], "given twice"), ([2], "missing: 1, 2")],
    ids=["one-missing", "one-twice", "two-missing"],
)
def test_all_shards_are_needed_once(
    chosen: list[int], text: str, shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shard that is missing or there twice is one line and exit code 4; nothing is written."""
    code = merge.main([*(str(shards[number]) for number in chosen), f"--reports={tmp_path / 'merged'}"])

    assert 4 == code
    assert text in capsys.readouterr().err
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("other", ["target", "edition", "selection"])
def test_shards_of_another_run_are_refused(
    other: str, shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Parts of two targets, editions or selections are no whole."""
    shutil.copytree(shards[1], tmp_path / "other")
    file = tmp_path / "other" / "verdicts.json"
    data = json.loads(file.read_text("utf-8"))
    data["target"] |= {"base_url": "http://127.0.0.1:9/v1.0"} if other == "target" else {}
    data["about"]["shard"] |= {"edition": "observed"} if other == "edition" else {}
    data["about"] |= {"selected": [1, 2]} if other == "selection" else {}
    file.write_text(json.dumps(data), "utf-8")

    code = merge.main([str(shards[0]), str(tmp_path / "other"), str(shards[2]), f"--reports={tmp_path / 'merged'}"])

    assert 4 == code
    assert "other: expected a shard of the same run" in capsys.readouterr().err


def test_other_reports_are_no_shards(
    whole: Path, shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reports of a whole run, a folder without any, and files that are none are refused in one line."""
    shutil.copytree(shards[0], tmp_path / "cut")
    (tmp_path / "cut" / "exchanges.har").write_text("{}")

    for folder in (whole, tmp_path / "absent", tmp_path / "cut"):
        assert 4 == merge.main([str(folder), f"--reports={tmp_path / 'merged'}"])
        assert 1 == len(capsys.readouterr().err.splitlines())
