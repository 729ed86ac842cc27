"""The process that draws, from outside: begun early, it draws while others are waited for.

In a process of its own schemathesis costs nothing to those who do not explore, and a run keeps its own chance,
warnings, signals and folders.
"""

from __future__ import annotations

import os
import subprocess
import sys
from types import TracebackType
from typing import Self

from .generated_request import Drawn, load

_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
"""Variables that the process gets: no token, and nothing that would change what is drawn."""


class Drawing:
    """Requests that are being drawn, if any are wanted. A context manager: the process ends with the block."""

    def __init__(self, edition: str, count: int, seed: int) -> None:
        self.notes: tuple[str, ...] = ()
        """Why nothing could be drawn, where that is so."""
        self._patience = 60.0 + count  # a second for each request of every operation is more than they ever take
        self._process = _begun(edition, count, seed) if count else None

    def requests(self) -> list[Drawn]:
        """What was drawn, waited for; nothing, and a note, where that did not work."""
        if self._process is None:
            return []
        try:
            told, said = self._process.communicate(timeout=self._patience)
            if self._process.returncode == 0:
                return load(told.decode())
            why = (said.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]
        except subprocess.TimeoutExpired:
            why = f"it was not done within {self._patience:.0f} seconds"
        self.notes = (f"no requests could be drawn for --explore: {why}",)
        return []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in filter(None, (self._process.stdout, self._process.stderr)):
                stream.close()


def _begun(edition: str, count: int, seed: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", __package__ or "", edition, str(count), str(seed)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONHASHSEED": "0"}
