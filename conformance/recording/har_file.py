"""The file of a recording: plain, gzipped, or zipped with its bodies beside it; and JSON members of any type, read."""

from __future__ import annotations

import gzip
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

LARGEST = 2 * 1024**3
"""Bytes of a recording that is read, unpacked."""
LARGEST_BODY = 16 * 1024**2
"""Bytes of one body in a file of its own."""

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
            return _json(source), lambda _: None
        if source.stat().st_size > LARGEST:
            raise UnreadableRecording(f"the file has more than {LARGEST} bytes")
        data, beside = source.read_bytes(), _in_folder(source.parent)
        if data.startswith(b"PK\x03\x04"):
            data, beside = _zipped(data)
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(BytesIO(data)) as file:
                data = _bounded(file.read(LARGEST + 1))
        return _json(data), beside
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise no_har("the file is packed, and cannot be unpacked") from None
    except OSError as error:
        raise UnreadableRecording(f"the file cannot be read: {error.strerror or 'no reason given'}") from None


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise UnreadableRecording(f"the file has more than {LARGEST} bytes once unpacked")
    return data


def _zipped(data: bytes) -> tuple[bytes, Beside]:
    """The HAR in an archive such as Playwright's, whose other members are the bodies."""
    archive = zipfile.ZipFile(BytesIO(data))
    members = {PurePosixPath(each.filename).name: each for each in archive.infolist() if not each.is_dir()}

    def beside(name: str) -> bytes | None:
        member = members.get(name)
        if member is None or member.file_size > LARGEST_BODY:
            return None
        try:
            with archive.open(member) as file:
                return file.read(LARGEST_BODY)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            return None  # encrypted, damaged, or packed in another way

    hars = [name for name in members if name.lower().endswith(".har")]
    if len(hars) != 1:
        raise UnreadableRecording(f"expected an archive with one .har file in it, found {len(hars)}")
    with archive.open(members[hars[0]]) as file:
        return _bounded(file.read(LARGEST + 1)), beside


def _in_folder(folder: Path) -> Beside:
    def beside(name: str) -> bytes | None:
        path = folder / name
        try:
            return path.read_bytes() if path.is_file() and path.stat().st_size <= LARGEST_BODY else None
        except (OSError, ValueError):
            return None

    return lambda name: beside(name) if name and Path(name).name == name and name not in (".", "..") else None


def _json(data: str | bytes) -> object:
    """JSON in any encoding that it may have; a byte order mark is no part of it."""
    try:
        return json.loads(data.removeprefix("\ufeff") if isinstance(data, str) else data)
    except UnicodeDecodeError:
        raise no_har("the file is not text") from None
    except RecursionError:
        raise no_har("its JSON is nested too deep") from None
    except ValueError as error:
        raise no_har(one_line(str(error))) from None


def required_object(value: object, what: str) -> Mapping[str, object]:
    """A member that must be an object."""
    if not isinstance(value, dict):
        raise no_har(f"{what} is not a JSON object")
    return value


def mapping(value: object) -> Mapping[str, object]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[object]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """A text, or an empty one."""
    return value if isinstance(value, str) else ""


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
