"""TOML files of the user's, read within bounds (size, time, depth and length) and held against their schemas.

No message repeats what stands in them, where that may be a secret.
"""

from __future__ import annotations

import difflib
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

from ..auth.authorization import shown_key
from ..media.json_text import levels
from ..model import UsageProblem
from ..spec import SchemaError, errors

LARGEST = 16 * 1024 * 1024
"""Bytes of a file."""
WITHIN = 10.0
"""Seconds in which a pipe has to be written."""
_DEEPEST = 32
_LONGEST_TEXT = 10_000
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){40}""")
"""A key of so many parts that reading it would take the square of their number."""
_PLACE = re.compile(r"\(at [^)]{1,60}\)$")


def read(path: Path, name: str) -> dict[str, Any]:
    """The contents of a TOML file or pipe; messages call it by this name.

    Raises:
        UsageProblem: it cannot be read, or is no TOML.
    """
    try:
        return _parsed(path)
    except OSError as error:
        raise UsageProblem(f"{name}: {error.strerror or 'it cannot be read'}") from None
    except UsageProblem as problem:
        raise UsageProblem(f"{name}: {problem}") from None


def check(data: Mapping[str, Any], schema: str, name: str) -> None:
    """See that contents are as their schema has them, unknown keys first; else UsageProblem."""
    for error in sorted(errors(schema, data), key=lambda error: not error.known):
        raise UsageProblem(f"{name}: {_in_words(error)}")


def _in_words(error: SchemaError) -> str:
    """What is wrong, without a key that may be a secret in the wrong place."""
    if not error.known:
        return f"{error.at}: expected {error.wanted}" + ", which is missing" * (error.keyword == "required")
    key = str(error.path[-1])
    where = next((f"[{step}]" for step in reversed(error.path[:-1]) if isinstance(step, str)), "the file")
    if near := difflib.get_close_matches(key, error.known, n=1, cutoff=0.5):
        return f"unknown key {key!r} in {where}; did you mean {near[0]!r}?"
    return f"unknown key {shown_key(key)} in {where}; expected one of {', '.join(error.known)}"


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = _read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem("expected UTF-8") from None
    if _LONG_KEY.search(text):
        raise UsageProblem("expected keys of fewer than 40 parts")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        raise UsageProblem(f"not TOML {found[0] if found else ''}".rstrip()) from None
    except RecursionError:
        raise UsageProblem("its tables or lists are nested too deep") from None
    except ValueError:
        raise UsageProblem("it holds a number of too many digits") from None
    _check(data)
    return data


def _read(path: Path) -> bytes:
    """What is there, or is written to a pipe until it ends or is too long."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise UsageProblem("expected a file or a pipe; it is a folder or a device")
        data, until = bytearray(), time.monotonic() + WITHIN
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        while len(data) <= LARGEST:
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                raise UsageProblem(f"it was not written to its end within {WITHIN:g} s")
            piece = os.read(handle, 1 << 20)
            if not piece:
                return bytes(data)
            data += piece
    finally:
        os.close(handle)
    raise UsageProblem(f"expected at most {LARGEST // 2**20} MiB")


def _check(data: Mapping[str, Any]) -> None:
    """No text longer and no table deeper than any that makes sense."""
    for depth, level in enumerate(levels(data)):
        if depth >= _DEEPEST:
            raise UsageProblem("its tables or lists are nested too deep")
        texts = chain.from_iterable(item if isinstance(item, Mapping) else [item] for item in level)
        if any(isinstance(text, str) and len(text) > _LONGEST_TEXT for text in texts):
            raise UsageProblem(f"expected texts of at most {_LONGEST_TEXT} characters")
