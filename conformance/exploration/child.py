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

from .drawn import Drawn, load

_OTHERS = ("HYPOTHESIS", "PYTHON", "SCHEMATHESIS")
"""Beginnings of variables that would change what is drawn."""


class CannotDraw(Exception):  # noqa: N818 - says what it is
    """The requests could not be drawn; the text is one line that says why."""


class Drawing:
    """Requests that are being drawn. A context manager: the process ends with the block, drawn or not."""

    def __init__(self, edition: str, count: int, seed: int) -> None:
        self._patience = 60.0 + count  # a second for each request of every operation is more than they ever take
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __package__ or "", edition, str(count), str(seed)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )

    def requests(self) -> list[Drawn]:
        """What was drawn, waited for. Raises CannotDraw."""
        try:
            told, said = self._process.communicate(timeout=self._patience)
        except subprocess.TimeoutExpired:
            raise CannotDraw(f"no requests were drawn within {self._patience:.0f} seconds") from None
        if self._process.returncode:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            raise CannotDraw(lines[-1] if lines else f"drawing requests ended with code {self._process.returncode}")
        return load(told.decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONHASHSEED": "0"}
