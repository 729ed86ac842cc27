"""JSON values held against the JSON Schemas, with findings that a person can read: values and places as short text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from .files import schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

MAX_ERRORS = 100
_MAX_DEPTH = 16
"""No schema of ours looks deeper than seven."""
_MAX_INTEGER = 10**30
_SHOWN_DEPTH = 8
_DIGIT_BITS = 1000
"""An integer of more bits is shown by its length: Python refuses to print one of more than 4300 digits."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """Where a value is not as its schema asks, what was wanted there, what was got, and the keyword that says so."""

    path: tuple[str | int, ...]
    """Of a missing member, to the place where it should be."""
    wanted: str
    got: str
    """JSON text, at most 200 characters."""
    keyword: str
    known: tuple[str, ...] = ()
    """The keys that may stand in place of one that is not known."""

    @property
    def at(self) -> str:
        """The path as a normalized JSONPath."""
        return json_path(self.path)


def errors(reference: str, instance: object) -> list[SchemaError]:
    """All that a value lacks of a schema, `error`, or of a part of it, `error#/$defs/text`. At most MAX_ERRORS.

    Works on whatever a JSON or TOML parser gives, however deep or huge; dates and times of TOML are held against
    the schema as RFC 3339 text.

    Raises:
        KeyError: there is no such schema, or no such part of it.
    """
    found = _validator(reference).iter_errors(_bounded(instance, _MAX_DEPTH))
    by_path: dict[tuple[object, str], SchemaError] = {}
    for theirs in islice(found, MAX_ERRORS):
        for ours in islice(_in_our_words(theirs, instance), MAX_ERRORS):
            by_path.setdefault((ours.path, ours.wanted), ours)
    return list(by_path.values())[:MAX_ERRORS]


@cache
def _validator(reference: str) -> Validator:
    from jsonschema import Draft202012Validator, validators  # late: it costs a tenth of a second

    name, _, pointer = reference.partition("#")
    kind: Any = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    validator: Validator = kind(_resolved(_part(name, pointer), name))
    return validator


def _part(name: str, pointer: str) -> Any:
    part: Any = schema(name)
    for step in pointer.split("/")[1:]:
        if step not in part:
            raise KeyError(f"schema {name!r} has nothing at {pointer!r}")
        part = part[step]
    return part


def _resolved(part: Any, name: str) -> Any:
    """The part with what each `$ref` names in its place: looking that up took half of the time of all validation."""
    if isinstance(part, list):
        return [_resolved(item, name) for item in part]
    if not isinstance(part, dict):
        return part
    # without `$schema`, at which jsonschema would turn to its own validator and leave ours
    own = {key: _resolved(item, name) for key, item in part.items() if key not in ("$ref", "$defs", "$schema", "$id")}
    if "$ref" not in part:
        return own
    named = _resolved(_part(name, part["$ref"].removeprefix("#")), name)
    return {"allOf": [named], **own} if own else named


def _pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    """`pattern` as ECMA-262 means it: Python's `$` would let a newline follow."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError("does not match")


def _bounded(value: Any, depth: int) -> Any:
    """The value without what the validator would choke on when it words its own messages."""
    if isinstance(value, Mapping):
        return {name: _bounded(item, depth - 1) for name, item in value.items()} if depth else {}
    if isinstance(value, list | tuple):
        return [_bounded(item, depth - 1) for item in value] if depth else []
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_MAX_INTEGER, min(value, _MAX_INTEGER))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def _in_our_words(error: ValidationError, instance: object) -> Iterator[SchemaError]:
    """One error of the library in our words; one for each member that is missing, or that there should not be."""
    path = tuple(error.absolute_path)
    keyword = str(error.validator)
    due: Any = error.validator_value
    got: Any = instance
    for step in path:
        got = got[step]
    if keyword == "required":
        for name in due:
            if name not in got:
                yield SchemaError((*path, name), f"property `{name}`", "missing", keyword)
    elif keyword == "additionalProperties":
        known = tuple(error.schema.get("properties", {})) if isinstance(error.schema, Mapping) else ()
        wanted = f"no such key here; known are {', '.join(sorted(known))}"
        for name in got:
            if name not in known:
                yield SchemaError((*path, name), wanted, shown(got[name]), keyword, known)
    else:
        yield SchemaError(path, _wanted(error, keyword, due), shown(got), keyword)


def _wanted(error: ValidationError, keyword: str, due: Any) -> str:
    """What the schema says of itself; else what its keyword means."""
    said = error.schema.get("title") if isinstance(error.schema, Mapping) else None
    if said:
        return str(said)
    match keyword:
        case "type":
            return " or ".join(due) if isinstance(due, list) else str(due)
        case "enum":
            return "one of " + ", ".join(shown(item) for item in due)
        case "const":
            return shown(due)
        case _:
            return f"{keyword} {shown(due)}"


def shown(value: object, cap: int = 200) -> str:
    """A JSON value as JSON text of at most `cap` characters; longer text ends in `…`.

    Never raises: what is nested deep is cut, huge integers are shown by their number of digits, infinities and NaN
    have the names that JavaScript gives them, lone surrogates are escaped.
    """
    text = ""
    for piece in _pieces(value, _SHOWN_DEPTH, cap):
        text += _printable(piece)
        if len(text) > cap:
            return text[: cap - 1] + "…"
    return text


def json_path(path: Sequence[str | int]) -> str:
    """A normalized JSONPath (RFC 9535, 2.7), e.g. `$['@odata.mediaEtag']` or `$['value'][0]`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f"['{_quoted(step)}']" for step in path)


def _pieces(value: object, depth: int, cap: int) -> Iterator[str]:
    """The JSON text in pieces, so that a reader may stop early."""
    items: Iterator[tuple[str, object]]
    if isinstance(value, Mapping):
        brackets, items = "{}", ((_scalar(str(name), cap) + ": ", item) for name, item in value.items())
    elif isinstance(value, list | tuple):
        brackets, items = "[]", (("", item) for item in value)
    else:
        yield _scalar(value, cap)
        return
    yield brackets[0]
    if value and not depth:
        yield "…"
    for count, (name, item) in enumerate(items if depth else ()):
        yield ", " * bool(count) + name
        yield from _pieces(item, depth - 1, cap)
    yield brackets[1]


def _scalar(value: object, cap: int) -> str:
    if isinstance(value, str):
        return json.dumps(value[: cap + 1], ensure_ascii=False)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > _DIGIT_BITS:
        return f"an integer of about {int(value.bit_length() * 0.30103) + 1} digits"
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return str(value)[:cap]


def _quoted(name: str) -> str:
    """A member's name inside single quotes: JSON's escapes, but for the quotes."""
    return _printable(json.dumps(name[:200], ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'"))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
