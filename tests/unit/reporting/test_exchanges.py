from __future__ import annotations

import base64
import hashlib
import json
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.media import decoding_process
from conformance.model import Answer, Exchange, Failure, FailureKind, Form, Recording, Request, State, UsageProblem
from conformance.recording import har_writer
from conformance.reporting.exchanges import BODY_LIMIT, read, reindented, shown
from tests.unit.media.test_tiff import tiff_of_tiles
from tests.unit.reporting import runs


def answer(content: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    pairs = [{"name": name, "value": value} for name, value in headers]
    return {"response": {"status": 200, "statusText": "OK", "headers": pairs, "content": content}}


def test_a_picture_is_described_and_not_shown() -> None:
    """Of a photo a report tells type, pixels, bytes and SHA-256; the face stays out unless it is asked for."""
    data = runs.picture(1)
    entry = runs.entry("x", Form.PHOTO, State.PRESENT, 1)
    result = shown({"x": entry}, "x")
    assert result.about == f"image/png, 48 × 48 pixels, {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}"
    assert (result.body, result.photo) == ("", "")
    assert (
        shown({"x": entry}, "x", show_photos=True).photo == f"data:image/png;base64,{base64.b64encode(data).decode()}"
    )


def test_a_picture_is_read_once_for_all_exchanges_that_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many verdicts show one picture, a decoder looks at it once."""
    body = tiff_of_tiles(8, 16)
    looked: list[bytes] = []

    def size(_: str, body: bytes) -> tuple[int, int]:
        looked.append(body)
        return 128, 16

    monkeypatch.setattr(decoding_process, "size", size)
    entry = answer({"encoding": "base64", "text": base64.b64encode(body).decode()})
    for identity in "abc":
        assert shown({identity: entry}, identity).about.startswith("image/tiff, 128 × 16 pixels")
    assert looked == [body]


def test_a_drawing_with_scripts_is_never_a_photo() -> None:
    """SVG is text, whatever it is labelled, and never becomes an image of the page."""
    entry = answer({"text": "<svg xmlns='x'><script>1</script></svg>"}, (("Content-Type", "image/svg+xml"),))
    assert shown({"x": entry}, "x", show_photos=True).photo == ""


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xd8\xff\xfe" + b"000000000001" * 262_144,
        b"\xff\xd8" + b"\xff\x01" * 2_000_000,
        b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0tEXt" + zlib.crc32(b"tEXt").to_bytes(4)) * 300_000,
        b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe\1x\0" * 800_000,
    ],
    ids=["no segments", "empty segments", "empty chunks", "empty comments"],
)
def test_what_is_no_whole_picture_is_described_at_once(body: bytes) -> None:
    """Three megabytes in which a decoder finds no picture take no seconds."""
    entry = answer({"encoding": "base64", "text": base64.b64encode(body).decode()})
    started = time.process_time()
    assert shown({"x": entry}, "x").about.startswith(("image/", "not read: too costly"))
    assert time.process_time() - started < 1


def test_json_is_set_out_over_lines() -> None:
    """A JSON body is indented, its tokens as they came."""
    result = shown({"x": answer({"text": '{"a":1.50,"a":[],"b":["\\u00e9",{}]}'})}, "x")
    assert result.body == '{\n  "a": 1.50,\n  "a": [],\n  "b": [\n    "\\u00e9",\n    {}\n  ]\n}'


def test_text_that_is_no_utf8_is_shown_with_its_bytes() -> None:
    """A body that says it is JSON is shown, what is broken in it as escapes; other bytes are described."""
    content = {"encoding": "base64", "text": base64.b64encode(b'{"id": "\xff"}').decode()}
    assert shown({"x": answer(content, (("Content-Type", "application/json"),))}, "x").body == '{\n  "id": "\\xff"\n}'
    result = shown({"x": answer(content)}, "x")
    assert (result.body, result.about[:57]) == ("", "no Content-Type, no text and no known picture (7b 22 69 6")


def test_a_long_body_is_cut_and_says_so() -> None:
    """A report holds the start of a body and its length; the rest is in the recording."""
    result = shown({"x": answer({"text": "é" * 50_000})}, "x")
    assert len(result.body) < BODY_LIMIT + 100
    assert "100,000 bytes" in result.about
    assert result.body.endswith("all 100,000 bytes are in exchanges.har")


def test_a_failure_is_shown_as_the_answer() -> None:
    """Where no answer came the report says how it failed to come."""
    result = shown({"x": {"_failure": {"kind": "deadline", "detail": "15 s passed"}}}, "x")
    assert result.response_line == "no response: deadline: 15 s passed"


def test_what_the_recorder_writes_is_understood(tmp_path: Path) -> None:
    """Shared bodies, failures and answers waited out come back from a HAR of ours."""
    request, body = Request("GET", "https://h/v1.0/me/photo"), b"\xff\xd8" + b"x" * 2000
    exchanges = {
        "a": Exchange("a", request, Answer(200, (("Content-Type", "image/jpeg"),), body), throttled=(Answer(429),)),
        "b": Exchange("b", request, Answer(200, (), body)),
        "c": Exchange("c", request, failure=Failure(FailureKind.RESET, "closed")),
    }
    (tmp_path / "x.har").write_text("".join(har_writer.har(Recording(exchanges), [], {}).lines()))
    entries = read(tmp_path / "x.har")
    first, second, third = (shown(entries, name) for name in "abc")
    assert first.waited == 1
    assert hashlib.sha256(body).hexdigest() in first.about
    assert hashlib.sha256(body).hexdigest() in second.about
    assert third.response_line == "no response: reset: closed"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"log": {"entries": {}}}', "[" * 200_000])
def test_another_file_is_refused_in_one_line(content: str, tmp_path: Path) -> None:
    """No file whatever raises anything but UsageProblem."""
    (tmp_path / "x.har").write_text(content)
    with pytest.raises(UsageProblem) as refused:
        read(tmp_path / "x.har")
    assert "\n" not in str(refused.value)


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["request", "response", "content", "headers", "text", "_failure", "_same_as"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_entry_raises(entry: Any) -> None:
    """Whatever a HAR holds in an entry's place, something can be shown."""
    assert shown({"x": entry}, "x").waited == 0


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.floats(allow_nan=False) | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_indenting_changes_no_value(value: Any) -> None:
    """The same JSON can be read from what is shown."""
    assert json.loads(reindented(json.dumps(value))) == value


def test_indenting_takes_depth_and_ruins_alike() -> None:
    """A scan has no stack to overflow, and a body that is cut is shown as far as it goes."""
    assert reindented("[" * 100_000).count("[") == 100_000
    assert reindented('{"a": "b') == '{\n  "a": "b'
