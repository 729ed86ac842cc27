"""A process with limits that decodes the pictures which are not small: the backstop behind their computed cost."""

from __future__ import annotations

import atexit
import contextlib
import json
import resource
import selectors
import subprocess
import sys
import threading

from . import TooCostly, decoding

SECONDS = 30
"""For one picture, on a machine that does a lot else."""
MEMORY = 1024 * 1024 * 1024
"""Of addresses; a decoder's threads take some that they never use."""
_lock = threading.Lock()
_running: list[subprocess.Popen[bytes]] = []


def size(kind: str, body: bytes) -> tuple[int, int] | str:
    """As `decoding.size`, in the other process; TooCostly where that ends, or takes too long."""
    with _lock:
        try:
            found = json.loads(_sent(_process(), kind, body))
        except (OSError, ValueError):
            stop()
            raise TooCostly("the process that decodes it went past its limits") from None
    if isinstance(found, dict):
        raise TooCostly(found["costly"])
    return found if isinstance(found, str) else (found[0], found[1])


def stop() -> None:
    """End the process, if there is one."""
    while _running:
        process = _running.pop()
        process.kill()
        process.communicate()


def _process() -> subprocess.Popen[bytes]:
    """The one that runs, or a new one: without the environment, in which tokens may stand, and not ended by Ctrl-C."""
    if not _running:
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve()"
        _running.append(
            subprocess.Popen(  # noqa: S603 - this very interpreter, and a line of ours
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )
        )
        atexit.register(stop)
    return _running[0]


def _sent(process: subprocess.Popen[bytes], kind: str, body: bytes) -> bytes:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(json.dumps([kind, len(body)]).encode() + b"\n" + body)
    process.stdin.flush()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(SECONDS):
            raise TimeoutError
    return process.stdout.readline()


def serve() -> None:
    """Decode what comes by standard input, one picture after the other, until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while line := sys.stdin.buffer.readline():
        kind, length = json.loads(line)
        found: object
        try:
            found = decoding.size(kind, sys.stdin.buffer.read(length))
        except TooCostly as error:
            found = {"costly": str(error)}
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.buffer.write(json.dumps(found).encode() + b"\n")
            sys.stdout.buffer.flush()
