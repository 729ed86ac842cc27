"""A recording takes the memory of its bodies, up to a limit, however large it is and however it is packed."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model import Answer, Exchange, Recording, Request, UsageProblem
from conformance.recording import har_file, har_writer, json_stream
from conformance.recording.har_file import UnreadableRecording
from conformance.recording.har_reader import Cassette
from tests.unit.recording.reading import load, written

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
    except UsageProblem as refused:
        return str(refused), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit for what is unpacked that a test can go beyond."""
    monkeypatch.setattr(har_file, "LARGEST_UNPACKED", 8 * MIB)
    return 8 * MIB


@pytest.mark.parametrize("packed", ["gzip", "zlib", "zip"])
def test_what_unpacks_to_too_much_is_refused_before_it_is_held(packed: str, tmp_path: Path, limit: int) -> None:
    """A file of a few KB that unpacks to 80 MiB takes a few times the memory of the limit at most."""
    text = har(x=" " * 10 * limit)
    path = zipped(tmp_path, {"har.har": text}) if packed == "zip" else tmp_path / "app.har.gz"
    if packed != "zip":
        path.write_bytes({"gzip": gzip, "zlib": zlib}[packed].compress(text.encode()))

    refused, memory = measured(path)

    assert str(refused).partition(": ")[2] == "expected at most 8 MiB once unpacked; record fewer requests in one file"
    assert memory < 5 * limit


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


def test_no_link_leads_out_of_the_folder_of_a_recording(tmp_path: Path) -> None:
    """A body in a file beside the recording is read, but not one in a file elsewhere that a link leads to."""
    (tmp_path / "secret").write_bytes(b"of somebody else")
    folder = tmp_path / "unpacked"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "file").write_bytes(b"of the recording")
    (folder / "a.har").write_text(har({"_file": "link", "size": -1}, {"_file": "file", "size": -1}))

    read, _ = measured(folder / "a.har")

    assert isinstance(read, Cassette)
    assert [exchange.answer.body for exchange, _ in read.entries if exchange.answer] == [b"", b"of the recording"]


@pytest.mark.parametrize("packed", [False, True])
def test_an_entry_at_a_time_is_in_memory(packed: bool, tmp_path: Path) -> None:
    """Of 60 MiB that are not about a photo nothing is kept."""
    text = har(*[{"text": "x" * 2 * MIB}] * 30).replace("/photo", "/other").encode()
    path = tmp_path / "app.har"
    path.write_bytes(gzip.compress(text, 1) if packed else text)

    read, memory = measured(path)

    assert isinstance(read, Cassette)
    assert read.left_out == {"not about a photo": 30}
    assert memory < 20 * MIB


def test_a_url_that_no_server_takes_is_passed_over(tmp_path: Path) -> None:
    """One of six million characters is not decoded: an entry that has it cannot be about a photo."""
    path = tmp_path / "a.har"
    path.write_text(har({"text": "x"}).replace("/photo", "/photo/%25" + "%25" * 2 * MIB))

    read, memory = measured(path)

    assert isinstance(read, Cassette)
    assert read.left_out == {"not about a photo": 1}
    assert memory < 64 * MIB


@pytest.mark.parametrize("ours", [False, True])
def test_bodies_past_the_budget_are_not_kept(ours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the body that is too much its length and hash are said, also where another entry refers to it."""
    monkeypatch.setattr(har_file, "LARGEST_UNPACKED", 5 * MIB)
    bodies = [bytes([65 + n]) * 3 * MIB for n in (0, 1, 1)]
    text = har(*({"text": body.decode(), "size": len(body)} for body in bodies))
    if ours:
        answers = [Answer(200, (("Content-Type", "image/jpeg"),), body) for body in bodies]
        asked = {str(n): Exchange(str(n), Request("GET", "http://a"), each) for n, each in enumerate(answers)}
        text = "".join(har_writer.har(Recording(asked), [], {}).lines())

    read = load(text)
    kept = read.recorded.exchanges.values() if ours else [exchange for exchange, _ in read.entries]

    first, *others = [exchange.answer for exchange in kept if exchange.answer]
    assert (first.body, first.unread) == (bodies[0], None)
    assert [(one.body, (one.unread or "")[:28]) for one in others] == [(b"", "body not kept: 3145728 bytes")] * 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"log": {"entries": [], "x": [' + "[]," * 3_000_000 + "1]}}", "too many values"),
        ('{"log": {"entries": [{"a": "' + "\\u0041" * 4_000_000 + '"}]}}', "more than 16 MiB"),
        ('{"log": {"entries": [], "entries": []}}', "stands there twice"),
        ('{"log": {"entries": [{}', "expected a comma or ] at character 23"),
        ('{"log": {"entries": [{"a": "b', "Unterminated string starting at: character 27"),
        ('{"log": {"entries": [{}], 1: 2}}', "expected a name and a colon at character 26"),
        ('{"log": {"entries": []}} {}', "extra data at character 25"),
        ('{"log": {"entries": [], "x": ' + "9" * 5_000 + "}}", "4300 digits"),
    ],
    ids=lambda value: str(value)[-30:],
)
def test_what_would_fill_the_memory_or_is_no_json_is_refused(
    text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line that says what is wrong, and where it is a character."""
    monkeypatch.setattr(json_stream, "MOST_WAITING", 16 * MIB)

    with pytest.raises(UsageProblem, match=re.escape(why)):
        load(text)


def test_a_large_body_of_brackets_is_read() -> None:
    """What stands inside a string is no value, even where the string goes on in what is read next."""
    body = "[]," * 3_000_000
    ((exchange, _),) = load(har({"text": body, "size": len(body), "mimeType": "text/plain"})).entries

    assert exchange.answer is not None
    assert exchange.answer.body == body.encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    entries=st.lists(st.dictionaries(st.text(max_size=2), JSON, max_size=3), max_size=3),
    other=JSON,
    indent=st.sampled_from([None, 1]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    first=st.booleans(),
    cut=st.integers(1, 40),
)
def test_however_it_is_divided_the_entries_are_those_of_json(
    entries: list[Any], other: Any, indent: int | None, encoding: str, first: bool, cut: int
) -> None:
    """Read four bytes at a time, values and members are as json reads them; without its end it is refused."""
    log = {"creator": other, "x": other, "entries": entries} if first else {"entries": entries, "creator": other}
    text = json.dumps({"a": other, "log": log, "b": other}, indent=indent, ensure_ascii=first)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_stream, "_STEP", 4)
        with written(text.encode(encoding, "surrogatepass")) as path:
            members, read = har_file.opened(path)
            assert [entry for entry, _ in read] == entries
        assert members == {"creator": other}
        with written(text[:-cut]) as path, pytest.raises(UnreadableRecording):
            list(har_file.opened(path)[1])
