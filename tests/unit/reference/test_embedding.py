"""The reference server as a child process."""

from __future__ import annotations

import time
import tomllib
import urllib.request
from pathlib import Path

import pytest

from conformance.reference.embedding import Running, start
from conformance.reference.serving import CannotServe, Settings


def test_a_started_server_listens_and_is_described(running: Running) -> None:
    """When start returns, the target file can be read and the server answers its default caller."""
    target = tomllib.loads(running.target.read_text("utf-8"))
    request = urllib.request.Request(f"{running.base_url}/me/photo")
    request.add_header("Authorization", f"Bearer {running.tokens[target['user'][0]['token']['env']]}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    assert running.base_url == target["base_url"]


def test_a_server_ends_with_its_block() -> None:
    """Leaving the block ends the process and removes its files."""
    with start() as server:
        assert server.process.poll() is None
    assert server.process.poll() is not None
    assert not server.target.exists()


def test_a_server_ends_when_its_parent_is_gone() -> None:
    """When the pipe from the parent closes, the server ends by itself and cleanly."""
    with start() as server:
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.process.wait(timeout=10) == 0


def test_starting_takes_no_time() -> None:
    """A server listens well within the time that a person notices (bound generous for busy machines)."""
    before = time.monotonic()
    with start(Settings(edition="observed", users=20)):
        assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(edition="v0"), "v0"),
        (Settings(faults=("no.such-fault",)), "no.such-fault"),
        (Settings(log=Path("/no/such/folder/log")), "cannot write"),
        (Settings(host="192.0.2.1"), "cannot listen"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_one_line(settings: Settings, words: str) -> None:
    """The server's own line comes up as the exception's text."""
    with pytest.raises(CannotServe, match=words) as caught:
        start(settings).__enter__()
    assert "\n" not in str(caught.value)
