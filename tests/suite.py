"""Running the suite as a user does: in a process of its own, on a reference server or on nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def suite(*arguments: str, reports: Path, env: dict[str, str] | None = None, timeout: float = 120) -> Outcome:
    """`pytest` at the root, with these arguments."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PHOTO_", "PYTEST_", "GRAPH_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--reports={reports}", *arguments],
        cwd=ROOT,
        env=clean | (env or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout + done.stderr, reports)


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
