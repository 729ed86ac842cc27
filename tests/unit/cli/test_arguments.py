"""Subcommands end as commands should: help on stdout and 0, one line on stderr and 4, whatever they are given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.__main__ import main

OURS = ("compare", "deviations", "report")


def test_the_console_command_reaches_them() -> None:
    """`python -m conformance compare --help` is the command of that name."""
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "compare", "--help"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: photo-conformance compare ")


@pytest.mark.parametrize("name", OURS)
def test_help_is_on_stdout(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each option has a sentence."""
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: photo-conformance {name}")


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("arguments", [[], ["--nonsense"], ["a", "b", "c"], ["a", "--sho"], ["a" * 300]])
def test_wrong_arguments_are_one_line(name: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Missing, unknown and cut arguments are usage errors."""
    assert main([name, *arguments]) == 4
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(f"photo-conformance {name}: ")


@pytest.mark.parametrize("arguments", [["--token=s3cret-9f3b7e21"], ["--bearer", "s3cret-9f3b7e21"]], ids=" ".join)
def test_what_an_unknown_option_was_given_is_not_shown(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be a secret."""
    assert main(["report", "verdicts.json", *arguments]) == 4
    said = capsys.readouterr().err
    assert arguments[0].partition("=")[0] in said
    assert "s3cret" not in said


FILES = {"empty": b"", "words": b"nonsense", "other.json": b'{"format": 2}', "list": b"[]", "binary": b"\xff\xfe\0",
         "deep": b"[" * 100_000, "a.har": b"{}", "har.json": b'{"log": {}}', "missing": None}  # fmt: skip


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("name", OURS)
def test_what_is_no_verdicts_file_is_one_line(
    name: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the file, and says what is wrong with it."""
    path = tmp_path / file
    content = FILES[file]
    if content is not None:
        path.write_bytes(content)
    again = [str(path)] if name == "compare" else []
    assert main([name, str(path), *again]) == 4
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert str(path) in said.err
    assert [one.name for one in tmp_path.iterdir()] == ([file] if content is not None else [])
