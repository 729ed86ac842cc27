"""What can be odd about a request and lawful all the same: the oddities that requests are drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Parameter = Mapping[str, Any]
"""A parameter as OpenAPI describes it."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One way of being odd: an id in the path or, where it has parameters, what is asked of an owner who is known."""

    name: str
    """Part of a probe's identity; of an id also what its text is called in `texts`."""
    parameters: tuple[Parameter, ...] = ()
    """What the request holds in its query or its header."""
    contacts: bool = True
    """Whether a contact or a folder may be asked for by it."""


def text(name: str) -> Parameter:
    """The schema of an odd text; see `texts`."""
    return {"type": "string", "format": f"odd-{name}"}


def _option(name: str, schema: Parameter, *, required: bool = True) -> Parameter:
    """An option that stands once, the items of an array joined by commas."""
    return {"name": name, "in": "query", "required": required, "style": "form", "explode": False, "schema": schema}


def _options(name: str, items: Parameter) -> Parameter:
    """An option that stands twice and more often."""
    several = {"type": "array", "items": items, "minItems": 2, "maxItems": 5}
    return {"name": name, "in": "query", "required": True, "style": "form", "explode": True, "schema": several}


def _header(name: str, content: str) -> Parameter:
    return {"name": name, "in": "header", "required": True, "schema": text(content)}


_PROPERTY = {"type": "string", "enum": ["id", "width", "height"]}
_SELECT = {"type": "array", "items": _PROPERTY, "minItems": 1, "maxItems": 6}
_SYSTEM = ("$expand", "$orderby", "$top", "$skip", "$count", "$search", "$apply", "$compute")
_OTHERS = tuple(_option(name, text("any"), required=False) for name in _SYSTEM)

IDS = (
    Oddity("quote"),
    Oddity("slash"),
    Oddity("percent"),
    Oddity("dots"),
    # A contact's `..` may lawfully be resolved away (RFC 3986 6.2.2), and then leads to its user's own photo.
    Oddity("dot-segment", contacts=False),
    Oddity("unicode"),
    Oddity("long"),
    Oddity("control"),
    Oddity("guest"),
    Oddity("blank"),
    Oddity("bracket"),
    Oddity("word"),
    Oddity("delimiter"),
)
QUESTIONS = (
    Oddity("select-list", (_option("$select", _SELECT),)),
    Oddity("select-twice", (_options("$select", _PROPERTY),)),
    Oddity("select-odd", (_option("$select", text("any")),)),
    Oddity("select-long", (_option("$select", text("names")),)),
    Oddity("select-empty", (_option("$select", {"const": ""}),)),
    Oddity("option-of-odata", (_option("$filter", text("any")), *_OTHERS)),
    Oddity("option-of-nobody", (_option("nobody-asked", text("any")), _option("", text("any"), required=False))),
    Oddity("option-twice", (_options("x", text("any")),)),
    Oddity("option-long", (_option("x", text("long")),)),
    Oddity("option-unicode", (_option("naïve", text("unicode")),)),
    Oddity("accept", (_header("Accept", "media-range"),)),
    Oddity("accept-many", (_header("Accept", "media-ranges"),)),
    Oddity("client-request-id", (_header("client-request-id", "visible"),)),
    Oddity("accept-language", (_header("Accept-Language", "languages"),)),
    Oddity("prefer", (_header("Prefer", "preferences"),)),
)  # fmt: skip
