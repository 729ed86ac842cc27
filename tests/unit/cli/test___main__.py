"""The console command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance import __version__
from conformance.__main__ import main
from conformance.cli import COMMANDS
from conformance.options.config import BY_NAME
from tests.suite import ROOT


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_is_one_screen(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It names every subcommand and every option of ours, and no other; the exit code is 0."""
    assert 0 == main([word])
    said = capsys.readouterr().out
    assert all(f"  {name}" in said for name in [*COMMANDS, *(option.flag for option in BY_NAME.values())])
    assert len(said.splitlines()) <= 50
    assert max(map(len, said.splitlines())) <= 120


def test_the_version_is_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version of the suite, not of pytest."""
    assert 0 == main(["--version"])
    assert f"photo-conformance {__version__}\n" == capsys.readouterr().out


def test_every_subcommand_is_there() -> None:
    """Each name that is listed is a module with a `main`."""
    assert all((ROOT / "conformance" / "cli" / f"{name}.py").is_file() for name in COMMANDS)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("comprae", "did you mean 'compare'?"),
        ("zzz", "`help` names them all"),
        ("http://127.0.0.1:8080/v1.0", "did you mean --base-url before it?"),
        ("target.toml", "did you mean --target before it?"),
    ],
)
def test_a_command_that_there_is_none_of_is_named(given: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt command is one line with the near one, and exit code 4; no run begins."""
    assert 4 == main([given, "a.json"])
    assert capsys.readouterr().err == f"photo-conformance: there is no command '{given}'; {hint}\n"


@pytest.mark.parametrize(("raised", "code"), [(RuntimeError("a bug"), 3), (KeyboardInterrupt(), 2)])
def test_what_is_raised_is_no_violation(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug of ours is 3 and Ctrl-C is 2, at whatever moment; Python itself would exit with 1."""

    def run(given: list[str]) -> int:
        raise raised

    monkeypatch.setattr("conformance.cli.main.run", run)

    assert code == main(["-q"])
    assert ("RuntimeError: a bug" in capsys.readouterr().err) == (code == 3)


def test_a_folder_that_was_deleted_is_wrong_usage(tmp_path: Path) -> None:
    """One line, and exit code 4."""
    script = f'cd "{tmp_path}" && rmdir "{tmp_path}" && exec "{sys.executable}" -m conformance'
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert (4, 1) == (done.returncode, done.stderr.count("\n")), done.stderr
    assert "expected to be called in a folder that exists" in done.stderr


def test_python_without_docstrings_is_wrong_usage(tmp_path: Path) -> None:
    """Reports would say nothing of what is required: exit code 4 in their place."""
    command = [sys.executable, "-OO", "-m", "conformance", f"--reports={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert 4 == done.returncode
    assert "ERROR: expected Python without -OO" in done.stderr
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("option", ["-k", "-m", "--target", "--base-url", "--reports"])
def test_an_option_without_its_value_is_wrong_usage(option: str, capfd: pytest.CaptureFixture[str]) -> None:
    """It takes nothing else for its value, such as the place of the requirements."""
    assert 4 == main(["-q", option])
    assert f"argument {option}: expected one argument" in capfd.readouterr().err


def test_it_runs_from_an_empty_folder_with_options_apart_from_their_values(tmp_path: Path) -> None:
    """From anywhere, and with `--option VALUE` as well as `--option=VALUE`, it evaluates and writes the reports."""
    reports = tmp_path / "there"
    reports.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "-q", "-k", "unknown.is-404", "--reports", str(reports)],
        cwd=tmp_path, env=dict(os.environ) | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (0, "") == (done.returncode, done.stderr)
    assert (reports / "verdicts.json").is_file()
