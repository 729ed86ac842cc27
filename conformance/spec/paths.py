"""Path templates in both directions: values into a path, a path from the wire into values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote

from ..model import Operation

_SLASHED = frozenset({"contact", "folder", "parent"})
"""What has ids that hold `/`, so that clients which do not encode them send several segments."""
_MOST = 60
"""Segments of a path in which ids with bare slashes are looked for."""
_KEYED = re.compile(r"([A-Za-z]+)\((?:[A-Za-z]+=)?'((?:[^']|'')*)'\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Match:
    """The operation that a path leads to, and the decoded values of its path parameters by name."""

    operation: Operation
    params: Mapping[str, str]


def expand(template: str, params: Mapping[str, str], *, keyed: bool = False) -> str:
    """A template's path with each value percent-encoded as exactly one segment (RFC 3986, 3.3).

    All but unreserved characters are encoded; `.` and `..` too, which a client would resolve away. `keyed`: values
    stand in parentheses and quotes after the segment before them, their own quotes doubled (OData URL Conventions 4.3).

    Raises:
        KeyError: a parameter of the template has no value.
        ValueError: a value is empty, which no segment can say.
    """
    path = ""
    for part in template.removeprefix("/").split("/"):
        if not part.startswith("{"):
            path += f"/{part}"
            continue
        value = params[part[1:-1]]
        if keyed:
            doubled = value.replace("'", "''")
            path += f"('{_encoded(part, doubled)}')"
        else:
            path += f"/{_encoded(part, value)}"
    return path


def match(operations: Sequence[Operation], raw_path: str) -> Match | None:
    """The operation whose template the path fits, or None. Never raises, whatever the path.

    Words fit without regard to case, values keep theirs. Each segment is decoded by itself, so `%2F` stays inside
    a value. Two more forms are taken: keys in parentheses, `users('adele')` (OData URL Conventions 4.3), and ids of
    contacts and folders with bare slashes.
    """
    raw = raw_path.split("?", 1)[0].removeprefix("/").split("/")
    plain = [unquote(segment) for segment in raw]
    keyed = list(_without_parentheses(plain))
    readings = [plain] if keyed == plain else [plain, keyed]
    for slashed in (False, True) if len(raw) <= _MOST else (False,):
        for segments in readings:
            for operation in operations:
                wide = {f"{{{name}}}" for name, word in operation.keys.items() if slashed and word in _SLASHED}
                params = _fit(_parts(operation.template), segments, wide)
                if params is not None:
                    return Match(operation, params)
    return None


def _encoded(name: str, value: str) -> str:
    if not value:
        raise ValueError(f"the value of {name} is empty")
    if value in (".", ".."):
        return value.replace(".", "%2E")
    return quote(value, safe="", errors="replace")


def _without_parentheses(segments: Sequence[str]) -> Iterator[str]:
    """`users('adele')` as the two segments `users` and `adele`; doubled quotes undone."""
    for segment in segments:
        found = _KEYED.fullmatch(segment)
        yield from (found[1], found[2].replace("''", "'")) if found else (segment,)


@cache
def _parts(template: str) -> tuple[str, ...]:
    return tuple(template.removeprefix("/").split("/"))


def _fit(parts: Sequence[str], segments: Sequence[str], wide: Set[str]) -> dict[str, str] | None:
    """Values of the template's parameters, or None. The `wide` ones may take several segments."""
    if not parts or len(segments) < len(parts):
        return None if parts or segments else {}
    part, is_key = parts[0], parts[0].startswith("{")
    for width in range(1, len(segments) - len(parts) + 2 if part in wide else 2):
        value = "/".join(segments[:width])
        fits = bool(value) if is_key else part.lower() == value.lower()
        rest = _fit(parts[1:], segments[width:], wide) if fits else None
        if rest is not None:
            return {part[1:-1]: value} | rest if is_key else rest
    return None
