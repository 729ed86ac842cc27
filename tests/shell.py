"""The shell commands of a page, run as a reader would: one after the other, in one shell, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.tree import PACKAGE, ROOT, files

SET_UP = (
    "make conformance",
    "make test",
    "python3 -m venv .venv",
    ".venv/bin/pip install --requirement requirements.lock",
    ".venv/bin/pytest tests",
)
"""Commands that set up an environment, or run these very tests: `.ci/run` runs them, and the copy is given ours."""


def blocks(page: Path, language: str = "sh") -> list[str]:
    """The fenced blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """The lines of all shell blocks, without comments."""
    lines = [line.partition(" #")[0].strip() for block in blocks(page) for line in block.splitlines()]
    return [line for line in lines if line]


def copy(folder: Path) -> Path:
    """The project as a clone would be, with the environment that runs the tests as its `.venv`."""
    clone = folder / "clone"
    for path in files():
        target = clone / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for compiled in PACKAGE.rglob("__pycache__"):  # else the first command would compile the copy, in 1.3 s
        shutil.copytree(compiled, clone / compiled.relative_to(ROOT))
    (clone / ".venv").symlink_to(sys.prefix)
    return clone


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def run(page: Path, clone: Path, stand_ins: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the page's commands in the copy; each stand-in takes the place of what only the reader has.

    A server in the background is waited for until the target file that it writes is there, and ends with the shell.
    What the first run of the suite finds stands in `verdicts-1.json`, and so on.
    """
    script = ["set -eo pipefail", "trap 'for job in $(jobs -p); do kill $job; done' EXIT"]
    for line in commands(page):
        if line in SET_UP:
            continue
        for placeholder, stand_in in stand_ins.items():
            line = line.replace(placeholder, stand_in)
        script.append(line)
        if awaited := re.search(r"--write-target (\S+).*&$", line):
            script.append(f"until [ -s {awaited[1]} ]; do kill -0 $!; sleep 0.05; done")
        if re.match(r"(.venv/bin/)?pytest\b", line):
            script.append("cp reports/verdicts.json verdicts-$((runs += 1)).json")
    ours = ("PHOTO_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")  # each command would compile the copy again
    return subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=clone,
        env={name: value for name, value in os.environ.items() if not name.startswith(ours)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
