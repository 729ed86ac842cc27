"""The reference server on a socket: uvicorn around the app, the files that scripts wait for, a clean end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from ..spec import EDITIONS

if TYPE_CHECKING:
    from .app import App, Fault


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run the reference server; port 0 picks a free one, `users` adds so many made-up users."""

    host: str = "127.0.0.1"
    port: int = 0
    edition: str = EDITIONS[0]
    faults: Sequence[str] = ()
    users: int = 0
    log: Path | None = None
    """A file that gets one line a request: method, raw target, status."""
    write_target: Path | None = None
    write_env: Path | None = None
    end_with_stdin: bool = False
    """End when standard input closes: a parent that dies takes the server with it."""


class CannotServe(Exception):
    """The server cannot start as it was asked to; the text is one line for the user."""


def serve(settings: Settings, faults: Sequence[Fault], say: Callable[[str], object]) -> None:
    """Serve until SIGTERM or SIGINT; files are written, and `say` is called, once the socket listens.

    Raises CannotServe where the port or a file cannot be had, and what `Service` raises of an unknown edition.
    """
    from .app import App  # late: a process that starts this one needs the settings alone
    from .default_tenant import default_tenant
    from .service import Service
    from .target_export import env_file, target_file_text, tokens

    tenant = default_tenant(settings.users, settings.edition)
    with _listener(settings.host, settings.port) as listener, ExitStack() as stack:
        base_url = f"http://{_authority(listener)}/v1.0"
        service = Service(tenant, settings.edition, base_url)
        try:
            opened = settings.log and settings.log.open("w", encoding="ascii", buffering=1)
        except OSError as error:
            raise CannotServe(f"cannot write {settings.log}: {error.strerror}") from None
        target = target_file_text(tenant, base_url, settings.edition)

        def announce() -> None:
            write_atomically(settings.write_env, env_file(tenant))
            write_atomically(settings.write_target, target)
            exports = "".join(f"export {name}={token}\n" for name, token in tokens(tenant).items())
            say(f"{target}\n{exports}\nListening on {base_url} (process {os.getpid()}); stop with Ctrl-C or SIGTERM.")

        log = stack.enter_context(opened).write if opened else None
        _run(App(service, faults, log), listener, announce, settings.end_with_stdin)


def write_atomically(path: Path | None, text: str) -> None:
    """Put the text there whole or not at all; nothing where there is no path. Raises CannotServe."""
    if path is None:
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - an open handle
            file.write(text)
        Path(name).replace(path)
    except OSError as error:
        raise CannotServe(f"cannot write {path}: {error.strerror}") from None


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio sets TCP_NODELAY only where it is: without, each answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
        return listener
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise CannotServe(f"cannot listen on {host} port {port}: {reason}") from None


def _authority(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - printed, not bound
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _run(app: App, listener: socket.socket, announce: Callable[[], None], end_with_stdin: bool) -> None:
    import uvicorn  # late: a usage error and --help need not wait for it

    class Server(uvicorn.Server):
        failure: CannotServe | None = None

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            try:
                announce()
            except CannotServe as error:
                self.failure, self.should_exit = error, True

    server = Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="httptools",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            date_header=False,
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
    )
    if end_with_stdin:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)  # uvicorn raises the signal once more when all is closed
    server.run(sockets=[listener])
    if server.failure:
        raise server.failure


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what a signal calls
    raise SystemExit(0)


def _end_with_stdin(server: object) -> None:
    os.read(sys.stdin.fileno(), 1)
    setattr(server, "should_exit", True)  # noqa: B010 - uvicorn is imported late
