"""`id`, `width` and `height`: missing, of another type, off, or spelt otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..model import Answer, Place
from .fault import Memory, forgetful, one, series
from .making import edited, put_all, putting, read, renaming
from .places import metadata

NO_STRINGS = {
    "null": None,
    "number": 240,
    "empty": "",
    "array": ["240X240"],
    "object": {"width": 240},
    "true": True,
    "false": False,
    "fraction": 240.5,
}
SPELT: dict[str, Callable[[str], str]] = {
    "small-x": str.lower,
    "star": lambda value: value.replace("X", "*"),
    "times-sign": lambda value: value.replace("X", "×"),
    "blanks": lambda value: value.replace("X", " X "),
    "trailing-blank": lambda value: value + " ",
    "line-break": lambda value: value + "\n",
    "leading-zero": lambda value: "0" + value,
    "width-only": lambda value: value.split("X")[0],
    "height-only": lambda value: "X" + value.rpartition("X")[2],
    "default": lambda value: "default",
    "doubled": lambda value: value + value,
    "reversed": lambda value: "X".join(reversed(value.split("X"))),
    "one-more": lambda value: re.sub("^[0-9]+", lambda width: str(int(width[0]) + 1), value),
    "fraction": lambda value: value.replace("X", ".0X"),
    "one-for-all": lambda value: "648X648",
    "key": lambda value: "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    "placeholders": lambda value: "1X1",
}
NO_NUMBERS: dict[str, object] = {
    "null": None,
    "text": str,
    "empty-text": "",
    "with-unit": lambda value: f"{value}px",
    "true": True,
    "false": False,
    "fraction": lambda value: value + 0.5,
    "array": lambda value: [value],
    "object": lambda value: {"pixels": value},
    "beyond-int32": 2**31,
    "below-int32": -(2**31) - 1,
    "int64": 2**63,
    "huge": 10**40,
    "exponent": 1e300,
}
NOT_POSITIVE = {
    "zero": 0,
    "zero-point-zero": 0.0,
    "minus-1": -1,
    "negative": lambda value: -value,
    "least-int32": -(2**31),
}
OFF: dict[str, Callable[[int], int]] = {
    "1-more": lambda value: value + 1,
    "1-less": lambda value: value - 1,
    "double": lambda value: value * 2,
    "always-100": lambda value: 100,
    "greatest-int32": lambda value: 2**31 - 1,
    "always-1": lambda value: 1,
}
ID_NAMES = {"nothing": None, "upper-case": "ID", "title-case": "Id", "photo-id": "photoId", "size": "size"}


def _swapped(place: Place, answer: Answer, memory: Memory) -> Answer:
    if answer.status != 200:
        return answer
    body = read(memory.setdefault(place.owner, answer) if not place.query else memory.get(place.owner, answer))
    return edited(answer, lambda value: value.update(_turned(value, body)))


def _turned(value: dict[str, object], whole: dict[str, object]) -> dict[str, object]:
    return {side: whole.get(other) for side, other in (("width", "height"), ("height", "width")) if side in value}


# fmt: off
series("property.id-is", "`id` is no string, or an empty one: {it}.",
       NO_STRINGS, putting("id"), at=metadata, expected="metadata.id-is-a-string")
series("property.id-named", "`id` is missing, or is called otherwise: {it}.",
       ID_NAMES, renaming("id"), at=metadata, expected="metadata.id-is-a-string")
series("property.id-spelt", "`id` is not width X height: {it}.",
       SPELT, putting("id"), at=metadata, expected="metadata.id-matches-dimensions")
for _side in ("width", "height"):
    _names = {"nothing": None, "title-case": _side.title(), "upper-case": _side.upper(),
              "pixels": f"pixel{_side.title()}"}
    series(f"property.{_side}-is", "The side is not an integer of 32 bits: {it}.",
           NO_NUMBERS, putting(_side), at=metadata, expected=f"metadata.{_side}-is-int32")
    series(f"property.{_side}-named", "The side is missing, or is called otherwise: {it}.",
           _names, renaming(_side), at=metadata, expected=f"metadata.{_side}-is-int32")
    series(f"property.{_side}-is", "The side is less than 1: {it}.",
           NOT_POSITIVE, putting(_side), at=metadata, expected="metadata.dimensions-are-positive")
    series(f"property.{_side}-off", "The side is not that of the picture: {it}.",
           OFF, putting(_side), at=metadata, expected="picture.dimensions-match-metadata")
one("property.all-sizes-48", "The metadata of every photo says 48 by 48, `id` included.",
    lambda _, answer: put_all(answer, {"id": "48X48", "width": 48, "height": 48}), at=metadata,
    expected="picture.dimensions-match-metadata")
forgetful("property.sides-swapped", "Width and height are exchanged.",
          _swapped, at=metadata, expected="picture.dimensions-match-metadata")
# fmt: on
