"""The command `python -m conformance.reference`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from conformance import faults
from conformance.reference.__main__ import main

COMMAND = [sys.executable, "-m", "conformance.reference"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_target_and_tokens_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """The files are there when it listens; what to export is printed; a signal ends it with code 0 and no traceback."""
    target, env = tmp_path / "target.toml", tmp_path / "tokens.env"
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--write-target", str(target), "--write-env", str(env)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 15
        while not (target.exists() and env.exists()) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert target.read_text("utf-8") in out
    assert all(f"export {line}" in out for line in env.read_text("utf-8").splitlines())
    assert "Listening on http://127.0.0.1:" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "whole number"),
        (["--port", "70000"], "cannot listen"),
        (["--edition", "v3"], "v1.0-2016"),
        (["--fault", "picture.turnd"], "picture.turned"),
        (["--nothing"], "--nothing"),
        (["--single-user"], "--export"),
        (["--port", "0", "--log", "/no/such/folder/log"], "/no/such/folder/log"),
        (["--port", "0", "--write-target", "/no/such/folder/t"], "/no/such/folder/t"),
    ],
)
def test_what_a_user_got_wrong_is_one_line_and_code_4(arguments: list[str], words: str) -> None:
    """A wrong argument ends with code 4 and one line that names it."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert words in done.stderr


def test_a_port_in_use_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that another socket holds ends with code 4 and names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 4
    assert str(port) in capsys.readouterr().err


def test_export_writes_the_directory_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--export` writes the files, says how much, and serves nothing."""
    assert main(["--export", str(tmp_path / "out"), "--users", "2"]) == 0
    assert "7 users, 3 groups" in capsys.readouterr().out
    assert (tmp_path / "out" / "index.json").is_file()


def test_export_of_a_single_user_leaves_out_what_a_static_mock_cannot_tell_apart(tmp_path: Path) -> None:
    """One user with a token and their contacts, the groups, no other caller."""
    assert main(["--export", str(tmp_path), "--single-user"]) == 0
    target = tomllib.loads((tmp_path / "target.toml").read_text("utf-8"))
    assert (len(target["user"]), len(target["group"]), "identity" in target) == (1, 3, False)
    assert len(target["user"][0]["contacts"]) > 4
    assert len((tmp_path / "tokens.env").read_text("utf-8").splitlines()) == 1


def test_export_to_where_nothing_can_be_written_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in the way ends with code 4 and one line."""
    (tmp_path / "file").write_text("")
    assert main(["--export", str(tmp_path / "file" / "out")]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """`--list-faults` ends with code 0, a line with name and sentence for each fault."""
    assert main(["--list-faults"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == faults.names()
    assert all(len(line.split()) > 3 for line in lines)


def test_the_list_of_faults_may_be_cut_short() -> None:
    """A reader that has seen enough, as `head` has, ends the list without a word of complaint."""
    with subprocess.Popen([*COMMAND, "--list-faults"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout
        assert listing.stderr
        listing.stdout.readline()
        listing.stdout.close()
        assert (listing.stderr.read(), listing.wait()) == (b"", 0)


def test_the_command_runs_from_any_folder(tmp_path: Path) -> None:
    """Help is printed from a folder that is not the project's."""
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*COMMAND, "--help"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, capture_output=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, b"")
