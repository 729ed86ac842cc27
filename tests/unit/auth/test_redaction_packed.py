"""Secrets are found in what gzip and zlib packed, and ordinary packed bytes stay as they are."""

from __future__ import annotations

import base64
import gzip
import io
import os
import struct
import zlib
from collections.abc import Callable

import pytest

from conformance.auth.redaction import Redactor
from tests.unit.auth.test_redaction import JWT, SHOWN


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _gzipped(text: bytes) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile("a.json", "wb", fileobj=file) as packed:
        packed.write(text)
    return file.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip of a named file": _gzipped,
    "zlib": zlib.compress,
    "zlib, stored": lambda text: zlib.compress(text, 0),
    "zlib with a wrong checksum": lambda text: zlib.compress(text)[:-4] + b"abcd",
    "gzip, cut off": lambda text: gzip.compress(text)[:-9],
    "gzip twice": lambda text: gzip.compress(gzip.compress(text)),
    "gzip in base64": lambda text: b'{"a": "' + base64.b64encode(gzip.compress(text)) + b'"}',
    "zlib in base64": lambda text: b'{"a": "' + base64.urlsafe_b64encode(zlib.compress(text)) + b'"}',
    "base64 in gzip": lambda text: gzip.compress(base64.b64encode(text)),
    "text of a PNG": lambda text: b"\x89PNG\r\n\x1a\n" + _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text)),
}  # fmt: skip


@pytest.mark.parametrize("way", PACKED)
def test_a_secret_in_packed_bytes_is_replaced_with_all_of_them(way: str) -> None:
    """What a reader would unpack holds it no more."""
    packed = PACKED[way](b'{"error": {"message": "%b"}}' % JWT.encode())
    clean = Redactor([("ADELE_TOKEN", JWT)]).data(b"<a> " + packed)

    assert SHOWN.encode() in clean
    assert clean.startswith(b"<a> ")
    assert len(clean) < 150


def test_packed_bytes_without_a_secret_stay_as_they_are() -> None:
    """So do bytes that only begin like packed ones, and the pixels of a PNG."""
    pixels = b"\x89PNG\r\n\x1a\n" + _chunk(b"IDAT", zlib.compress(JWT.encode()))
    innocent = [
        gzip.compress(b"{}" * 500),
        zlib.compress(os.urandom(5000)),
        b"x\x9c" * 500,
        b"\x1f\x8b\x08" * 9,
        pixels,
    ]
    redactor = Redactor([("ADELE_TOKEN", JWT)])

    assert [redactor.data(data) for data in innocent] == innocent
