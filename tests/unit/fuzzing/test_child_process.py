"""The process that draws, from outside."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conformance.fuzzing import child_process
from conformance.fuzzing.child_process import Drawing


def test_a_process_that_fails_says_why() -> None:
    """What cannot be drawn is told in one line, the last that the process said, and harms nothing else."""
    with Drawing("v0.9", 1, 0) as drawing:
        assert drawing.requests() == []

    (note,) = drawing.notes
    assert note.startswith("no requests could be drawn for --explore: ")
    assert "no edition 'v0.9'" in note


def test_nothing_is_begun_for_nothing() -> None:
    """Where no requests are wanted there is no process, nothing drawn, and nothing to tell."""
    with Drawing("v1.0-2016", 0, 0) as drawing:
        assert drawing._process is None
        assert drawing.requests() == []
        assert drawing.notes == ()


def test_the_process_ends_with_the_block() -> None:
    """Nobody has to wait for what was drawn: leaving the block ends the process."""
    with Drawing("v1.0-2016", 1000, 0) as drawing:
        process = drawing._process
        assert process is not None
        assert process.poll() is None

    assert process.poll() is not None


def test_a_run_stays_without_schemathesis() -> None:
    """Drawing imports neither schemathesis nor hypothesis into the process of the run."""
    program = (
        "import sys\n"
        "from conformance.fuzzing.child_process import Drawing\n"
        "with Drawing('v1.0-2016', 1, 0) as drawing: assert len(drawing.requests()) == 14\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'schemathesis', 'hypothesis'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == ""


def test_what_would_change_the_drawing_is_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that schemathesis, hypothesis and Python heed are not handed down."""
    for name in ("SCHEMATHESIS_HOOKS", "HYPOTHESIS_PROFILE", "PYTHONSTARTUP", "PYTHONHASHSEED"):
        monkeypatch.setenv(name, "9")

    handed = child_process._environment()

    assert not {"SCHEMATHESIS_HOOKS", "HYPOTHESIS_PROFILE", "PYTHONSTARTUP"} & set(handed)
    assert handed["PYTHONHASHSEED"] == "0"
