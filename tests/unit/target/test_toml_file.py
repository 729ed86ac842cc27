"""A TOML file is read within bounds, and what stands in it is never repeated."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from conformance.model import UsageProblem
from conformance.target import toml_file
from conformance.target.toml_file import read

SECRET = "canary-9f3b7e21-token"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deep"),
        ("a = " + "[" * 50 + "]" * 50, "nested too deep"),
        ("[" + ".".join("a" * 39) + "]\nb = " + "[" * 5 + "]" * 5, "nested too deep"),
        ("a" + ".a" * 400_000 + " = 1", "keys of fewer than 40 parts"),
        ('a = {"b" . \'b\'' + " .b" * 400_000 + " = 1}", "keys of fewer than 40 parts"),
        ("a = " + "1" * 5000, "a number of too many digits"),
        (f'a = "{"i" * 50_000}"', "texts of at most 10000 characters"),
        ("#" * (toml_file.LARGEST + 1), "at most 16 MiB"),
        (f"a = {SECRET}", "not TOML (at line 1, column 5)"),
        (f"[{SECRET}]\n[{SECRET}]", "not TOML"),
        (f'{SECRET}.a = 1\n[{SECRET}]', "not TOML"),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_file_out_of_bounds_gives_one_line(tmp_path: Path, text: str, expected: str) -> None:
    """It says what was expected, soon, and holds nothing of the file."""
    file = tmp_path / "a.toml"
    file.write_text(text)
    started = time.process_time()
    with pytest.raises(UsageProblem) as caught:
        read(file, "a file")

    assert expected in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.process_time() - started < 2


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """Some editors write one."""
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1")

    assert {"a": 1} == read(file, "a file")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/"])
def test_a_device_is_refused(path: str) -> None:
    """One that never ends would fill memory."""
    with pytest.raises(UsageProblem, match="expected a file or a pipe"):
        read(Path(path), "a device")


def test_a_pipe_is_read_to_its_end() -> None:
    """As the shell gives one for `--target=<(sops -d …)`."""
    reading, writing = os.pipe()

    def write() -> None:
        os.write(writing, b"a")
        time.sleep(0.05)
        os.write(writing, b" = 1")
        os.close(writing)

    threading.Thread(target=write).start()

    assert {"a": 1} == read(Path(f"/dev/fd/{reading}"), "a pipe")
    os.close(reading)


@pytest.mark.parametrize("opened", [True, False], ids=["silent", "without-a-writer"])
def test_a_pipe_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: bool) -> None:
    """It hangs no run."""
    monkeypatch.setattr(toml_file, "WITHIN", 0.1)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    handle = os.open(fifo, os.O_RDWR) if opened else None

    with pytest.raises(UsageProblem, match="not written to its end"):
        read(fifo, "a pipe")
    if handle is not None:
        os.close(handle)
