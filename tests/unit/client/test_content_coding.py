"""Content codings are undone, within bounds."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest

from conformance.client.connection import TransportError
from conformance.client.content_coding import decoded
from conformance.model import FailureKind, Recording
from conformance.recording.har_writer import har
from tests.e2e.hostile.server import answer, sends, serve
from tests.unit.client.asking import ask
from tests.unit.media.test_pictures import drawn
from tests.unit.recording.reading import load

TEXT = b"a picture's metadata " * 50_000
RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
CAP = 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        (["gzip"], gzip.compress(TEXT)),
        (["x-gzip"], gzip.compress(TEXT)),
        (["gzip"], gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        (["deflate"], zlib.compress(TEXT)),
        (["deflate"], RAW.compress(TEXT) + RAW.flush()),
        (["deflate", "gzip"], gzip.compress(zlib.compress(TEXT))),
        (["identity"], TEXT),
        ([], TEXT),
    ],
)
def test_a_coding_is_undone(codings: list[str], body: bytes) -> None:
    """Every form of gzip and deflate gives the text back, whether it was offered or not."""
    assert decoded(body, codings, CAP) == (TEXT, None)


@pytest.mark.parametrize("coding", ["gzip", "br", "x-secret"])
def test_an_empty_body_is_in_every_coding(coding: str) -> None:
    """A body of no bytes, such as that of a 304, breaks nothing."""
    assert decoded(b"", [coding], CAP) == (b"", None)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "x-compress", "dcb"])
def test_a_registered_coding_that_is_not_decoded_here_leaves_the_body_unread(coding: str) -> None:
    """Bytes that are neither JSON nor a picture may well be in it."""
    body, why = decoded(b"\x0b\x02\x80hello\x03", [coding], CAP)

    assert body == b"\x0b\x02\x80hello\x03"
    assert coding in (why or "")


@pytest.mark.parametrize("body", [b'{"id": "240X240"}', drawn("JPEG"), drawn("PNG"), drawn("GIF")])
@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip", "deflate", "x-secret"])
def test_json_and_pictures_are_in_no_coding(coding: str, body: bytes) -> None:
    """A Content-Encoding over what is readable as it was received is a bad one."""
    with pytest.raises(TransportError) as caught:
        decoded(body, [coding], CAP)
    assert caught.value.failure.kind is FailureKind.BAD_ENCODING


def test_a_coding_that_is_not_registered_is_a_bad_encoding() -> None:
    """An invented name says nothing that a client can act on."""
    with pytest.raises(TransportError) as caught:
        decoded(b"\x0b\x02\x80hello\x03", ["x-secret"], CAP)
    assert caught.value.failure.kind is FailureKind.BAD_ENCODING


def test_an_unread_body_makes_an_answer_with_a_reason() -> None:
    """The recorder keeps the bytes as they were received, and says why they were not decoded."""
    received = answer("200 OK", "Content-Encoding: br", body=b"\x0b\x02\x80hello\x03")
    with serve(sends(received)) as target:
        (exchange,) = ask(target.url)

    assert exchange.answer is not None
    assert "coding br" in (exchange.answer.unread or "")
    (kept,) = load("".join(har(Recording({exchange.id: exchange}), [], {}).lines())).recorded.exchanges.values()
    assert kept == exchange


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        (["gzip"], b"no gzip at all"),
        (["gzip"], gzip.compress(TEXT)[:-4]),
        (["gzip"], gzip.compress(TEXT) + b"rest"),
        (["gzip"], gzip.compress(TEXT)[:-8] + bytes(8)),
        (["gzip"], gzip.compress(b"") * 100_000),
        (["deflate"], zlib.compress(TEXT) + b"rest"),
        (["deflate"], b"\xff\xff"),
        (["gzip"] * 4, gzip.compress(TEXT)),
    ],
)
def test_what_is_not_so_coded_is_a_bad_encoding(codings: list[str], body: bytes) -> None:
    """Cut, changed, followed by something, or wrapped too often: reported at once, as one kind of failure."""
    began = time.monotonic()
    with pytest.raises(TransportError) as caught:
        decoded(body, codings, CAP)
    assert caught.value.failure.kind is FailureKind.BAD_ENCODING
    assert time.monotonic() - began < 2


def test_a_body_too_large_once_decoded_is_reported() -> None:
    """The cap holds for the decoded bytes: one below passes, one above does not."""
    body = gzip.compress(TEXT)
    assert decoded(body, ["gzip"], len(TEXT)) == (TEXT, None)
    with pytest.raises(TransportError) as caught:
        decoded(body, ["gzip"], len(TEXT) - 1)
    assert caught.value.failure.kind is FailureKind.TOO_LARGE
