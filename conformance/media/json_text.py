"""JSON as RFC 8259 has it, read strictly and in bounds (S29b)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NoReturn

from . import NotRead

MAX_DEPTH = 200
"""RFC 8259 section 9 lets a reader limit the depth; no photo's metadata nests deeper than two."""
MAX_DIGITS = 300
MAX_BYTES = 1024 * 1024
"""The same section lets a reader limit the size: a million empty arrays cost seconds, and no answer here needs them."""
MAX_VALUES = 50_000
"""About so many objects, arrays and members: each takes up to thirty times its bytes in memory."""
_ENDS = {"{": "}", "[": "]"}
_BINARY = {
    b"\x1f\x8b": "gzip that no Content-Encoding announces", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16",
    b"\xff\xd8": "a JPEG", b"\x89PNG": "a PNG", b"GIF8": "a GIF",
}  # fmt: skip
"""What bytes that are no UTF-8 are, by how they begin."""
_SIMPLE = '"-0123456789tfn'
"""What a JSON text may begin with that is neither an object nor an array."""


@dataclass(frozen=True, slots=True)
class NotJson:
    """Why bytes are no JSON text, in one phrase."""

    why: str


class _Refused(ValueError):
    pass


def read(body: bytes) -> Any:
    """One JSON value: UTF-8 without a byte order mark, no NaN, no duplicate names.

    Returns:
        The value (never to be changed: it may be shared), a NotJson, or a NotRead where the limits here are too narrow
        to say which. Integers of more than MAX_DIGITS become floats.
    """
    return _cached(body) if len(body) <= _CACHED else _read(body)


def _read(body: bytes) -> Any:
    if not body.strip():
        return NotJson("an empty body")
    if body.startswith(b"\xef\xbb\xbf"):
        return NotJson("a byte order mark before the JSON text (RFC 8259, 8.1)")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        known = next((what for start, what in _BINARY.items() if body.startswith(start)), None)
        return NotJson(f"{known}, not JSON" if known else f"not UTF-8 at byte {error.start}")
    if len(body) > MAX_BYTES:
        return _beyond(text, f"{len(body)} bytes of JSON, more than {MAX_BYTES}")
    if _values(body) > MAX_VALUES:
        return _beyond(text, f"JSON of more than {MAX_VALUES} values")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=_integer)
    except RecursionError:
        return _beyond(text, f"JSON that is nested more than {MAX_DEPTH} deep")
    except _Refused as error:
        return NotJson(str(error))
    except ValueError as error:
        return NotJson(f"{_what(text)}: {str(error)[:80]}")
    deep = any(depth >= MAX_DEPTH for depth, _ in enumerate(levels(value)))
    return _beyond(text, f"JSON that is nested more than {MAX_DEPTH} deep") if deep else value


_CACHED = 4 * 1024
"""Bytes of a text up to which its value is kept: no photo's metadata or error is longer."""
_cached = lru_cache(maxsize=256)(_read)


def _beyond(text: str, why: str) -> NotJson | NotRead:
    """Of a text past the limits: not JSON where its two ends show that, else not read."""
    text = text.strip(" \t\r\n")
    first, last = text[:1], text[-1:]
    if last == _ENDS.get(first) or first in _SIMPLE:
        return NotRead(f"not read: {why}")
    return NotJson(f"{_what(text)}: it begins with {first!a} and ends with {last!a}")


def weight(body: bytes) -> int:
    """About how many values are kept of a JSON text, without reading it."""
    count = _values(body) if len(body) <= MAX_BYTES else 0
    return count if count <= MAX_VALUES else 0


def _values(body: bytes) -> int:
    return len(body) - len(body.translate(None, b",[{"))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise _Refused(f"the name {twice[:60]!r} stands twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _Refused(f"{name}, which is no JSON number")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


def _what(text: str) -> str:
    return "an HTML page, not JSON" if text.lstrip()[:1] == "<" else "not JSON"


def levels(value: Any) -> Iterator[list[Any]]:
    """The value, then all that is in it, one level of nesting after the other."""
    level = [value]
    while level:
        yield level
        inner = (node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list)))
        level = list(chain.from_iterable(inner))


def cleaned(values: list[Any], clean: Callable[[str], str]) -> list[Any]:
    """JSON values without what `clean` takes out of a text; the same objects where it finds nothing.

    All their strings are searched together and each once: most stand in many places.
    """
    found: dict[str, None] = {}
    _collect(values, found)
    text = json.dumps(list(found))
    return values if clean(text) == text else [json.loads(clean(json.dumps(value))) for value in values]


def _collect(value: Any, found: dict[str, None]) -> None:
    if isinstance(value, str):
        found[value] = None
    elif isinstance(value, dict):
        found.update(dict.fromkeys(value))
        for each in value.values():
            _collect(each, found)
    elif isinstance(value, list | tuple):
        for each in value:
            _collect(each, found)
