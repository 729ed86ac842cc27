"""Content codings are undone, within bounds."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest

from conformance.client.body import decoded
from conformance.client.connection import TransportError
from conformance.model import FailureKind

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
        (["zstd"], TEXT),
        ([], TEXT),
    ],
)
def test_a_coding_is_undone(codings: list[str], body: bytes) -> None:
    """Every form of gzip and deflate gives the text back; what is unknown is left alone."""
    assert decoded(body, codings, CAP) == TEXT


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
    """Cut, changed, followed by something, or wrapped too often: told in a moment, as one kind of failure."""
    began = time.monotonic()
    with pytest.raises(TransportError) as caught:
        decoded(body, codings, CAP)
    assert caught.value.failure.kind is FailureKind.BAD_ENCODING
    assert time.monotonic() - began < 2


def test_a_body_too_large_once_decoded_is_told() -> None:
    """The cap holds for the decoded bytes: one below passes, one above does not."""
    body = gzip.compress(TEXT)
    assert decoded(body, ["gzip"], len(TEXT)) == TEXT
    with pytest.raises(TransportError) as caught:
        decoded(body, ["gzip"], len(TEXT) - 1)
    assert caught.value.failure.kind is FailureKind.TOO_LARGE
