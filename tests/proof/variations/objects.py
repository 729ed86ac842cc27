"""The JSON of metadata: how it is written, and what more stands in it (RFC 8259, S41)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from conformance.model import Addressing, Answer, Place
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, shows_a_photos_metadata, shows_metadata


def _written(place: Place, answer: Answer, **how: Any) -> Answer:
    if not shows_metadata(place, answer):
        return answer
    return replace(answer, body=json.dumps(json.loads(answer.body), **how).encode())


def _with(place: Place, answer: Answer, more: dict[str, Any]) -> Answer:
    return edited(answer, lambda body: body | more) if shows_metadata(place, answer) else answer


def _numbers(answer: Answer, form: str) -> Answer:
    text = re.sub(
        r'"(width|height)":\s*(\d+)', lambda found: f'"{found[1]}":{form.format(found[2])}', answer.body.decode()
    )
    return replace(answer, body=text.encode())


@allowed()
def json_pretty_printed(place: Place, answer: Answer) -> Answer:
    """White space between tokens means nothing (RFC 8259 2)."""
    return _written(place, answer, indent="\t\r\n  ")


@allowed()
def json_with_blanks_around(place: Place, answer: Answer) -> Answer:
    """White space may stand before and after the value (RFC 8259 2)."""
    return replace(answer, body=b"\r\n \t" + answer.body + b"\n\n") if shows_metadata(place, answer) else answer


@allowed()
def json_all_escaped(place: Place, answer: Answer) -> Answer:
    """Any character of a string may be escaped, the solidus too (RFC 8259 7)."""
    written = _written(place, answer, ensure_ascii=True)
    return replace(written, body=written.body.replace(b"/", b"\\/")) if shows_metadata(place, answer) else answer


@allowed()
def json_keys_sorted(place: Place, answer: Answer) -> Answer:
    """An object's members have no order (RFC 8259 4, S40)."""
    return _written(place, answer, sort_keys=True)


@allowed()
def json_keys_turned(place: Place, answer: Answer) -> Answer:
    """An object's members have no order (RFC 8259 4, S40)."""
    return edited(answer, lambda body: dict(reversed(body.items()))) if shows_metadata(place, answer) else answer


@allowed()
def more_annotations(place: Place, answer: Answer) -> Answer:
    """A service may add control information and annotations (OData JSON format 4.5, 20)."""
    more = {
        "@odata.type": "#microsoft.graph.profilePhoto",
        "@odata.editLink": "users('x')/photo",
        "@odata.mediaReadLink": "https://cdn.example/users/x/photo/$value",
        "@odata.mediaEditLink": "users('x')/photo/$value",
        "@odata.etag": 'W/"7"',
        "@microsoft.graph.tips": "Use $select to choose only the properties your app needs",
        "width@odata.type": "#Int32",
    }
    return _with(place, answer, more)


@allowed()
def more_properties(place: Place, answer: Answer) -> Answer:
    """Extra properties are always allowed (S41)."""
    more = {"description": None, "tags": [1, [2]], "area": 1e3, "crop": {"width": -1, "id": 7}, "ünïcode 😀": "\x00"}
    return _with(place, answer, more)


@allowed()
def properties_named_as_wrappers(place: Place, answer: Answer) -> Answer:
    """An object with the photo at its top may have a property `value` or `d` as well (S29c, S41)."""
    return _with(place, answer, {"value": [{"id": "9X9"}], "d": {"width": 7}, "error": None})


@allowed()
def properties_of_another_case(place: Place, answer: Answer) -> Answer:
    """Names have case: `Id` and `WIDTH` are other properties, and extra ones are allowed (RFC 8259 4, S41)."""
    return _with(place, answer, {"Id": 7, "WIDTH": "wide", "@odata.mediaetag": 1})


@allowed()
def numbers_with_a_fraction_of_zero(place: Place, answer: Answer) -> Answer:
    """240.0 is allowed JSON for 240 (S30b)."""
    return _numbers(answer, "{}.0") if shows_metadata(place, answer) else answer


@allowed()
def numbers_with_an_exponent(place: Place, answer: Answer) -> Answer:
    """2400e-1 is the number 240 (RFC 8259 6)."""
    return _numbers(answer, "{}0e-1") if shows_metadata(place, answer) else answer


@allowed()
def numbers_written_otherwise_by_another_path(place: Place, answer: Answer) -> Answer:
    """240 and 240.0 are one number, by whichever name of the user and at whichever asking (RFC 8259 6)."""
    elsewhere = place.shape.addressing is Addressing.UPN or place.ask > 1
    return _numbers(answer, "{}.0") if elsewhere and shows_metadata(place, answer) else answer


@allowed("v1.0-2023")
def id_with_a_capital_x(place: Place, answer: Answer) -> Answer:
    """The page's edition of 2023 shows both letters (S37)."""
    return edited(answer, _capital) if shows_metadata(place, answer) else answer


@allowed("v1.0-2023")
def id_with_either_x(place: Place, answer: Answer) -> Answer:
    """The page's edition of 2023 shows both letters; each owner may have the one or the other (S37)."""
    other = len(place.owner) % 2 and shows_a_photos_metadata(place, answer)
    return edited(answer, _capital) if other else answer


def _capital(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"id": body["id"].upper()} if "id" in body else body


@allowed()
def more_that_is_nested_400_deep(place: Place, answer: Answer) -> Answer:
    """More properties may have any JSON (S41), nested as deep as the server likes (RFC 8259 9 limits readers alone)."""
    return _after(answer, b"[" * 400 + b"]" * 400) if shows_metadata(place, answer) else answer


@allowed()
def more_than_a_mebibyte(place: Place, answer: Answer) -> Answer:
    """More properties may be as long as the server likes (S41)."""
    return (
        _after(answer, b'"' + bytes(1 << 20).replace(b"\0", b"x") + b'"') if shows_metadata(place, answer) else answer
    )


def _after(answer: Answer, value: bytes) -> Answer:
    """The object with one more property at its end."""
    return replace(answer, body=answer.body.rstrip().removesuffix(b"}") + b',"more":' + value + b"}")
