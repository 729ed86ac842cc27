"""The reference server as if it were far away: every answer comes so much later."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn

from conformance.reference.app import App
from conformance.reference.default_tenant import default_tenant
from conformance.reference.service import Service
from conformance.reference.target_export import target_file_text, tokens

EDITION = "v1.0-2016"


@contextmanager
def server(latency: float) -> Iterator[Any]:
    """A server in a thread of this process; what it gives has `base_url`, `target` and `tokens`."""
    people = default_tenant(edition=EDITION)
    # The protocol is named, since asyncio sets TCP_NODELAY only where it is: without, each answer takes 40 ms more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener, tempfile.TemporaryDirectory() as folder:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1.0"
        near = App(Service(people, EDITION, url))

        async def later(scope: Any, receive: Any, send: Any) -> None:
            await asyncio.sleep(latency)
            await near(scope, receive, send)

        running = uvicorn.Server(uvicorn.Config(later, lifespan="off", log_level="warning", access_log=False))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        (Path(folder) / "target.toml").write_text(target_file_text(people, url, EDITION), "utf-8")
        while not running.started:
            time.sleep(0.01)
        try:
            yield SimpleNamespace(base_url=url, target=Path(folder) / "target.toml", tokens=tokens(people))
        finally:
            running.should_exit = True
            thread.join()
