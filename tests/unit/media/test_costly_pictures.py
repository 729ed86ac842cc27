"""Pictures whose cost is not their pixels: not decoded, and said to be so, within seconds and little memory."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zlib import compress, crc32

import pytest
from PIL import Image

from conformance.media import NotRead, TooCostly, decoding, decoding_process, pictures
from conformance.media.jpeg import END
from conformance.media.pictures import Picture
from tests.unit.media.test_pictures import GIF_FRAME, GIF_HEAD, drawn


def many_scans(size: int, scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    body = drawn(size=(size, size), progressive=True)
    last = body.rindex(b"\xff\xda")
    return body[:-2] + body[last:-2] * scans + END


def large_frames(side: int, frames: int) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, side, side) + b"\0\2\2\x44\1\0"
    return GIF_HEAD + GIF_FRAME + frame * frames + b";"


def tiff(width: int, height: int, extra: dict[int, int], frames: int = 1) -> bytes:
    """A TIFF of float pixels (or whatever the tags say) that has next to no data."""
    tags = {256: width, 257: height, 258: 32, 259: 5, 262: 1, 277: 1, 339: 3, **extra}
    tags |= {324: 8, 325: 4} if 322 in extra else {273: 8, 278: height, 279: 4}
    body = b"II*\0\x08\0\0\0"
    for number in range(frames):
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
        start = len(body) + 2 + len(entries) + 4
        body += struct.pack("<H", len(tags)) + entries + struct.pack("<I", start if number < frames - 1 else 0)
    return body


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A small PNG with these chunks behind its header."""
    body = drawn("PNG")
    made = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data)) for kind, data in chunks)
    return body[:33] + b"".join(made) + body[33:]


COSTLY: dict[str, Callable[[], bytes]] = {
    "png of an ICC profile of 64 MiB": lambda: png_with((b"iCCP", b"a\0\0" + compress(bytes(1 << 26), 9))),
    "png of 100 texts of 1 MiB": lambda: png_with(*[(b"zTXt", b"a\0\0" + compress(bytes(1 << 20), 9))] * 100),
    "jpeg of 20,000 scans": lambda: many_scans(64, 20_000),
    "jpeg of 6000x6000 and 400 scans": lambda: many_scans(6000, 400),
    "gif of large frames behind a small one": lambda: large_frames(9400, 30),
    "gif of one large frame behind a small one": lambda: large_frames(30_000, 1),
    "gif of a million frames": lambda: large_frames(1, 1_000_000),
    "jpeg of four million empty segments": lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * 3_900_000 + END,
    "tiff of one large tile": lambda: tiff(16, 16, {322: 46_000, 323: 46_000}),
    "tiff of many frames": lambda: tiff(3000, 3000, {}, frames=30),
    "png of 60,000x60,000": lambda: (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII9s", 13, b"IHDR", 60_000, 60_000, b"\x08\2")
    ),
    "bmp of 60,000x60,000": lambda: b"BM" + bytes(8) + struct.pack("<IIIIHH24s", 54, 40, 60_000, 60_000, 1, 24, b""),
}


@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_picture_is_not_read(what: str) -> None:
    """Neither a picture nor a damaged one is reported, and nothing of it is decoded."""
    started = time.monotonic()
    found = pictures.read(COSTLY[what]())

    assert isinstance(found, NotRead)
    assert "too costly" in found.why
    assert time.monotonic() - started < 10


def test_costly_pictures_take_little_memory() -> None:
    """All of them together, in a process of their own, take less than 256 MB more than an idle one."""
    code = (
        "from tests.unit.media.test_costly_pictures import *\n"
        "peak = lambda: int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024\n"
        "bodies = [make() for make in COSTLY.values()]\n"
        "pictures.read(drawn('JPEG')); idle = peak()\n"
        "kinds = [type(pictures.read(body)).__name__ for body in bodies]\n"
        "print(json.dumps([kinds, peak() - idle]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kinds, megabytes = json.loads(done.stdout)

    assert len(kinds) == len(COSTLY)
    assert megabytes < 256


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_a_picture_that_is_not_small_is_decoded_in_the_other_process(form: str) -> None:
    """Size and type come back from it, and a picture cut short is one there too."""
    body = drawn(form, (1600, 1500))

    assert pictures.read(body) == Picture(pictures.MEDIA_TYPES[form], 1600, 1500)
    assert isinstance(pictures.read(body[: len(body) // 2]), str)


def test_the_other_process_has_no_environment_and_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens in variables are not handed on; a second picture starts no second process."""
    monkeypatch.setenv("ADELE_TOKEN", "secret")
    decoding_process.stop()

    first = decoding_process.size("PNG", drawn("PNG")), decoding_process._process().pid
    second = decoding_process.size("GIF", drawn("GIF")), decoding_process._process().pid

    assert first == second
    assert b"ADELE_TOKEN" not in Path(f"/proc/{first[1]}/environ").read_bytes()


def test_a_decoder_that_ends_its_process_is_too_costly_and_the_next_picture_is_read() -> None:
    """The process is a backstop: it is started again after it ended."""
    os.kill(decoding_process._process().pid, 9)

    with pytest.raises(TooCostly):
        decoding_process.size("PNG", drawn("PNG", (1600, 1500)))
    assert decoding_process.size("PNG", drawn("PNG")) == (31, 17)


def test_small_pictures_are_decoded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand owners' small pictures never meet the other process."""
    monkeypatch.setattr(decoding_process, "size", lambda *_: pytest.fail("not small"))

    for form in ("JPEG", "PNG", "GIF"):
        assert isinstance(pictures.read(drawn(form, (648, 648))), Picture)


def test_a_decoder_may_not_read_the_same_bytes_again_and_again() -> None:
    """What it reads in all is bounded, however it seeks."""
    file = decoding._Rationed(bytes(1024 * 1024))

    for _ in range(decoding.MAX_BYTES_READ // (1024 * 1024)):
        file.seek(0)
        file.read()
    file.seek(0)
    with pytest.raises(TooCostly):
        file.read()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
def test_pictures_of_a_phone_are_within_the_limit(form: str) -> None:
    """Twelve million pixels of a usual format are affordable."""
    out = io.BytesIO()
    Image.new("RGB", (4032, 3024), "teal").save(out, form)

    assert (decoding.cost_by_header(form, out.getvalue()) or 0) < decoding.MAX_COST
