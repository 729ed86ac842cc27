"""The process that draws."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.fuzzing.generated_request import load
from tests.tree import ROOT
from tests.unit.fuzzing.odd import drawn


def run(folder: Path, *arguments: str, **env: str) -> str:
    """What the process says when it is run in that folder."""
    command = [sys.executable, "-m", "conformance.fuzzing", *arguments]
    env |= {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("env", [{"PYTHONHASHSEED": "7"}, {"CI": "true", "SCHEMATHESIS_HOOKS": ""}], ids=["hash", "ci"])
def test_the_same_seed_draws_the_same(tmp_path: Path, env: dict[str, str]) -> None:
    """Neither hashing nor a CI server, nor a stray configuration beside it, changes what is drawn."""
    (tmp_path / "schemathesis.toml").write_text("nonsense = true\n", "utf-8")

    assert load(run(tmp_path, "v1.0-2016", "5", "0", **env)) == list(drawn())


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    """Nothing is written where it is run."""
    run(tmp_path, "v1.0-2016", "1", "0")

    assert list(tmp_path.iterdir()) == []
