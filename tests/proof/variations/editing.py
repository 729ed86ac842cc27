"""Answers with one part replaced: a header field, or the JSON in the body."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conformance.model import Answer, Form, Place, State

Edit = Callable[[dict[str, Any]], Mapping[str, Any]]


def shows_metadata(place: Place, answer: Answer) -> bool:
    """Whether the answer is metadata, of a photo or of the placeholder; a list of sizes is left as it is."""
    a_list = place.shape.operation.template.endswith("/photos")
    return place.shape.form is Form.METADATA and answer.status == 200 and not a_list


def shows_a_photos_metadata(place: Place, answer: Answer) -> bool:
    """Whether the answer is the metadata of a real photo."""
    return shows_metadata(place, answer) and place.state is State.PRESENT


def shows_a_picture(place: Place, answer: Answer) -> bool:
    """Whether the answer is a picture's bytes."""
    return place.shape.form is Form.PHOTO and answer.status == 200


def is_an_error(answer: Answer) -> bool:
    """Whether the answer refuses."""
    return 400 <= answer.status < 500


def with_header(answer: Answer, name: str, *values: str) -> Answer:
    """The header field with these values, a line each, in place of those that it had."""
    kept = tuple(pair for pair in answer.headers if pair[0].lower() != name.lower())
    return replace(answer, headers=kept + tuple((name, value) for value in values))


def more_headers(answer: Answer, *pairs: tuple[str, str]) -> Answer:
    """The answer with these header fields as well."""
    return replace(answer, headers=answer.headers + pairs)


def edited(answer: Answer, edit: Edit) -> Answer:
    """The answer with its JSON object edited; it is written again, without blanks."""
    text = json.dumps(edit(json.loads(answer.body)), ensure_ascii=False, separators=(",", ":"))
    return replace(answer, body=text.encode())


def with_error(answer: Answer, edit: Edit) -> Answer:
    """The answer with the object inside `error` edited."""
    return edited(answer, lambda body: body | {"error": edit(body["error"])})
