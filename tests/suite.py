"""Running the suite as a user does, on a reference server or on nothing."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

import pytest

from conformance.reference import embedding
from conformance.reference.serving import Settings

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its exit code, what it said, and where its reports are."""

    code: int
    said: str
    reports: Path

    @property
    def document(self) -> dict[str, Any]:
        """`verdicts.json`."""
        read: dict[str, Any] = json.loads((self.reports / "verdicts.json").read_text("utf-8"))
        return read

    @property
    def bad(self) -> set[str]:
        """Requirements that were violated or departed from."""
        return {v["requirement"] for v in self.document["verdicts"] if v["outcome"] in ("violates", "departs")}


def suite(*arguments: str, reports: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """`pytest` at the root, with these arguments; in this process, which has imported it already."""
    with TemporaryFile("w+", encoding="utf-8") as out, _written_to(out), _at_the_root(env or {}):
        gc.freeze()  # pytest looks for garbage five times when it ends, and what other tests keep is none
        try:
            code = pytest.main([f"--reports={reports}", *arguments])
        finally:
            gc.unfreeze()
            out.seek(0)
            said = out.read()
    return Outcome(int(code), said, reports)


def suite_alone(*arguments: str, reports: Path, env: Mapping[str, str] | None = None, timeout: float = 120) -> Outcome:
    """The same in a process of its own, where what it does to modules, signals and memory ends with it."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--reports={reports}", *arguments],
        cwd=ROOT,
        env=_clean() | dict(env or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout + done.stderr, reports)


def _clean() -> dict[str, str]:
    """The environment without what would be an option of the run, or would have every module compiled again."""
    unusual = ("PHOTO_", "PYTEST_", "GRAPH_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unusual)}


@contextmanager
def _at_the_root(env: Mapping[str, str]) -> Iterator[None]:
    """The root as the working folder, and this added to the clean environment."""
    before = dict(os.environ)
    with chdir(ROOT):
        for name in before.keys() - _clean():
            del os.environ[name]
        os.environ.update(env)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _written_to(out: TextIO) -> Iterator[None]:
    """Standard output and error go to the file, those of child processes too."""
    kept = {number: os.dup(number) for number in (1, 2)}
    try:
        with redirect_stdout(out), redirect_stderr(out):
            for number in kept:
                os.dup2(out.fileno(), number)
            yield
    finally:
        out.flush()
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)


@contextmanager
def server(folder: Path, *faults: str, edition: str = "v1.0-2016") -> Iterator[embedding.Running]:
    """The reference server standing alone, writing a line for each request to `folder/log`."""
    log = folder / "log"
    log.touch()
    with embedding.start(Settings(port=0, edition=edition, faults=faults, log=log)) as running:
        yield running


def some_owners(running: embedding.Running, users: int = 2) -> dict[str, Any]:
    """A target file of that server, as data, with so many users, two groups and two further callers."""
    target = tomllib.loads(running.target.read_text("utf-8"))
    return target | {"user": target["user"][:users], "group": target["group"][:2], "identity": target["identity"][:2]}


def requests_in(folder: Path) -> list[str]:
    """The requests that the server of that folder answered, one line each."""
    return (folder / "log").read_text("utf-8").splitlines()
