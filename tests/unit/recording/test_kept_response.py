"""What a recorder lost is distinguished from what the server sent, by the sizes that stand beside the body."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zlib
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from conformance.model import Answer, Failure, FailureKind
from conformance.recording.kept_response import response


def picture() -> bytes:
    """A small JPEG with bytes of all kinds."""
    file = io.BytesIO()
    Image.effect_noise((24, 24), 90).convert("RGB").save(file, "JPEG")
    return file.getvalue()


JPEG = picture()
METADATA = json.dumps({"id": "24X24", "width": 24, "height": 24, "displayName": "Zoë"}, ensure_ascii=False).encode()
BASE64 = base64.b64encode(JPEG).decode()
ZIPPED = gzip.compress(JPEG)
IN_CHUNKS = (ZIPPED[:100], ZIPPED[100:])
GARBLED = JPEG.decode("utf-8", "replace")
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
IMAGE, TEXT = {"Content-Type": "image/jpeg", **DATE}, {"Content-Type": "application/json", **DATE}


def kept(content: Any, headers: dict[str, str] | list[Any], status: int = 200, beside: Any = None, **more: Any) -> Any:
    """What is read of an entry with this content: the body, or why there is none."""
    listed = (
        [{"name": name, "value": value} for name, value in headers.items()] if isinstance(headers, dict) else headers
    )
    entry = {
        "request": {"method": "GET"},
        "response": {"status": status, "headers": listed, "content": content, **more},
    }
    found = response(entry, beside or (lambda _: None))
    if isinstance(found, Failure):
        assert found.kind is FailureKind.UNREACHABLE
        return found.detail.removeprefix("in the recording: ")
    return found.body if found.unread is None else found.unread.removeprefix("in the recording: ")


def length(size: int, headers: dict[str, str] = IMAGE) -> dict[str, str]:
    """These headers with a Content-Length."""
    return {**headers, "Content-Length": str(size)}


RESTORED: dict[str, tuple[Any, ...]] = {
    "base64": ({"text": BASE64, "encoding": "base64", "size": len(JPEG)}, IMAGE),
    "base64, in capitals": ({"text": BASE64, "encoding": "BASE64", "size": len(JPEG)}, IMAGE),
    "base64 in lines": ({"text": "\n".join([BASE64[:76], BASE64[76:]]), "encoding": "base64"}, IMAGE),
    "base64 of URLs, without padding": (
        {"text": base64.urlsafe_b64encode(JPEG).decode().rstrip("="), "encoding": "base64"},
        IMAGE,
    ),
    "base64 without its label, by size": ({"text": BASE64, "size": len(JPEG)}, IMAGE),
    "base64 without its label, by Content-Length": ({"text": BASE64, "size": len(BASE64)}, length(len(JPEG))),
    "one character for each byte": ({"text": JPEG.decode("latin-1"), "size": len(JPEG)}, IMAGE),
    "characters, size counted after UTF-8": (
        {"text": JPEG.decode("latin-1"), "size": len(JPEG.decode("latin-1").encode())},
        IMAGE,
    ),
    "a data URL, by size": ({"text": f"data:image/jpeg;base64,{BASE64}", "size": len(JPEG)}, IMAGE),
    "hexadecimal digits": ({"text": JPEG.hex(), "encoding": "hex", "size": len(JPEG)}, IMAGE),
    "hexadecimal digits in pairs": ({"text": JPEG.hex(" "), "encoding": "hex", "size": len(JPEG)}, IMAGE),
    "gzip in chunks, as Polly.js keeps it": (
        {"text": json.dumps([base64.b64encode(part).decode() for part in IN_CHUNKS]), "encoding": "base64"},
        {**IMAGE, "Content-Encoding": "gzip"},
    ),
    "hexadecimal digits without their label": ({"text": JPEG.hex(), "size": len(JPEG)}, IMAGE),
    "a list of bytes": ({"text": list(JPEG)}, IMAGE),
    "Node's Buffer": ({"text": {"type": "Buffer", "data": list(JPEG)}}, IMAGE),
    "gzip as it came": (
        {"text": base64.b64encode(gzip.compress(JPEG)).decode(), "encoding": "base64"},
        {**IMAGE, "Content-Encoding": "gzip"},
    ),
    "gzip already undone": ({"text": BASE64, "encoding": "base64"}, {**length(900), "Content-Encoding": "gzip"}),
    "brotli already undone": ({"text": BASE64, "encoding": "base64"}, {**IMAGE, "Content-Encoding": "br"}),
    "deflate as it came, raw": (
        {"text": base64.b64encode(zlib.compress(JPEG, wbits=-15)).decode(), "encoding": "base64"},
        {**IMAGE, "Content-Encoding": "deflate"},
    ),
    "longer than Content-Length, whose coding was taken away": ({"text": BASE64, "encoding": "base64"}, length(300)),
    "gzip as it came, size as it was decoded": (
        {"text": base64.b64encode(gzip.compress(JPEG)).decode(), "encoding": "base64", "size": len(JPEG)},
        {**IMAGE, "Content-Encoding": "gzip"},
    ),
    "numbers as text": ({"text": json.dumps(list(JPEG)), "size": len(JPEG)}, IMAGE),
    "numbers without brackets": ({"text": ",".join(map(str, JPEG))}, length(len(JPEG))),
    "Node's Buffer as text": (
        {"text": json.dumps({"type": "Buffer", "data": list(JPEG)}, separators=(",", ":")), "size": len(JPEG)},
        IMAGE,
    ),
    "Node's Buffer as text with blanks": (
        {"text": json.dumps({"type": "Buffer", "data": list(JPEG)}), "size": len(JPEG)},
        IMAGE,
    ),
    "a file by its SHA-1": ({"_sha1": "a1.jpeg", "size": -1}, IMAGE),
    "a file beside it": ({"_file": "resources/a1.jpeg", "size": -1}, IMAGE),
    "no headers, but a media type": ({"text": BASE64, "encoding": "base64", "mimeType": "image/jpeg"}, []),
    "a masked media type": (
        {"text": BASE64, "encoding": "base64", "mimeType": "image/jpeg"},
        {"Content-Type": "REDACTED", "Date": "x"},
    ),
}


@pytest.mark.parametrize("name", RESTORED)
def test_what_can_be_restored_is_the_body_that_came(name: str) -> None:
    """Whatever form the recorder gave it, the picture is read."""
    content, headers = RESTORED[name]

    assert kept(content, headers, beside=lambda file: JPEG if file == "a1.jpeg" else None) == JPEG


NOT_KEPT = "the response's body was not kept"
NOT_WHOLE = "the body was not kept whole, and nothing says how long it was"
DOUBT = "the body is base64 text, or numbers, and nothing says whether it came so or was kept so"
BUFFER = '{"type":"Buffer","data":[123,125]}'
TEXT_INSTEAD = "text stands where the bytes of a picture were, and nothing says that it came so"
LOST: dict[str, tuple[Any, dict[str, str] | list[Any], dict[str, Any], str]] = {
    "no content": (None, IMAGE, {}, NOT_KEPT),
    "an empty content": ({}, IMAGE, {}, NOT_KEPT),
    "null": ({"text": None, "size": 50}, IMAGE, {}, NOT_KEPT),
    "size -1": ({"size": -1}, IMAGE, {}, NOT_KEPT),
    "size 0, chunked": ({"size": 0}, {**IMAGE, "Transfer-Encoding": "chunked"}, {}, NOT_KEPT),
    "empty text, bodySize above 0": ({"size": 0, "text": ""}, IMAGE, {"bodySize": 500}, NOT_KEPT),
    "empty text, Content-Length above 0": ({"size": 0, "text": ""}, length(9), {}, NOT_KEPT),
    "empty text without any size": ({"size": 0, "text": ""}, IMAGE, {"bodySize": -1}, NOT_KEPT),
    "an error's body": ({"size": 0, "mimeType": "x"}, TEXT, {"status": 404}, NOT_KEPT),
    "parsed JSON": ({"text": {"id": "24X24"}, "size": 60}, TEXT, {}, NOT_KEPT),
    "a file that is not there": (
        {"_file": "gone.jpeg"}, IMAGE, {}, "the response's body should lie in a file beside it, which is not there",
    ),
    "base64 as Python writes bytes": (
        {"text": f"b'{BASE64}'", "size": 20}, IMAGE, {},
        f"the body was kept in another form: {len(BASE64) + 3} bytes, of which 20 came",
    ),
    "percent-encoded, without a size": ({"text": quote_from_bytes(JPEG)}, IMAGE, {}, TEXT_INSTEAD),
    "words without a size": ({"text": "1234 bytes", "size": -1}, IMAGE, {}, TEXT_INSTEAD),
    "what JavaScript makes of bytes": ({"text": json.dumps(dict(enumerate(JPEG)))}, IMAGE, {}, TEXT_INSTEAD),
    "chunks that were cut": (
        {"text": f'["{BASE64[:99]}', "encoding": "base64"}, IMAGE, {},
        "the body's chunks of base64 were not kept whole",
    ),
    "JSON that was cut": ({"text": '{"id": "24X', "size": -1}, TEXT, {}, NOT_WHOLE),
    "words in place of JSON": ({"text": "[object Object]"}, TEXT, {}, NOT_WHOLE),
    "JSON as text in JSON": (
        {"text": '"{}"', "size": 2}, TEXT, {}, "the body was kept in another form: 4 bytes, of which 2 came",
    ),
    "nothing in place of JSON": ({"text": "{}", "size": 60}, TEXT, {}, "the body was kept in part: 2 of 60 bytes"),
    "an empty file": ({"_file": "empty", "size": 0}, IMAGE, {"bodySize": 3928}, NOT_KEPT),
    "half of a file": (
        {"_file": "half", "size": len(JPEG)}, IMAGE, {}, f"the body was kept in part: 400 of {len(JPEG)} bytes",
    ),
    "half of it": (
        {"text": base64.b64encode(JPEG[:400]).decode(), "encoding": "base64", "size": len(JPEG)}, IMAGE, {},
        f"the body was kept in part: 400 of {len(JPEG)} bytes",
    ),
    "half of the text": (
        {"text": METADATA[:20].decode()}, length(len(METADATA), TEXT), {},
        f"the body was kept in part: 20 of {len(METADATA)} bytes",
    ),
    "read as UTF-8": (
        {"text": GARBLED, "size": len(JPEG)}, length(len(JPEG)), {},
        "the body's bytes were read as text by the recorder and are lost",
    ),
    "read as UTF-8, then base64": (
        {"text": base64.b64encode(GARBLED.encode()).decode(), "encoding": "base64"}, IMAGE, {},
        "the body's bytes were read as text by the recorder and are lost",
    ),
    "read as UTF-8, size counted after": (
        {"text": GARBLED, "size": len(GARBLED.encode())}, IMAGE, {},
        "the body's bytes were read as text by the recorder and are lost",
    ),
    "read as ASCII": (
        {"text": "".join(chr(byte) if byte < 128 else "?" for byte in JPEG), "size": len(JPEG)}, IMAGE, {},
        "the body's bytes were read as text by the recorder and are lost",
    ),
    "half of a picture without sizes": (
        {"text": base64.b64encode(JPEG[:400]).decode(), "encoding": "base64"}, IMAGE, {},
        NOT_WHOLE,
    ),
    "base64 without label and sizes": ({"text": BASE64, "size": -1}, IMAGE, {}, DOUBT),
    "Node's Buffer, its text counted": ({"text": BUFFER, "size": len(BUFFER)}, TEXT, {}, DOUBT),
    "brotli as it came": (
        {"text": base64.b64encode(b"\x1b\x07\0\xf8").decode(), "encoding": "base64"},
        {**IMAGE, "Content-Encoding": "br"}, {}, "the body was kept in the coding br, which is not read here",
    ),
    "half of gzip": (
        {"text": base64.b64encode(gzip.compress(JPEG)[:300]).decode(), "encoding": "base64"},
        {**IMAGE, "Content-Encoding": "gzip"}, {}, "the body was kept gzip-coded, and not whole",
    ),
    "a word for a Blob": ({"text": "[object Blob]", "size": 13}, IMAGE, {}, "words stand in place of the body"),
    "a word for bytes": ({"text": "<binary data>", "size": 13}, IMAGE, {}, "words stand in place of the body"),
    "a mask": ({"text": "[REDACTED]", "size": 10}, TEXT, {"status": 404}, "words stand in place of the body"),
    "a Blob as JSON": ({"text": "{}", "size": len(JPEG)}, length(len(JPEG)), {},
        f"the body was kept in part: 2 of {len(JPEG)} bytes",
    ),
    "an ellipsis": ({"text": '{"id": "24X...', "size": 14}, TEXT, {}, "the body was cut off by the recorder"),
    "how much was cut off": (
        {"text": '{"id": "24 [truncated 60 bytes]'}, TEXT, {}, "the body was cut off by the recorder",
    ),
    "a comment": ({"text": '{"id"', "comment": "Truncated"}, TEXT, {}, "the body was cut off by the recorder"),
    "masked values": ({"text": '{"@odata.id": "users(\'***\')/photo"}'}, TEXT, {}, "values in the body are masked"),
    "no headers": ({"text": "{}"}, [], {}, "the response's headers were not kept"),
    "no headers of a 401": (
        {"text": "{}", "mimeType": "application/json"}, [], {"status": 401}, "the response's headers were not kept",
    ),
    "masked media type": ({"text": "{}"}, {"Content-Type": "***"}, {}, "the response's Content-Type is masked"),
    "broken off": ({"size": 0}, IMAGE, {"status": 0, "_error": "net::ERR_ABORTED"}, "net::ERR_ABORTED"),
    "broken off after the headers": ({"text": ""}, IMAGE, {"_failureText": "net::ERR_FAILED"}, "net::ERR_FAILED"),
    "Playwright's -1": ({}, [], {"status": -1}, "no response"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_says_nothing_against_the_server(name: str) -> None:
    """The reason says what was lost."""
    content, headers, more, why = LOST[name]

    assert kept(content, headers, beside={"empty": b"", "half": JPEG[:400]}.get, **more) == why


SENT: dict[str, tuple[Any, dict[str, str], bytes, dict[str, Any]]] = {
    "an empty body": ({"size": 0, "text": ""}, length(0), b"", {}),
    "an empty body without text": ({"size": 0}, length(0), b"", {}),
    "an empty body, by bodySize": ({"size": 0, "text": ""}, IMAGE, b"", {"bodySize": 0}),
    "an empty error": ({"size": 0, "text": ""}, TEXT, b"", {"status": 404}),
    "a data URL that the server sent": (
        {"text": f"data:image/jpeg;base64,{BASE64}", "size": len(BASE64) + 23}, IMAGE,
        f"data:image/jpeg;base64,{BASE64}".encode(), {},
    ),
    "half of a picture that the server sent": (
        {"text": base64.b64encode(JPEG[:400]).decode(), "encoding": "base64", "size": 400}, IMAGE, JPEG[:400], {},
    ),
    "a word that the server sent": ({"text": "not a picture", "size": 13}, IMAGE, b"not a picture", {}),
    "Node's Buffer that the server sent": ({"text": BUFFER}, length(len(BUFFER)), BUFFER.encode(), {}),
    "numbers that the server sent": ({"text": "[255,216]", "size": 9}, IMAGE, b"[255,216]", {}),
    "base64 that the server sent": ({"text": BASE64, "size": len(BASE64)}, length(len(BASE64)), BASE64.encode(), {}),
    "base64 that the server sent, by size": ({"text": BASE64, "size": len(BASE64)}, IMAGE, BASE64.encode(), {}),
    "bytes that the server read as text": (
        {"text": GARBLED, "size": len(GARBLED.encode())}, length(len(GARBLED.encode())), GARBLED.encode(), {},
    ),
    "words that the server sent": ({"text": "[object Blob]"}, length(13), b"[object Blob]", {}),
    "a page in place of a picture": ({"text": "<html>"}, IMAGE, b"<html>", {}),
    "an error in place of a picture": ({"text": '{"error": {}}'}, IMAGE, b'{"error": {}}', {}),
    "no JSON": ({"text": "undefined", "size": 9}, TEXT, b"undefined", {}),
    "an empty object": ({"text": "{}"}, TEXT, b"{}", {}),
    "JSON that is cut, by size": ({"text": '{"id": 1', "size": 8}, TEXT, b'{"id": 1', {}),
    "an error that ends in dots": (
        {"text": '{"error": "wait..."}', "comment": "exceeded"}, TEXT, b'{"error": "wait..."}', {"status": 429},
    ),
    "text labelled base64 that is none": ({"text": "{}", "encoding": "base64"}, TEXT, b"{}", {}),
    "JSON in UTF-8": ({"text": METADATA.decode(), "size": len(METADATA)}, TEXT, METADATA, {}),
    "JSON in UTF-8, characters counted": ({"text": METADATA.decode(), "size": len(METADATA) - 1}, TEXT, METADATA, {}),
    "JSON with U+FFFD": ({"text": '"\ufffd"', "size": 5}, TEXT, '"\ufffd"'.encode(), {}),
    "no body of a 304": ({}, {}, b"", {"status": 304}),
}  # fmt: skip


@pytest.mark.parametrize("name", SENT)
def test_what_the_server_sent_is_evaluated(name: str) -> None:
    """Where sizes agree, or nothing speaks against it, the body is the server's."""
    content, headers, body, more = SENT[name]
    assert kept(content, headers, **more) == body


NAMES = st.sampled_from(["name", "value", "text", "data"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 300) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries({"status": st.sampled_from([200, 401, "200", None, 1e9]), "headers": JSON, "bodySize": JSON}),
    st.fixed_dictionaries({}, optional=dict.fromkeys(["text", "size", "encoding", "mimeType", "_file"], JSON)),
)
def test_any_response_is_read_or_not_kept(kept: dict[str, Any], content: dict[str, Any]) -> None:
    """Members of any type never make the reader fail."""
    found = response({"response": {**kept, "content": content}}, lambda _: None)

    assert isinstance(found, Answer | Failure)
