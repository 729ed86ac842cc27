"""`$select`, and options that do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from ..model import Place
from .fault import Where, at_each, one, series
from .making import answered, edited, put, refused, refusing, remade, retyped, shown, statuses
from .places import EACH_VARIANT, metadata, nonsense, picture, selecting, selecting_nothing

ALL = {"id": "240X240", "width": 240, "height": 240}
NO_PROPERTIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "value": lambda body: {"value": body},
    "array": lambda body: [body],
    "bare": lambda body: next(body[name] for name in ALL if name in body),
    "null": lambda body: None,
    "empty-object": lambda body: {},
    "annotations-alone": lambda body: {name: value for name, value in body.items() if name.startswith("@")},
    "properties": lambda body: {"properties": body},
    "capitals": lambda body: {name.title(): value for name, value in body.items()},
}
OTHER_VALUES: dict[str, Callable[[dict[str, Any]], object]] = {
    "text": lambda body: {name: str(value) + "!" for name, value in body.items()},
    "nulls": lambda body: dict.fromkeys(body),
    "numbers-as-text": lambda body: {name: str(value) for name, value in body.items()},
}
ODATA_OPTIONS = ("$expand", "$filter", "$top", "$format")


def _names(place: Place) -> list[str]:
    return parse_qs(place.query)["$select"][0].split(",")


def _asking(option: str) -> Where:
    return lambda place: place.query.startswith(option)


NONSENSE = {"property": _asking("$select"), "option": _asking("$nosuch")}


# fmt: off
series("option.select-is", "`$select` returns {it}.",
       statuses(204, 302, 400, 403, 404, 406, 501), answered, at=selecting,
       expected="option.select-returns-properties")
series("option.select-is", "`$select` returns {it}.",
       statuses(502, 500), refused, at=selecting, expected="http.never-5xx")
series("option.selected", "`$select` returns 200, without the properties as they are: {it}.",
       NO_PROPERTIES, remade, at=selecting, expected="option.select-returns-properties")
series("option.selected", "`$select` returns the properties that it names, with other values: {it}.",
       OTHER_VALUES, remade, at=selecting, expected="option.select-keeps-values")
series("option.nonsense-is", "What does not exist returns {it}.",
       statuses(204, 302), answered, at=nonsense, expected="option.unknown-is-refused")
at_each("option.select-refused-at", "`$select` is 400 at one variant alone: {it}.",
        EACH_VARIANT, refusing(400), at=selecting, expected="option.select-returns-properties")
at_each("option.crashes", "An option of OData that a photo has no use for is a breakdown, 500: {it}.",
        {name[1:]: _asking(name) for name in ODATA_OPTIONS}, refusing(500), at=metadata, expected="http.never-5xx")
at_each("option.nonsense-crashes", "What does not exist is a breakdown, 500: {it}.",
        NONSENSE, refusing(500), at=nonsense, expected="http.never-5xx")
one("option.select-no-json-type", "`$select` returns the right JSON, called text.",
    lambda _, answer: retyped(answer, "text/plain"), at=selecting, expected="option.select-returns-properties")
one("option.select-several-refused", "`$select` takes one property, and several are 400.",
    refusing(400), at=lambda place: selecting(place) and len(_names(place)) > 1,
    expected="option.select-returns-properties")
one("option.select-other-value", "A height that is selected is another than without `$select`.",
    lambda _, answer: put(answer, "height", 7), at=selecting, expected="option.select-keeps-values")
one("option.select-ignored", "`$select` is ignored: all properties come.",
    lambda _, answer: edited(answer, lambda body: body.update(ALL | body)), at=selecting,
    expected="option.select-omits-others")
one("option.select-adds-id", "The id comes whether it was selected or not.",
    lambda _, answer: edited(answer, lambda body: body.update({"id": body.get("id", "240X240")})), at=selecting,
    expected="option.select-omits-others")
one("option.select-crashes-on-placeholders", "`$select` breaks down over a photo that is not there.",
    refusing(500), at=selecting_nothing, expected="http.never-5xx")
one("option.select-refused-on-placeholders", "`$select` on the metadata of an owner without a photo is 404.",
    refusing(404), at=selecting_nothing, expected="option.select-returns-properties")
one("option.select-other-placeholder", "`$select` on the metadata of an owner without a photo returns zeros.",
    lambda _, answer: put(put(answer, "height", 0), "id", "0X0"), at=selecting_nothing,
    expected="option.select-keeps-values")
at_each("option.taken", "What does not exist returns 200 and metadata: {it}.",
        NONSENSE, shown, at=nonsense, expected="option.unknown-is-refused")
one("option.photo-crashes", "Any option on the bytes is a breakdown, 500.",
    refusing(500), at=lambda place: picture(place) and bool(place.query), expected="http.never-5xx")
one("option.select-first-alone", "Of several properties that `$select` names only the first is returned.",
    lambda place, answer: edited(answer, lambda body: [body.pop(name, None) for name in _names(place)[1:]]),
    at=selecting, expected="option.select-returns-properties")
# fmt: on
