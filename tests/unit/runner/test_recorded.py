"""What a run makes of what was recorded, where it is about a part of a directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.reference.default_tenant import default_tenant
from conformance.reference.target_export import target_file_text, tokens
from conformance.spec import load
from tests.e2e.recordings.evaluating import prepared, run_of
from tests.in_process import BASE_URL
from tests.suite import suite

pytestmark = pytest.mark.whole


def target(folder: Path, users: int) -> Path:
    path = folder / f"{users}.toml"
    path.write_text(target_file_text(default_tenant(users), BASE_URL, load().name), "utf-8")
    return path


def test_a_shard_leaves_completeness_to_the_merged_report(tmp_path: Path) -> None:
    """`--complete` does not fail a shard; its options are kept in its document."""
    path = target(tmp_path, 0)

    assert prepared(target=path, complete=True).complete
    assert not prepared(target=path, complete=True, shard=(2, 2)).complete


def test_the_same_recording_by_sample_and_shard(tmp_path: Path) -> None:
    """A recording is evaluated in part as well: by a sample that is named in the notes, or by a shard."""
    outcome = suite("-q", "-k", "picture.is-a-picture", "--explore=0", reports=tmp_path)
    parts: list[dict[str, Any]] = [{}, {"sample": 12}, {"shard": (2, 2)}]
    runs = [prepared(recording=tmp_path / "exchanges.har", **part) for part in parts]
    whole, sample, shard = (
        run_of(run, [cell for cell in run.cells if cell.requirement == "picture.is-a-picture"]).document()
        for run in runs
    )

    assert json.dumps(outcome.document["verdicts"]) == json.dumps(whole["verdicts"])
    assert sample["counts"]["conforms"] < whole["counts"]["conforms"] > shard["counts"]["conforms"] > 0
    assert "a sample of 12 of 21 owners is evaluated (--seed 0)" in sample["notes"]


@pytest.mark.parametrize("arguments", [["-n", "2"], ["--shard", "3/2"], ["--sample", "0"]])
def test_what_cannot_be_divided_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    """Workers of pytest-xdist, a shard that there is none of and an empty sample are one line and exit code 4."""
    path = target(tmp_path, 500)
    outcome = suite("-q", *arguments, f"--target={path}", reports=tmp_path / "r", env=dict(tokens(default_tenant())))

    assert 4 == outcome.code
    assert 1 == len([line for line in outcome.said.splitlines() if line.strip()])
    assert not (tmp_path / "r").exists()
