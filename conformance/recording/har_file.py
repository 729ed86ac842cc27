"""The file of a recording: plain, gzipped, or zipped with its bodies beside it; and JSON members of any type, read."""

from __future__ import annotations

import gzip
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

LARGEST = 2 * 1024**3
"""Bytes of a plain recording that is read."""
LARGEST_UNPACKED = 192 * 1024**2
"""Bytes of a packed one, and of the bodies packed with it: a few KB can unpack to any size."""
LARGEST_BODY = 16 * 1024**2
"""Bytes of one body in a file of its own."""
_STEP = 1024**2
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What unpacking raises where a file is encrypted, damaged, or packed in another way."""

Beside = Callable[[str], bytes | None]
"""The bytes of a file that lies beside the HAR, by its name; None where there is none."""


class UnreadableRecording(Exception):
    """The file is no recording. The message is one line."""


def no_har(why: str) -> UnreadableRecording:
    """What a file that is no HAR is refused with."""
    return UnreadableRecording(f"no HAR: {why}; expected a HAR file (docs/recordings.md says how to record one)")


def opened(source: str | bytes | Path) -> tuple[object, Beside]:
    """The JSON of a recording, and the files beside it. A Path is opened, anything else is the text itself."""
    try:
        if not isinstance(source, Path):
            return _json(source if isinstance(source, str) else _decoded(source)), lambda _: None
        with source.open("rb") as file:
            head = file.peek(4)
            if head.startswith(b"PK\x03\x04"):
                return _zipped(zipfile.ZipFile(source))
            if head.startswith(b"\x1f\x8b"):
                return _json(_decoded(_unpacked(gzip.open(file)))), _in_folder(source.parent)
            if source.stat().st_size > LARGEST:
                raise UnreadableRecording(f"the file has more than {LARGEST} bytes")
            return _json(_decoded(file.read())), _in_folder(source.parent)
    except (gzip.BadGzipFile, *_DAMAGED):
        raise no_har("the file is packed, and cannot be unpacked") from None
    except OSError as error:
        raise UnreadableRecording(f"the file cannot be read: {error.strerror or 'no reason given'}") from None


def _unpacked(file: IO[bytes] | gzip.GzipFile) -> bytes:
    """All of a packed file. It is counted first, so that what is too large fills no memory."""
    size = 0
    while step := file.read(_STEP):
        size = _bounded(size + len(step))
    file.seek(0)
    return file.read(size)


def _bounded(size: int) -> int:
    if size > LARGEST_UNPACKED:
        limit = f"{LARGEST_UNPACKED // 2**20} MiB"
        raise UnreadableRecording(f"expected at most {limit} once unpacked; record fewer requests in one file")
    return size


def _zipped(archive: zipfile.ZipFile) -> tuple[object, Beside]:
    """The HAR in an archive such as Playwright's, whose other members are the bodies."""
    members = {PurePosixPath(each.filename).name: each for each in archive.infolist() if not each.is_dir()}
    read = 0

    @cache
    def beside(name: str) -> bytes | None:
        nonlocal read
        member = members.get(name)
        if member is None or member.file_size > LARGEST_BODY:
            return None
        read = _bounded(read + member.file_size)
        try:
            return archive.read(member)
        except _DAMAGED:
            return None

    hars = [name for name in members if name.lower().endswith(".har")]
    if len(hars) != 1:
        raise UnreadableRecording(f"expected an archive with one .har file in it, found {len(hars)}")
    with archive.open(members[hars[0]]) as file:
        return _json(_decoded(_unpacked(file))), beside


def _in_folder(folder: Path) -> Beside:
    def beside(name: str) -> bytes | None:
        path = folder / name
        try:
            return path.read_bytes() if path.is_file() and path.stat().st_size <= LARGEST_BODY else None
        except (OSError, ValueError):
            return None

    return lambda name: beside(name) if name and Path(name).name == name and name not in (".", "..") else None


def _decoded(data: bytes) -> str:
    """JSON in any encoding that it may have. The bytes are gone before the text is read: they may be hundreds of MB."""
    try:
        return data.decode(json.detect_encoding(data), "surrogatepass")
    except UnicodeDecodeError:
        raise no_har("the file is not text") from None


def _json(text: str) -> object:
    """JSON; a byte order mark is no part of it."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise no_har("its JSON is nested too deep") from None
    except ValueError as error:
        raise no_har(one_line(str(error))) from None


def required_object(value: object, what: str) -> Mapping[str, object]:
    """A member that must be an object."""
    if not isinstance(value, dict):
        raise no_har(f"{what} is not a JSON object")
    return value


def listed(value: object) -> list[object]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def one_line(value: str) -> str:
    """A text in one line, shortened."""
    return " ".join(value.split())[:200]


def number(value: object) -> float:
    """A finite number, or 0."""
    try:
        found = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return found if math.isfinite(found) else 0.0
