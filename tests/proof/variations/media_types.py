"""Media types: of JSON, of pictures, and as `@odata.mediaContentType` tells them (RFC 9110 8.3.1)."""

from __future__ import annotations

from conformance.model import Answer, Place, State
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import (
    edited,
    is_an_error,
    shows_a_photos_metadata,
    shows_a_picture,
    shows_metadata,
    with_header,
)


def _json_type(place: Place, answer: Answer, value: str) -> Answer:
    return with_header(answer, "Content-Type", value) if shows_metadata(place, answer) else answer


def _picture_type(place: Place, answer: Answer, jpeg: str) -> Answer:
    media_type = answer.header("Content-Type") == "image/jpeg"
    return with_header(answer, "Content-Type", jpeg) if media_type and shows_a_picture(place, answer) else answer


def _annotation(place: Place, answer: Answer, jpeg: str) -> Answer:
    if not shows_a_photos_metadata(place, answer):
        return answer
    name = "@odata.mediaContentType"
    return edited(answer, lambda body: body | {name: jpeg} if body[name] == "image/jpeg" else body)


@allowed()
def plain_application_json(place: Place, answer: Answer) -> Answer:
    """The page's samples have no parameters (S32)."""
    return _json_type(place, answer, "application/json")


@allowed()
def json_parameters_in_another_order(place: Place, answer: Answer) -> Answer:
    """Parameters are allowed in any order (S32)."""
    return _json_type(place, answer, "application/json; charset=utf-8; odata.streaming=true; odata.metadata=full")


@allowed()
def json_type_in_capitals(place: Place, answer: Answer) -> Answer:
    """Type, subtype and parameter names have no case (RFC 9110 8.3.1)."""
    return _json_type(place, answer, "Application/JSON;ODATA.METADATA=minimal;CHARSET=UTF-8")


@allowed()
def json_charset_quoted(place: Place, answer: Answer) -> Answer:
    """A parameter's value may be quoted (RFC 9110 5.6.6)."""
    return _json_type(place, answer, 'application/json;charset="utf-8"')


@allowed()
def json_type_with_blanks(place: Place, answer: Answer) -> Answer:
    """Blanks may stand around the semicolon, and a parameter may be missing after it (RFC 9110 5.6.6)."""
    return _json_type(place, answer, "application/json \t;  charset=utf-8 ;")


@allowed()
def json_parameter_of_odd_characters(place: Place, answer: Answer) -> Answer:
    """A quoted value may hold semicolons, commas and escaped quotes (RFC 9110 5.6.4)."""
    return _json_type(place, answer, 'application/json;x="a;b, \\"c\\"";charset=utf-8')


@allowed()
def errors_with_parameters(place: Place, answer: Answer) -> Answer:
    """An error's media type may have parameters as any other (E1)."""
    media_type = "application/json; odata.metadata=minimal; charset=utf-8"
    return with_header(answer, "Content-Type", media_type) if is_an_error(answer) else answer


@allowed()
def photo_type_as_observed(place: Place, answer: Answer) -> Answer:
    """The service has answered `image/Jpeg`; media types have no case (S27c)."""
    return _picture_type(place, answer, "image/Jpeg")


@allowed()
def photo_type_jpg(place: Place, answer: Answer) -> Answer:
    """image/jpg counts as image/jpeg (S27c)."""
    return _picture_type(place, answer, "image/jpg")


@allowed()
def photo_type_pjpeg(place: Place, answer: Answer) -> Answer:
    """image/pjpeg counts as image/jpeg (S27c)."""
    return _picture_type(place, answer, "image/pjpeg")


@allowed()
def photo_type_with_parameters(place: Place, answer: Answer) -> Answer:
    """Any media type may have parameters (RFC 9110 8.3.1)."""
    return _picture_type(place, answer, 'image/jpeg; charset=binary; name="a;b.jpg"')


@allowed()
def annotation_type_in_capitals(place: Place, answer: Answer) -> Answer:
    """Media types have no case (S35b, as S27c)."""
    return _annotation(place, answer, "IMAGE/JPEG")


@allowed()
def annotation_type_jpg(place: Place, answer: Answer) -> Answer:
    """image/jpg counts as image/jpeg (S35b, as S27c)."""
    return _annotation(place, answer, "image/jpg")


@allowed()
def annotation_type_pjpeg(place: Place, answer: Answer) -> Answer:
    """image/pjpeg counts as image/jpeg (S35b, as S27c)."""
    return _annotation(place, answer, "image/pjpeg")


@allowed()
def annotation_type_with_parameters(place: Place, answer: Answer) -> Answer:
    """Any media type may have parameters (RFC 9110 8.3.1)."""
    return _annotation(place, answer, "image/jpeg; q=80")


@allowed()
def placeholder_type_in_capitals(place: Place, answer: Answer) -> Answer:
    """Media types have no case (S39b, as S27c)."""
    if not shows_metadata(place, answer) or place.state is not State.ABSENT:
        return answer
    return edited(answer, lambda body: body | {"@odata.mediaContentType": "Image/GIF"})
