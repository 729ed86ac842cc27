"""The reference server as a process of its own, for a run that has no other target."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .serving import CannotServe, Settings

READY_WITHIN = 15.0
"""Seconds after which a server that has not written its files is given up."""
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
"""Variables that the server gets: no token of the caller's."""
_GLANCE = 0.004
"""Seconds between two looks for the files."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server process that listens."""

    base_url: str
    target: Path
    """The target file; there until the server has ended."""
    tokens: Mapping[str, str]
    """The tokens by the name of the variable that the target file gives them."""
    log: Path | None
    """The file with a line a request, where one was asked for."""
    process: subprocess.Popen[bytes]


@contextmanager
def start(settings: Settings = Settings()) -> Iterator[Running]:  # noqa: B008 - frozen
    """A server as a child process, from the moment when it listens; it ends with the block.

    It chooses itself where it writes target and environment: `write_target` and `write_env` are ignored. The
    server ends with this process, whatever becomes of it. Raises CannotServe with the server's own line.
    """
    with launched(settings) as ready:
        yield ready()


@contextmanager
def launched(settings: Settings) -> Iterator[Callable[[], Running]]:
    """The same a moment earlier: what is yielded waits until the server listens."""
    with tempfile.TemporaryDirectory(prefix="photo-reference-") as folder:
        target, env, errors = (Path(folder) / name for name in ("target.toml", "tokens.env", "stderr.txt"))
        with errors.open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 - our own module
                _command(settings, target, env),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env={name: os.environ[name] for name in _KEPT if name in os.environ}
                | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )

        def ready() -> Running:
            _await(process, (target, env), errors)
            lines = (line.partition("=") for line in env.read_text("utf-8").splitlines())
            base_url = tomllib.loads(target.read_text("utf-8"))["base_url"]
            return Running(base_url, target, {name: token for name, _, token in lines}, settings.log, process)

        try:
            yield ready
        finally:
            process.kill()  # holds nothing worth a farewell, which costs a quarter of a second
            process.communicate()


def _command(settings: Settings, target: Path, env: Path) -> list[str]:
    command = [sys.executable, "-m", __package__, "--host", settings.host, "--port", str(settings.port)]
    command += ["--edition", settings.edition, "--users", str(settings.users), "--end-with-stdin"]
    command += ["--write-target", str(target), "--write-env", str(env)]
    for fault in settings.faults:
        command += ["--fault", fault]
    return command + (["--log", str(settings.log)] if settings.log else [])


def _await(process: subprocess.Popen[bytes], files: tuple[Path, ...], errors: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not all(file.exists() for file in files):
        if process.poll() is not None:
            said = errors.read_text("utf-8", "replace").strip().splitlines()
            raise CannotServe(said[-1] if said else f"the reference server ended with code {process.returncode}")
        if time.monotonic() > deadline:
            raise CannotServe(f"the reference server was not ready within {READY_WITHIN:.0f} seconds")
        time.sleep(_GLANCE)
