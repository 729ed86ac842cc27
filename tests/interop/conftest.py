"""A reference server for client libraries of others, which reach loopback and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance import spec
from conformance.model import Operation
from conformance.reference.embedding import Running, start
from conformance.reference.serving import Settings

Asked = Callable[[], set[Operation]]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server process for all clients, with a log."""
    with start(Settings(log=tmp_path_factory.mktemp("clients") / "log")) as server:
        yield server


@pytest.fixture
def asked(running: Running) -> Asked:
    """Tell which operations were asked since the test began."""
    log = running.log
    assert log is not None
    before = len(log.read_text("ascii").splitlines())

    def operations() -> set[Operation]:
        lines = log.read_text("ascii").splitlines()[before:]
        targets = [line.split()[1].removeprefix("/v1.0") for line in lines]
        return {match.operation for match in map(spec.load().match, targets) if match}

    return operations


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that would call home is stopped before it connects."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a client would connect to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
