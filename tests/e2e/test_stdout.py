"""Standard output that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT

MODULE = (sys.executable, "-m", "conformance")
RUN = ("-q", "-k", "me-contact and picture")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a run that conforms."""
    folder = tmp_path_factory.mktemp("reports")
    subprocess.run([*MODULE, *RUN, f"--reports={folder}"], cwd=ROOT, check=True, capture_output=True)
    return folder


COMMANDS = {
    "run": (*MODULE, *RUN, "--reports={new}"),
    "pytest": (sys.executable, "-m", "pytest", *RUN, "--reports={new}"),
    "help": (*MODULE, "--help"),
    "deviations": (*MODULE, "deviations", "{old}/verdicts.json"),
}
HOW = ("> /dev/full", ">&-", "| true")


@pytest.mark.parametrize(
    ("name", "how"),
    [(name, how) for name in ("run", "deviations") for how in HOW] + [("pytest", HOW[0]), ("help", HOW[0])],
)
def test_output_that_cannot_be_written_is_no_verdict(name: str, how: str, reports: Path, tmp_path: Path) -> None:
    """On a full disk, closed, or without a reader: exit code 3, one line, and every report is written."""
    words = [word.format(new=tmp_path, old=reports) for word in COMMANDS[name]]
    script = f'set -o pipefail; sleep 0.1 | "$@" {how}' if how == "| true" else f'"$@" {how}'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words], cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, text=True,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert 3 == done.returncode, done.stderr
    assert done.stderr.startswith("photo-conformance: stdout cannot be written: ")
    assert 1 == done.stderr.count("\n")
    if name in ("run", "pytest"):
        assert "conforms" in (tmp_path / "badge.json").read_text()


@pytest.mark.parametrize("name", ["run", "deviations"])
def test_a_closed_standard_error_changes_nothing(name: str, reports: Path, tmp_path: Path) -> None:
    """What would be said there is not said; the exit code is that of the run."""
    words = [word.format(new=tmp_path, old=reports) for word in COMMANDS[name]]
    done = subprocess.run(["bash", "-c", '"$@" 2>&-', "bash", *words], cwd=ROOT, timeout=60, check=False)

    assert 0 == done.returncode
