"""`$select`, and options that do not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from ..model import Answer, Place
from .fault import Where, at_each, fault, faults, series
from .making import JSON, SAMPLE, edited, header, put, read, refused, refusing, sent
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


def _answered_emptily(answer: Answer, status: int) -> Answer:
    return replace(answer, status=204, body=b"") if status == 204 else refused(answer, status)


def _changed(answer: Answer, change: Callable[[dict[str, Any]], object]) -> Answer:
    return sent(answer, change(read(answer)))


def _asking(option: str) -> Where:
    return lambda place: place.query.startswith(option)


NONSENSE = {"property": _asking("$select"), "option": _asking("$nosuch")}
# fmt: off
series("option.select-is", "`$select` returns {it}.",
       {str(status): status for status in (204, 302, 400, 403, 404, 406)}, _answered_emptily, at=selecting,
       expected="option.select-returns-properties")
series("option.select-is", "`$select` returns {it}.",
       {"502": 502, "500": 500}, refused, at=selecting, expected="http.never-5xx")
series("option.selected", "`$select` returns 200, without the properties as they are: {it}.",
       NO_PROPERTIES, _changed, at=selecting, expected="option.select-returns-properties")
series("option.selected", "`$select` returns the properties that it names, with other values: {it}.",
       OTHER_VALUES, _changed, at=selecting, expected="option.select-keeps-values")
series("option.nonsense-is", "What does not exist returns {it}.",
       {"204": 204, "302": 302}, _answered_emptily, at=nonsense, expected="option.unknown-is-refused")
at_each("option.select-refused-at", "`$select` is 400 at one variant alone: {it}.",
        EACH_VARIANT, refusing(400), at=selecting, expected="option.select-returns-properties")
at_each("option.crashes", "An option of OData that a photo has no use for is a breakdown, 500: {it}.",
        {name[1:]: _asking(name) for name in ODATA_OPTIONS}, refusing(500), at=metadata, expected="http.never-5xx")
at_each("option.nonsense-crashes", "What does not exist is a breakdown, 500: {it}.",
        NONSENSE, refusing(500), at=nonsense, expected="http.never-5xx")
# fmt: on


@fault("option.select-not-implemented", at=selecting, expected="option.select-returns-properties")
def select_not_implemented(place: Place, answer: Answer) -> Answer:
    """`$select` is 501, which is no breakdown (H2), and yet not what the page promises."""
    return refused(answer, 501)


@fault("option.select-no-json", at=selecting, expected="option.select-returns-properties")
def select_no_json(place: Place, answer: Answer) -> Answer:
    """`$select` returns 200 and no JSON."""
    return replace(answer, body=b"240")


@fault("option.select-no-json-type", at=selecting, expected="option.select-returns-properties")
def select_no_json_type(place: Place, answer: Answer) -> Answer:
    """`$select` returns the right JSON, called text."""
    return header(answer, "Content-Type", "text/plain")


@fault("option.select-several-refused", at=selecting, expected="option.select-returns-properties")
def several_refused(place: Place, answer: Answer) -> Answer:
    """`$select` takes one property, and several are 400."""
    return refused(answer, 400) if len(_names(place)) > 1 else answer


@fault("option.select-first-alone", at=selecting, expected="option.select-returns-properties")
def first_alone(place: Place, answer: Answer) -> Answer:
    """Of several properties that `$select` names only the first is returned."""

    def edit(body: dict[str, Any]) -> None:
        for name in _names(place)[1:]:
            body.pop(name, None)

    return edited(answer, edit)


@fault("option.select-other-value", at=selecting, expected="option.select-keeps-values")
def other_value(place: Place, answer: Answer) -> Answer:
    """A height that is selected is another than without `$select`."""
    return put(answer, "height", 7)


@fault("option.select-ignored", at=selecting, expected="option.select-omits-others")
def ignored(place: Place, answer: Answer) -> Answer:
    """`$select` is ignored: all properties come."""
    return edited(answer, lambda body: body.update({name: body.get(name, value) for name, value in ALL.items()}))


@fault("option.select-adds-id", at=selecting, expected="option.select-omits-others")
def adds_id(place: Place, answer: Answer) -> Answer:
    """The id comes whether it was selected or not."""
    return edited(answer, lambda body: body.update({"id": body.get("id", "240X240")}))


@fault("option.select-crashes-on-placeholders", at=selecting_nothing, expected="http.never-5xx")
def crashes_on_placeholders(place: Place, answer: Answer) -> Answer:
    """`$select` looks for the properties of a photo that is not there, and breaks down."""
    return refused(answer, 500)


@fault("option.select-refused-on-placeholders", at=selecting_nothing, expected="option.select-returns-properties")
def refused_on_placeholders(place: Place, answer: Answer) -> Answer:
    """`$select` on the metadata of an owner without a photo is 404."""
    return refused(answer, 404)


@fault("option.select-other-placeholder", at=selecting_nothing, expected="option.select-keeps-values")
def other_placeholder(place: Place, answer: Answer) -> Answer:
    """`$select` on the metadata of an owner without a photo returns zeros."""
    return put(put(answer, "height", 0), "id", "0X0")


@faults("option.taken", {"property": "$select", "option": "$nosuch"}, at=nonsense, expected="option.unknown-is-refused")
def nonsense_taken(place: Place, answer: Answer, which: str) -> Answer:
    """What does not exist returns 200 and metadata: {it}."""
    if not place.query.startswith(which):
        return answer
    return header(sent(replace(answer, status=200), SAMPLE), "Content-Type", JSON)


@fault("option.photo-crashes", at=picture, expected="http.never-5xx")
def photo_crashes(place: Place, answer: Answer) -> Answer:
    """Any option on the bytes is a breakdown, 500."""
    return refused(answer, 500) if place.query else answer
