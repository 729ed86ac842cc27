"""The metadata, `…/photo`: one JSON object with an id, a width and a height."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, OPERATION, Findings, requirement
from ..media.json_text import NotJson
from ..model import Finding
from ..spec import Edition
from .comparing import in_words
from .prerequisites import ENOUGH, USER_KEY
from .selections import (
    LISTS,
    METADATA_SCOPED_IN,
    PLACEHOLDER,
    PLACEHOLDER_TWICE,
    PRESENT_METADATA,
    PRESENT_METADATA_TWICE,
    UNDECLARED_METADATA,
)
from .status import exactly

OBJECT = "metadata.is-one-object"
DUE = ("metadata.answers-200", "placeholder.status-is-expected")


@requirement("metadata.answers-200", MUST, cites=OPERATION, on=[PRESENT_METADATA, LISTS], yields_to=[USER_KEY])
def test_the_path_of_the_metadata_exists(answer: DecodedResponse) -> Findings:
    """The metadata of an owner with a photo must return status 200; a redirect is not followed."""
    yield from exactly(answer, 200)


@requirement("metadata.is-json", MUST, cites="S29b", on=[PRESENT_METADATA, LISTS, PLACEHOLDER, UNDECLARED_METADATA],
             needs=DUE)  # fmt: skip
def test_the_metadata_is_json(answer: DecodedResponse) -> Findings:
    """The body is JSON: UTF-8, one value, no NaN, no duplicate names."""
    if answer.status == 200 and isinstance(answer.json, NotJson):
        yield Finding("body", "one JSON value in UTF-8", answer.json.why)


@requirement("metadata.is-application-json", MUST, cites="S32",
             on=[PRESENT_METADATA_TWICE, LISTS, PLACEHOLDER_TWICE, *METADATA_SCOPED_IN],
             needs=["metadata.is-json", ENOUGH])  # fmt: skip
def test_the_metadata_is_application_json(answer: DecodedResponse) -> Findings:
    """The media type is application/json, with any parameters in any order and case."""
    if answer.status == 200 and answer.media_type != "application/json":
        yield Finding("Content-Type", "application/json", answer.header("Content-Type") or "no such header")


@requirement(OBJECT, MUST, cites="S29c", on=[PRESENT_METADATA, PLACEHOLDER], needs=["metadata.is-json"],
             schema="profilephoto#/$defs/unwrapped")  # fmt: skip
def test_the_metadata_is_one_object() -> None:
    """The body is one object with a photo's properties at the top level, not wrapped in `value`, `d` or an array."""


@requirement("metadata.id-is-a-string", MUST, cites="S30a", on=[PRESENT_METADATA], needs=[OBJECT],
             schema="profilephoto#/$defs/nonEmptyString", at=["id"])  # fmt: skip
def test_the_metadata_has_an_id() -> None:
    """`id` is present and a non-empty string."""


@requirement("metadata.width-is-int32", MUST, cites="S30b", on=[PRESENT_METADATA], needs=[OBJECT],
             schema="profilephoto#/$defs/int32", at=["width"])  # fmt: skip
def test_the_metadata_has_a_width() -> None:
    """`width` is present and a 32-bit integer: a JSON number, not a string."""


@requirement("metadata.height-is-int32", MUST, cites="S30c", on=[PRESENT_METADATA], needs=[OBJECT],
             schema="profilephoto#/$defs/int32", at=["height"])  # fmt: skip
def test_the_metadata_has_a_height() -> None:
    """`height` is present and a 32-bit integer: a JSON number, not a string."""


@requirement("metadata.dimensions-are-positive", MUST, cites="S30d", on=[PRESENT_METADATA],
             needs=[OBJECT, "metadata.width-is-int32", "metadata.height-is-int32"],
             schema="profilephoto#/$defs/positive", at=["width", "height"])  # fmt: skip
def test_the_dimensions_are_positive() -> None:
    """`width` and `height` are at least 1."""


@requirement("metadata.id-matches-dimensions", MUST, cites="S37", on=[PRESENT_METADATA],
             needs=["metadata.id-is-a-string", "metadata.width-is-int32", "metadata.height-is-int32",
                    "metadata.dimensions-are-positive"],
             yields_to=["picture.dimensions-match-metadata", "metadata.is-not-the-placeholder",
                        "relation.not-another-owner"])  # fmt: skip
def test_the_id_is_the_size(answer: DecodedResponse, edition: Edition) -> Findings:
    """`id` is the width and the height joined by X, e.g. 240X240."""
    properties, letters = answer.metadata, edition.size_letters or ""
    wanted = [f"{int(properties['width'])}{letter}{int(properties['height'])}" for letter in letters]
    if properties["id"] not in wanted:
        yield Finding("$['id']", " or ".join(wanted), in_words(properties["id"]))


@requirement("metadata.is-not-the-placeholder", MUST, cites="S39f", on=[PRESENT_METADATA], needs=[OBJECT])
def test_a_photo_is_not_the_placeholder(answer: DecodedResponse) -> Findings:
    """The metadata of an owner with a photo is not the placeholder: a GIF of 1 by 1 with an empty entity-tag."""
    properties = answer.metadata
    marks = (
        str(properties.get("id")).upper() == "1X1",
        properties.get("width") == 1 and properties.get("height") == 1,
        properties.get("@odata.mediaContentType") == "image/gif",
    )
    if properties.get("@odata.mediaEtag") == "" and sum(marks) >= 2:
        yield Finding("$", "the photo's own metadata", "the placeholder: 1X1, image/gif, an empty entity-tag")
