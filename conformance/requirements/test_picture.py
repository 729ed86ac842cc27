"""The picture, `…/photo/$value`: of an owner with a photo, and of one without."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, OPERATION, Findings, requirement
from ..media.pictures import Picture, canonical_type
from ..model import Finding
from .prerequisites import ENOUGH, REPEATABLE, USER_KEY
from .selections import (
    ABSENT_PHOTO,
    METADATA_AND_PHOTO,
    PHOTO_SCOPED_IN,
    PRESENT_PHOTO,
    PRESENT_PHOTO_TWICE,
    UNDECLARED_PHOTO,
)
from .status import exactly


@requirement("picture.answers-200", MUST, cites=OPERATION, on=[PRESENT_PHOTO], yields_to=[USER_KEY])
def test_the_path_of_the_picture_exists(answer: DecodedResponse) -> Findings:
    """The picture of an owner with a photo must return status 200; a redirect is not followed."""
    yield from exactly(answer, 200)


@requirement("picture.is-a-picture", MUST, cites="S27a", on=[PRESENT_PHOTO, UNDECLARED_PHOTO],
             needs=["picture.answers-200"])  # fmt: skip
def test_the_body_is_a_picture(answer: DecodedResponse) -> Findings:
    """The body is the bytes of a picture: not empty, completely decodable, and not wrapped in anything."""
    if answer.status == 200 and not isinstance(answer.picture, Picture):
        yield Finding("body", "the bytes of a picture that decodes whole", answer.picture)


@requirement("picture.content-type-is-image", MUST, cites="S27b", on=[PRESENT_PHOTO_TWICE, PHOTO_SCOPED_IN],
             needs=["picture.is-a-picture", ENOUGH])  # fmt: skip
def test_the_content_type_is_a_pictures(answer: DecodedResponse) -> Findings:
    """The response has a Content-Type, and it is image/*.

    The page shows no header of this response, and Microsoft's OpenAPI says application/octet-stream. Every recording
    of the service has image/…, and clients depend on it, so image/* is required.
    """
    if answer.status == 200 and not (answer.media_type or "").startswith("image/"):
        yield Finding("Content-Type", "image/*", answer.header("Content-Type") or "no such header")


@requirement("picture.content-type-matches-bytes", MUST, cites="S27c", on=[PRESENT_PHOTO_TWICE, PHOTO_SCOPED_IN],
             needs=["picture.content-type-is-image"],
             yields_to=["relation.not-another-owner", "picture.dimensions-match-metadata"])  # fmt: skip
def test_the_content_type_is_the_bytes_own(answer: DecodedResponse) -> Findings:
    """Content-Type is the type of the bytes. The bytes decide; image/jpg counts as image/jpeg."""
    if isinstance(answer.picture, Picture) and canonical_type(answer.media_type or "") != answer.picture.media_type:
        yield Finding("Content-Type", answer.picture.media_type, answer.header("Content-Type") or "")


@requirement("picture.dimensions-match-metadata", MUST, cites="S31", on=[METADATA_AND_PHOTO],
             needs=["metadata.answers-200", "metadata.is-json", "metadata.is-one-object", "metadata.width-is-int32",
                    "metadata.height-is-int32", "metadata.dimensions-are-positive", "picture.is-a-picture"],
             yields_to=[REPEATABLE, "metadata.is-not-the-placeholder", "relation.not-another-owner"])  # fmt: skip
def test_the_pixels_are_the_metadatas(metadata: DecodedResponse, photo: DecodedResponse) -> Findings:
    """The picture has the width and height given in its metadata."""
    picture, found = photo.picture, (metadata.metadata.get("width"), metadata.metadata.get("height"))
    if isinstance(picture, Picture) and (picture.width, picture.height) != found:
        yield Finding("pixels of the picture", f"{found[0]}x{found[1]}, as width and height say (or correct those)",
                      f"{picture.width}x{picture.height}")  # fmt: skip


@requirement("picture.absent-is-404", MUST, cites="S28", on=[ABSENT_PHOTO], yields_to=[USER_KEY])
def test_no_picture_is_404(answer: DecodedResponse) -> Findings:
    """The picture of an owner without a photo must return status 404."""
    yield from exactly(answer, 404)
