"""`compare`: a table of what got worse, better, new and gone; exit code 1 where something got worse."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from pathlib import Path

import pytest

from conformance.cli.compare import main

pytestmark = pytest.mark.whole


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed."""
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["verdicts.json", "exchanges.har"])
def test_a_run_is_as_good_as_itself(name: str, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changes between a run and the same run."""
    assert main([str(good / name), str(good / name)]) == 0
    assert "Not worse: 0 worse, 0 newly evaluated, 0 no longer evaluated, 0 better, 0 new, 0 gone" in said(capsys)


def test_a_recording_is_worth_its_verdicts(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run compared with its own recording is alike in every verdict."""
    assert main([str(good / "verdicts.json"), str(good / "exchanges.har")]) == 0
    assert "0 worse, 0 newly evaluated, 0 no longer evaluated, 0 better, 0 new, 0 gone" in said(capsys)


@pytest.mark.parametrize("name", ["exchanges.har.gz", "exchanges.zip", "exchanges.zhar"])
def test_a_packed_recording_is_compared_as_a_plain_one(
    name: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `--recording` reads is taken here too."""
    plain, packed = (good / "exchanges.har").read_bytes(), tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("exchanges.har", plain)
    else:
        packed.write_bytes(gzip.compress(plain) if name.endswith(".gz") else zlib.compress(plain))

    assert main([str(good / "verdicts.json"), str(packed)]) == 0
    assert "0 worse, 0 newly evaluated, 0 no longer evaluated, 0 better, 0 new, 0 gone" in said(capsys)


@pytest.mark.parametrize("name", ["verdicts.json", "exchanges.har"])
def test_what_got_worse_is_reported_and_fails(
    name: str, good: Path, bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the terminal, in Markdown and on a page."""
    markdown, page = tmp_path / "new" / "a.md", tmp_path / "a.html"
    assert main([str(good / name), str(bad / name), "--markdown", str(markdown), "--html", str(page)]) == 1
    result = said(capsys)

    assert "conforms → violates  metadata.id-matches-dimensions  me.metadata.present/user-1" in result
    assert "metadata.id" in markdown.read_text("utf-8")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_got_better_does_not_fail(good: Path, bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other way round it is better."""
    assert main([str(bad / "verdicts.json"), str(good / "verdicts.json")]) == 0
    assert "violates → conforms" in said(capsys)


def test_another_edition_evaluates_otherwise(good: Path, bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the edition of 2023 an id in lower case is as good."""
    recordings = [str(good / "exchanges.har"), str(bad / "exchanges.har")]
    assert main([*recordings, "--edition", "v1.0-2023"]) == 0
    assert "0 worse" in said(capsys)


def test_a_page_that_cannot_be_written_is_reported(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in place of a file is an unusable argument."""
    assert main([str(good / "verdicts.json")] * 2 + ["--html", str(good)]) == 4
    assert capsys.readouterr().err.startswith("photo-conformance compare: ")


def test_folders_and_several_runs_are_compared(good: Path, bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of reports stands for its verdicts, and one worse run of several is enough to fail."""
    assert main([str(good), str(good)]) == 0
    assert main([str(good), str(good), str(bad)]) == 1
    assert f"{bad}:" in said(capsys)


def test_runs_that_evaluated_nothing_are_not_alike(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no run evaluated anything the comparison says so, and does not pass."""
    document = json.loads((good / "verdicts.json").read_text("utf-8"))
    for verdict in document["verdicts"]:
        verdict.update(outcome="inconclusive", findings=[], reason="not reachable")
    (tmp_path / "verdicts.json").write_text(json.dumps(document), encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path)]) == 5
    assert "Nothing to compare" in said(capsys)


def test_recordings_are_evaluated_with_a_target_file(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--target says whose photos a recording holds; one that cannot be read is said."""
    recording = str(good / "exchanges.har")
    assert main([recording, recording, "--target", str(good / "target.toml")]) in (0, 4)
    assert main([recording, recording, "--target", str(good / "none.toml")]) == 4
    assert "none.toml" in capsys.readouterr().err
