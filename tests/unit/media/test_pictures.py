"""Bytes as pictures: what is one, what is not, and that nothing from the wire takes long or raises."""

from __future__ import annotations

import base64
import gzip
import io
import re
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from conformance.media import NotRead
from conformance.media.pictures import Picture, canonical_type, read

FORMS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
GIF_HEAD = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
GIF_FRAME = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"


def drawn(form: str = "JPEG", size: tuple[int, int] = (31, 17), **how: object) -> bytes:
    """A picture of some colours."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **how)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_picture_is_read(form: str) -> None:
    """A picture of each known format is described with its type, width and height."""
    assert read(drawn(form)) == Picture(FORMS[form], 31, 17)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (drawn("ICO"), "ICO"),
        (drawn("JPEG2000"), "JPEG2000"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "JPEGXL"),
        (b"\xff\x0a\xfa\x1f\x01\x91\x08\x06\x01\x00", "JPEGXL"),
        (b"II\xbc\x01\x20\0\0\0", "JPEGXR"),
    ],
)
def test_a_format_that_is_not_decoded_is_not_read(body: bytes, form: str) -> None:
    """Whether it is whole is not known, and nothing is said against it."""
    assert read(body) == NotRead(f"not read: {form} is not decoded")


SIZE_IN_JPEG = re.compile(rb"(\xff\xc0..)(.)(..)", re.DOTALL)
"""Of a frame: what is before its bits a sample, these, and its height."""
BITS_OF_A_BMP = struct.pack("<2sIHHI IiiHHIIiiII III", b"BM", 86, 0, 0, 66, *(40, 5, 2, 1, 16, 3, 20, 0, 0, 0, 0),
                            *(0xF00, 0xF0, 0xF)) + bytes(24)  # fmt: skip
"""Two rows of five pixels with four bits a colour."""


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (SIZE_IN_JPEG.sub(b"\\1\x0c\\3", drawn(), count=1), "image/jpeg"),
        (SIZE_IN_JPEG.sub(b"\\1\\2\0\0", drawn()[:-2], count=1) + b"\xff\xdc\0\4\0\x11\xff\xd9", "image/jpeg"),
        (BITS_OF_A_BMP, "image/bmp"),
    ],
    ids=["bits", "height", "bitfields"],
)
def test_a_kind_that_is_not_decoded_is_not_read(body: bytes, form: str) -> None:
    """Twelve bits a sample, a height behind the scan (T.81 B.2.2, B.2.5), any bit fields: the formats allow them."""
    found = read(body)
    assert isinstance(found, NotRead)
    assert found.why.startswith(f"not read: {form} of a kind that is not decoded (")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_picture_cut_short_is_none(form: str, share: float) -> None:
    """A picture of which a part is missing is not taken for one."""
    body = drawn(form, (64, 64))
    assert isinstance(read(body[: int(len(body) * share)]), str)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("missing", [1, 2, 5, 9])
def test_a_picture_cut_by_a_few_bytes_is_none(form: str, missing: int) -> None:
    """A picture whose last bytes are missing is not taken for one, though decoders forgive it."""
    assert isinstance(read(drawn(form, (64, 64))[:-missing]), str)


def test_a_jpeg_cut_short_is_none_for_all_the_thumbnail_inside() -> None:
    """A thumbnail's end mark in the header does not stand for the picture's own."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    body = drawn(size=(64, 64), exif=exif.tobytes() + drawn(size=(8, 8)))
    assert read(body) == Picture("image/jpeg", 64, 64)
    assert all(isinstance(read(body[:-missing]), str) for missing in (1, 2, 3))


def test_what_follows_the_end_of_a_jpeg_does_no_harm() -> None:
    """Bytes after the end mark, marks of scans among them, leave the picture whole."""
    assert isinstance(read(drawn() + b"\x00\xff\xda trailer"), Picture)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty body"),
        (gzip.compress(drawn()), "gzip that no Content-Encoding announces"),
        (b"data:image/png;base64," + base64.b64encode(drawn()), "a data URL"),
        (base64.b64encode(drawn()), "base64 text"),
        (base64.encodebytes(drawn("BMP")), "base64 text"),
        (b"<!DOCTYPE html><title>Sign in</title>", "an HTML page"),
        (b'\xef\xbb\xbf {"error": {}}', "JSON text"),
        (b'"' + base64.b64encode(drawn()) + b'"', "JSON text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "XML text"),
        (b"%PDF-1.7\n", "do not decode as a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "do not decode as a picture"),
    ],
)
def test_what_is_no_picture_is_named(body: bytes, what: str) -> None:
    """What came instead of a picture is said in one phrase."""
    assert what in str(read(body))


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    """A header that claims 60,000 by 60,000 pixels costs no memory."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000)))]
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    assert isinstance(read(b"\x89PNG\r\n\x1a\n" + b"".join(parts)), NotRead)


@pytest.mark.parametrize(
    "body",
    [
        GIF_HEAD + GIF_FRAME * 500_000 + b";",
        GIF_HEAD + b"\x21\xfe\1a\0" * 500_000 + GIF_FRAME + b";",
        b"\xff\xd8" + b"\xff\xfe\0\2" * 2_000_000 + b"\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0abCd\0\0\0\0" * 500_000,
        b"QUJD" * 4_000_000,
        b"A " * 4_000_000,
        b"[" * 8_000_000,
    ],
    ids=["frames", "comments", "segments", "chunks", "base64", "blanks", "brackets"],
)
def test_a_hostile_body_takes_no_time(body: bytes) -> None:
    """Megabytes of empty parts are looked at within seconds."""
    started = time.process_time()
    read(body)
    assert time.process_time() - started < 4


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(FORMS)), st.integers(0, 400))
def test_reading_never_raises(junk: bytes, form: str, at: int) -> None:
    """Whatever the bytes, junk inside a picture among them, the answer is a picture or a phrase."""
    body = drawn(form, (9, 9))
    for faulted in (junk, body[:at] + junk, body[:at] + junk + body[at:]):
        found = read(faulted)
        assert isinstance(found, (Picture, NotRead)) or (found and len(found) < 200)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("image/jpg", "image/jpeg"),
        (" IMAGE/PJPEG ", "image/jpeg"),
        ("image/x-png", "image/x-png"),
        ("image/x-ms-bmp", "image/bmp"),
        ("Image/Gif", "image/gif"),
    ],
)
def test_old_names_of_types_are_known(text: str, meant: str) -> None:
    """A type is compared under its registered name, without regard to case."""
    assert canonical_type(text) == meant
