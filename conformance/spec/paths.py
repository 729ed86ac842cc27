"""Path templates in both directions: values into a path, a path from the wire into values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote

from ..model import Operation

_SLASHED = frozenset({"contact", "folder", "parent"})
"""What has ids that hold `/`, so that clients which do not encode them send several segments."""
_MOST = 60
"""Segments of a path in which ids with bare slashes are looked for."""
_NAME = re.compile(r"\{([^{}]*)\}")
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

    def segment(found: re.Match[str]) -> str:
        value = params[found[1]]
        doubled = value.replace("'", "''")
        return f"('{_encoded(found[1], doubled)}')" if keyed else f"/{_encoded(found[1], value)}"

    return re.sub(f"/{_NAME.pattern}", segment, template)


def match(operations: Sequence[Operation], raw_path: str) -> Match | None:
    """The operation whose template the path fits, or None. Never raises, whatever the path.

    Words fit without regard to case, values keep theirs. Each segment is decoded by itself, so `%2F` stays inside
    a value. Two more forms are taken: keys in parentheses, `users('adele')` (OData URL Conventions 4.3), and ids of
    contacts and folders with bare slashes.
    """
    raw = raw_path.split("?", 1)[0].removeprefix("/").split("/")
    plain = [unquote(segment) for segment in raw]
    readings = dict.fromkeys(_encoded_alike(segments) for segments in (plain, _without_parentheses(plain)))
    for slashed in (False, True) if len(raw) <= _MOST else (False,):
        for path in readings:
            for operation in operations:
                if found := _pattern(operation, slashed).fullmatch(path):
                    values = (unquote(value, errors="surrogatepass") for value in found.groups())
                    return Match(operation, dict(zip(_NAME.findall(operation.template), values, strict=True)))
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


def _encoded_alike(segments: Iterable[str]) -> str:
    return "/".join(quote(segment, safe="", errors="surrogatepass") for segment in segments)


@cache
def _pattern(operation: Operation, slashed: bool) -> re.Pattern[str]:
    """What a path of segments that are encoded alike has to be; `slashed`: some ids may take several of them."""
    path = ""
    for part in operation.template.removeprefix("/").split("/"):
        value = "(.+?)" if slashed and operation.keys.get(part[1:-1]) in _SLASHED else "([^/]+)"
        path += f"/{value if part.startswith('{') else re.escape(quote(part, safe=''))}"
    return re.compile(path.removeprefix("/"), re.IGNORECASE)
