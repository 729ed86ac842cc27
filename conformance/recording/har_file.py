"""The file of a recording: plain, packed by gzip or zlib, or zipped with its bodies; and JSON members, read."""

from __future__ import annotations

import codecs
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

from .json_stream import JsonStream

LARGEST = 2 * 1024**3
"""Bytes of a plain recording that is read."""
LARGEST_UNPACKED = 192 * 1024**2
"""Bytes of a packed one, and of the bodies packed with it: a few KB can unpack to any size."""
LARGEST_BODY = 16 * 1024**2
"""Bytes of one body in a file of its own."""
_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How gzip begins; and zlib, as mitmproxy's `.zhar`, at any level of compression."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What unpacking raises where a file is encrypted, damaged, or packed in another way."""

NEVER = "1970-01-01T00:00:00.000Z"
"""The moment of an entry whose request was not sent: HAR asks for one."""
OURS = "_photo_conformance"
KEPT = (OURS, "creator")
"""Members of `log` that say something, beside its entries."""
Log = dict[str, object]
Entry = Mapping[str, object]
Read = Callable[[int], bytes]
"""The next bytes of a file, up to a number of them; none at the end."""
Beside = Callable[[str], bytes | None]
"""The bytes of a file that lies beside the HAR, by its name; None where there is none."""


class UnreadableRecording(Exception):
    """The file is no recording. The message is one line."""


def no_har(why: str) -> UnreadableRecording:
    """What a file that is no HAR is refused with."""
    return UnreadableRecording(f"no HAR: {why}; expected a HAR file (docs/recordings.md says how to record one)")


def opened(path: Path) -> tuple[Log, Iterator[tuple[Entry, Beside]]]:
    """A recording's `log` and its entries, each with the files beside it; they are read as they are asked for.

    Of the log there is what stands before the entries that were read.
    """
    log: Log = {}
    return log, _read(path, log)


def _read(path: Path, log: Log) -> Iterator[tuple[Entry, Beside]]:
    """The entries; what cannot be read is refused in one line."""
    try:
        with path.open("rb") as file:
            head = file.peek(4)
            if head.startswith(b"PK\x03\x04"):
                with zipfile.ZipFile(file) as archive:
                    yield from _zipped(archive, log)
            elif head.startswith(_PACKED):
                yield from _entries(_inflated(file), LARGEST_UNPACKED, log, _in_folder(path.parent))
            else:
                _bounded(path.stat().st_size, LARGEST)
                yield from _entries(file.read, LARGEST, log, _in_folder(path.parent))
    except UnicodeDecodeError:
        raise no_har("the file is not text") from None
    except RecursionError:
        raise no_har("its JSON is nested too deep") from None
    except _DAMAGED:
        raise no_har("the file is packed, and cannot be unpacked") from None
    except OSError as error:
        raise UnreadableRecording(f"the file cannot be read: {error.strerror or 'no reason given'}") from None
    except ValueError as error:
        raise no_har(one_line(str(error))) from None


def _inflated(file: IO[bytes]) -> Read:
    """Reads what gzip or zlib packed, one member after the other."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def read(length: int) -> bytes:
        nonlocal inflater
        data = b""
        while not data:
            packed = inflater.unconsumed_tail or inflater.unused_data or file.read(length)
            if inflater.eof and not packed:
                break
            if inflater.eof:
                inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
            data = inflater.decompress(packed, length)
            if not data and not packed:
                raise EOFError
        return data

    return read


def _entries(take: Read, most: int, log: Log, beside: Beside) -> Iterator[tuple[Entry, Beside]]:
    """The entries of a HAR, one at a time; what else its log says is put there."""
    har = JsonStream(_characters(take, most))
    found = False
    for member in har.members("the file"):
        if member != "log":
            har.value()
            continue
        for name in har.members("`log`"):
            if name != "entries":
                value = har.value()
                log |= {name: value} if name in KEPT else {}
                continue
            if found:
                raise no_har("`log.entries` stands there twice")
            found = True
            for place, _ in enumerate(har.parts("[", "`log.entries`"), 1):
                entry = har.value()
                if not isinstance(entry, dict):
                    raise no_har(f"entry {place} is not a JSON object")
                yield entry, beside
    har.end()
    if not found:
        raise no_har("`log.entries` is not a list")


def _characters(take: Read, most: int) -> Callable[[int], str]:
    """Reads text in any encoding that JSON may have, without a byte order mark."""
    size, decoder = 0, None

    def read(length: int) -> str:
        nonlocal size, decoder
        text, data = "", b"more"
        while data and not text:
            data = take(length)
            size = _bounded(size + len(data), most)
            decoder = decoder or codecs.getincrementaldecoder(json.detect_encoding(data))("surrogatepass")
            text = decoder.decode(data, not data)
        return text

    return read


def _bounded(size: int, most: int) -> int:
    if size > most:
        unpacked = " once unpacked" * (most == LARGEST_UNPACKED)
        raise UnreadableRecording(f"expected at most {most // 2**20} MiB{unpacked}; record fewer requests in one file")
    return size


def _zipped(archive: zipfile.ZipFile, log: Log) -> Iterator[tuple[Entry, Beside]]:
    """The HAR in an archive such as Playwright's, whose other members are the bodies."""
    members = {PurePosixPath(each.filename).name: each for each in archive.infolist() if not each.is_dir()}
    read = 0

    @cache
    def beside(name: str) -> bytes | None:
        nonlocal read
        member = members.get(name)
        if member is None or member.file_size > LARGEST_BODY:
            return None
        read = _bounded(read + member.file_size, LARGEST_UNPACKED)
        try:
            return archive.read(member)
        except _DAMAGED:
            return None

    hars = [name for name in members if name.lower().endswith(".har")]
    if len(hars) != 1:
        raise UnreadableRecording(f"expected an archive with one .har file in it, found {len(hars)}")
    with archive.open(members[hars[0]]) as file:
        yield from _entries(file.read, LARGEST_UNPACKED, log, beside)


def _in_folder(folder: Path) -> Beside:
    def beside(name: str) -> bytes | None:
        path = folder / name
        elsewhere = name in ("", ".", "..") or Path(name).name != name
        try:
            if elsewhere or path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_BODY:
                return None  # a link in somebody's archive may lead to any file of ours
            return path.read_bytes()
        except (OSError, ValueError):
            return None

    return beside


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
