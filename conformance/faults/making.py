"""Answers made of other answers: the building blocks of faults."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from ..model import Answer, Form, Place

JSON = "application/json"
Edit = Callable[[dict[str, Any]], object]
Change = Callable[[Answer, Any], Answer]
"""What the faults of a series do with their values."""

CODES = {401: "InvalidAuthenticationToken", 403: "ErrorAccessDenied", 404: "ImageNotFound"}
"""Error codes as the service has them; any other status is called by its name."""
SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"

SAMPLE = {
    "@odata.context": "https://photos.example/v1.0/$metadata#users('unknown')/photo/$entity",
    "@odata.id": "https://photos.example/v1.0/users('unknown')/photo",
    "@odata.mediaContentType": "image/png",
    "@odata.mediaEtag": '"5A5A5A"',
    "id": "48X48",
    "width": 48,
    "height": 48,
}
"""Metadata of no owner."""


def statuses(*numbers: int) -> dict[str, int]:
    """A series' entries: statuses by their digits."""
    return {str(number): number for number in numbers}


def header(answer: Answer, name: str, value: str | None) -> Answer:
    """The answer with that field once, or (None) without it."""
    kept = tuple((key, old) for key, old in answer.headers if key.lower() != name.lower())
    return replace(answer, headers=kept if value is None else (*kept, (name, value)))


def typed(answer: Answer, body: bytes, media_type: str) -> Answer:
    """The answer with another body, of that Content-Type."""
    return header(replace(answer, body=body), "Content-Type", media_type)


def sent(answer: Answer, value: object) -> Answer:
    """The answer with that value as its JSON."""
    return replace(answer, body=json.dumps(value, ensure_ascii=False).encode())


def read(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object."""
    value: dict[str, Any] = json.loads(answer.body)
    return value


def remade(answer: Answer, change: Callable[[dict[str, Any]], object]) -> Answer:
    """The answer with JSON made of its object."""
    return sent(answer, change(read(answer)))


def edited(answer: Answer, edit: Edit) -> Answer:
    """Metadata with its object changed; refusals are left as they are."""
    if answer.status != 200:
        return answer
    body = read(answer)
    before = json.dumps(body)
    edit(body)
    return sent(answer, body) if json.dumps(body) != before else answer


def put(answer: Answer, name: str, value: object) -> Answer:
    """Metadata with another value of a property, where it is there; a function makes it of the old one."""

    def edit(body: dict[str, Any]) -> None:
        if name in body:
            body[name] = value(body[name]) if callable(value) else value

    return edited(answer, edit)


def put_all(answer: Answer, values: Mapping[str, object]) -> Answer:
    """Metadata with other values of several properties."""
    for name, value in values.items():
        answer = put(answer, name, value)
    return answer


def renamed(answer: Answer, name: str, other: str | None) -> Answer:
    """Metadata with a property under another name, or (None) without it."""

    def edit(body: dict[str, Any]) -> None:
        if name in body:
            value = body.pop(name)
            body.update({other: value} if other else {})

    return edited(answer, edit)


def putting(name: str) -> Change:
    """Another value of a property."""
    return lambda answer, value: put(answer, name, value)


def renaming(name: str) -> Change:
    """Another name of a property."""
    return lambda answer, other: renamed(answer, name, other)


def retyped(answer: Answer, media_type: str | None) -> Answer:
    """The answer with that Content-Type, or (None) without one."""
    return header(answer, "Content-Type", media_type)


def rewritten(answer: Answer, change: Callable[[bytes], bytes]) -> Answer:
    """The answer with a body made of its own."""
    return replace(answer, body=change(answer.body))


def of_success(change: Change) -> Change:
    """The same change, which leaves refusals as they are."""
    return lambda answer, value: change(answer, value) if answer.status == 200 else answer


def refusing(status: int) -> Callable[[Place, Answer], Answer]:
    """A refusal with that status in place of any answer."""
    return lambda place, answer: refused(answer, status)


def sign_in(place: Place, answer: Answer) -> Answer:
    """A sign-in page in place of a body."""
    return typed(answer, SIGN_IN, "text/html")


def with_picture(place: Place, answer: Answer) -> Answer:
    """The picture of no owner in place of a body."""
    return typed(answer, silhouette(), "image/png")


def with_metadata(place: Place, answer: Answer) -> Answer:
    """The metadata of no owner in place of a body."""
    return sent(answer, SAMPLE)


def refused(answer: Answer, status: int) -> Answer:
    """An OData error of that status; a 3xx says where to."""
    code = CODES.get(status) or HTTPStatus(status).name.title().replace("_", "")
    error = {"error": {"code": code, "message": "It cannot be answered."}}
    error_answer = typed(replace(answer, status=status), json.dumps(error).encode(), JSON)
    return header(error_answer, "Location", "https://elsewhere.example/photo") if 300 <= status < 400 else error_answer


def answered(answer: Answer, status: int) -> Answer:
    """The status alone is another where that is a success; a refusal has a refusal's body, and 204 none."""
    if status == 204:
        return header(replace(answer, status=204, body=b""), "Content-Type", None)
    return replace(answer, status=status) if status < 300 else refused(answer, status)


def shown(place: Place, answer: Answer) -> Answer:
    """200 and a photo of no owner, in the form asked for."""
    answer = replace(answer, status=200)
    if place.shape.form is Form.PHOTO:
        return typed(answer, silhouette(), "image/png")
    return header(sent(answer, SAMPLE), "Content-Type", JSON)


@lru_cache(maxsize=1)
def silhouette() -> bytes:
    """A grey PNG of 48 by 48: what mocks serve for every owner."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (48, 48), (128, 128, 128)).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=4096)
def redrawn(body: bytes, form: str | None = None, scale: tuple[int, int] | None = None, grow: int = 0) -> bytes:
    """The picture encoded again: in another format, smaller, or wider by pixels; never the same bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(body)) as image:
        width, height = image.width + grow, image.height
        if scale:
            width, height = max(1, width * scale[0] // scale[1]), max(1, height * scale[0] // scale[1])
        drawn = image.convert("RGB").resize((width, height))
        out = io.BytesIO()
        drawn.save(out, form or image.format or "PNG", quality=60, compress_level=1)  # each format takes what it knows
    return out.getvalue()
