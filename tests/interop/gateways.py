"""What stands in front of an API: nginx and haproxy as installed, and a relay of our own for what they cannot do."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conformance.model import Answer
from tests.shell import free_port

_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(frozen=True)
class Asked:
    """A request as the relay received it."""

    method: str
    target: str
    """Path and query as they stand on the wire."""
    headers: Mapping[str, str]


Forward = Callable[[Asked], Answer]
Between = Callable[[Asked, Forward], Answer]
"""What a relay does with a request: it may forward it, changed or not, and change the response."""


@contextmanager
def relay(upstream: str, between: Between) -> Iterator[str]:
    """A relay in front of a base URL, in this process; gives its own base URL."""
    where = urlsplit(upstream)

    def forward(asked: Asked) -> Answer:
        connection = HTTPConnection(where.netloc, timeout=15)
        try:
            connection.request(asked.method, asked.target, headers=dict(asked.headers))
            response = connection.getresponse()
            headers = [pair for pair in response.getheaders() if pair[0].lower() not in _HOP_BY_HOP]
            return Answer(response.status, tuple(headers), response.read())
        finally:
            connection.close()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write: two of them cost 40 ms by delayed ACK

        def do_GET(self) -> None:
            answer = between(Asked(self.command, self.path, dict(self.headers)), forward)
            self.send_response_only(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{where.path}"
        finally:
            server.shutdown()


@contextmanager
def nginx(folder: Path, server: str, http: str = "") -> Iterator[str]:
    """nginx with these lines in `server` and `http`; gives its address without a path."""
    port = free_port()
    temporary = "".join(f"{kind}_temp_path temp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; user {getpass.getuser()}; worker_processes 1; pid nginx.pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}{http}\nserver {{ listen 127.0.0.1:{port};\n{server}\n}} }}\n"
    )
    with _started(["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def haproxy(folder: Path, frontend: str, upstream: str) -> Iterator[str]:
    """haproxy with these lines in its frontend, before an upstream `host:port`; gives its address without a path."""
    port = free_port()
    (folder / "haproxy.cfg").write_text(
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n  retries 0\n"
        f"frontend in\n  bind 127.0.0.1:{port}\n  {frontend}\n  default_backend out\n"
        f"backend out\n  server one {upstream}\n"
    )
    with _started(["haproxy", "-q", "-f", str(folder / "haproxy.cfg")], port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _started(command: Sequence[str], port: int, folder: Path) -> Iterator[None]:
    program = shutil.which(command[0], path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"{command[0]} is not installed (Debian: apt-get install {command[0]})")
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen([program, *command[1:]], stdout=log, stderr=log)
    try:
        _await(process, port, folder / "gateway.log")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"it does not listen: {log.read_text('utf-8', 'replace')[-600:]}")
