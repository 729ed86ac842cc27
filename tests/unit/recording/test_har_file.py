"""A recording takes little more memory than its text, however it is packed."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conformance.recording import har_file
from conformance.recording.har_file import UnreadableRecording
from conformance.recording.har_reader import Cassette, load

MIB = 1024**2


def har(*bodies: dict[str, Any], **more: object) -> str:
    """Another tool's recording of a photo with these bodies."""
    request = {"method": "GET", "url": "https://graph.example/v1.0/me/photo/$value", "headers": []}
    headers = [{"name": "Content-Type", "value": "image/jpeg"}]
    entries = [
        {"request": request, "response": {"status": 200, "headers": headers, "content": content}} for content in bodies
    ]
    return json.dumps({"log": {"entries": entries}, **more})


def zipped(folder: Path, members: dict[str, str | bytes]) -> Path:
    """An archive such as Playwright's."""
    path = folder / "app.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def measured(path: Path) -> tuple[Cassette | str, int]:
    """What is read, or why it is refused, and the bytes that reading took."""
    tracemalloc.start()
    try:
        return load(path), tracemalloc.get_traced_memory()[1]
    except UnreadableRecording as refused:
        return str(refused), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit for what is unpacked that a test can go beyond."""
    monkeypatch.setattr(har_file, "LARGEST_UNPACKED", 8 * MIB)
    return 8 * MIB


@pytest.mark.parametrize("packed", ["gzip", "zip"])
def test_what_unpacks_to_too_much_is_refused_before_it_is_held(packed: str, tmp_path: Path, limit: int) -> None:
    """A file of a few KB that unpacks to 80 MiB takes less memory than the limit."""
    text = har(x=" " * 10 * limit)
    path = zipped(tmp_path, {"har.har": text}) if packed == "zip" else tmp_path / "app.har.gz"
    if packed == "gzip":
        path.write_bytes(gzip.compress(text.encode()))

    refused, memory = measured(path)

    assert refused == "expected at most 8 MiB once unpacked; record fewer requests in one file"
    assert memory < limit


def test_bodies_that_unpack_to_too_much_are_refused(tmp_path: Path, limit: int) -> None:
    """Each is below the limit of a body, all together are beyond that of a recording."""
    bodies: dict[str, str | bytes] = {f"{n}.jpeg": bytes([n]) * 3 * MIB for n in range(1, 21)}
    path = zipped(tmp_path, {"har.har": har(*({"_file": name, "size": -1} for name in bodies)), **bodies})

    refused, memory = measured(path)

    assert "at most 8 MiB once unpacked" in str(refused)
    assert memory < 2 * limit


def test_a_body_that_many_entries_name_is_held_once(tmp_path: Path, limit: int) -> None:
    """A hundred entries with the same 3 MiB are read, below the limit."""
    named = {"_file": "a.jpeg", "size": -1}
    read, memory = measured(zipped(tmp_path, {"har.har": har(*[named] * 100), "a.jpeg": b"\xff" * 3 * MIB}))

    assert isinstance(read, Cassette)
    assert [len(exchange.answer.body) for exchange, _ in read.entries if exchange.answer] == [3 * MIB] * 100
    assert memory < 2 * limit


@pytest.mark.parametrize("packed", [False, True])
def test_the_text_is_held_at_most_twice(packed: bool, tmp_path: Path) -> None:
    """As bytes and as text, then as text and as JSON; never all three."""
    text = har({"text": "x" * 15 * MIB}).encode()
    path = tmp_path / "app.har"
    path.write_bytes(gzip.compress(text, 1) if packed else text)

    tracemalloc.start()
    har_file.opened(path)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert memory < 2.2 * len(text)
