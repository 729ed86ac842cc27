"""JSON values and places in them, as short text that is safe whatever the value is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

_DEPTH = 8
_DIGIT_BITS = 1000
"""An integer of more bits is shown by its length: Python refuses to print one of more than 4300 digits."""


def shown(value: object, cap: int = 200) -> str:
    """A JSON value as JSON text of at most `cap` characters; longer text ends in `…`.

    Never raises: what is nested deep is cut, huge integers are shown by their number of digits, infinities and NaN
    have the names that JavaScript gives them, lone surrogates are escaped.
    """
    text = ""
    for piece in _pieces(value, _DEPTH, cap):
        text += _printable(piece)
        if len(text) > cap:
            return text[: cap - 1] + "…"
    return text


def place(path: Sequence[str | int]) -> str:
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
