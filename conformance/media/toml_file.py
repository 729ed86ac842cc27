"""TOML files of the user's, read within bounds: size, time, depth and length. Never repeats what stands in them."""

from __future__ import annotations

import os
import re
import select
import stat
import time
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from .json_text import levels

LARGEST = 16 * 1024 * 1024
"""Bytes of a file."""
WITHIN = 10.0
"""Seconds in which a pipe has to be written."""
_DEEPEST = 32
_LONGEST_TEXT = 10_000
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){40}""")
"""A key of so many parts that reading it would take the square of their number."""
_PLACE = re.compile(r"\(at [^)]{1,60}\)$")


class UnusableToml(ValueError):
    """The file cannot be used; the message is one line that says what was expected."""


def read(path: Path) -> dict[str, Any]:
    """The contents of a TOML file or pipe. Raises UnusableToml."""
    try:
        text = _read(path).decode("utf-8-sig")
    except OSError as error:
        raise UnusableToml(error.strerror or "it cannot be read") from None
    except UnicodeDecodeError:
        raise UnusableToml("expected UTF-8") from None
    if _LONG_KEY.search(text):
        raise UnusableToml("expected keys of fewer than 40 parts")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        raise UnusableToml(f"not TOML {found[0] if found else ''}".rstrip()) from None
    except RecursionError:
        raise UnusableToml("its tables or lists are nested too deep") from None
    except ValueError:
        raise UnusableToml("it holds a number of too many digits") from None
    _check(data)
    return data


def _read(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise UnusableToml("expected a file or a pipe; it is a folder or a device")
        data = _waited_for(handle)
    finally:
        os.close(handle)
    if len(data) > LARGEST:
        raise UnusableToml(f"expected at most {LARGEST // 2**20} MiB")
    return data


def _waited_for(handle: int) -> bytes:
    """What is written to it until it ends or is too long."""
    data, until = bytearray(), time.monotonic() + WITHIN
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    while len(data) <= LARGEST:
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise UnusableToml(f"it was not written to its end within {WITHIN:g} s")
        piece = os.read(handle, 1 << 20)
        if not piece:
            break
        data += piece
    return bytes(data)


def _check(data: Mapping[str, Any]) -> None:
    """No text longer and no table deeper than any that makes sense."""
    for depth, level in enumerate(levels(data)):
        if depth >= _DEEPEST:
            raise UnusableToml("its tables or lists are nested too deep")
        texts = chain.from_iterable(item if isinstance(item, Mapping) else [item] for item in level)
        if any(isinstance(text, str) and len(text) > _LONGEST_TEXT for text in texts):
            raise UnusableToml(f"expected texts of at most {_LONGEST_TEXT} characters")
