"""The placeholder: what the metadata of an owner without a photo says (S39).

Whether the service ever served it is unknown. The page shows it for a user; this suite
expects it for groups and contacts too. In the edition `observed` the status is 404 instead.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..media.header_fields import is_entity_tag
from ..model import Finding
from ..spec import Edition
from .comparing import in_words
from .prerequisites import USER_KEY
from .selections import ABSENT_METADATA, PLACEHOLDER
from .status import as_for_owner

OBJECT, REAL = "metadata.is-one-object", "placeholder.is-not-a-photo"


@requirement(REAL, MUST, cites="S39g", on=[ABSENT_METADATA], yields_to=[USER_KEY])
def test_no_photo_has_no_real_metadata(answer: DecodedResponse) -> Findings:
    """The metadata of an owner without a photo must not be a real photo's, with sides above 1 and an entity-tag."""
    metadata = answer.metadata if answer.status == 200 else {}
    sides, tag = (metadata.get("width"), metadata.get("height")), metadata.get("@odata.mediaEtag")
    large = all(isinstance(side, (int, float)) and not isinstance(side, bool) and side > 1 for side in sides)
    if large and isinstance(tag, str) and is_entity_tag(tag) and tag.removeprefix("W/") != '""':
        shown = {name: metadata[name] for name in ("width", "height", "@odata.mediaEtag")}
        yield Finding("$", "the placeholder or 404, for this owner has no photo", in_words(shown))


@requirement("placeholder.status-is-expected", MUST, cites="S39a", on=[ABSENT_METADATA], yields_to=[USER_KEY, REAL])
def test_absent_metadata_has_the_expected_status(answer: DecodedResponse, edition: Edition) -> Findings:
    """The metadata of an owner without a photo must return 200 with a placeholder, or 404 in the edition `observed`."""
    yield from as_for_owner(answer, edition)


@requirement("placeholder.media-content-type-is-gif", MUST, cites="S39b", on=[PLACEHOLDER], needs=[OBJECT],
             yields_to=[REAL], schema="placeholder", at=["@odata.mediaContentType"])  # fmt: skip
def test_the_placeholder_is_a_gif() -> None:
    """The placeholder's `@odata.mediaContentType` is `image/gif`."""


@requirement("placeholder.etag-is-empty", MUST, cites="S39c", on=[PLACEHOLDER], needs=[OBJECT], yields_to=[REAL],
             schema="placeholder", at=["@odata.mediaEtag"])  # fmt: skip
def test_the_placeholder_has_an_empty_etag() -> None:
    """The placeholder's `@odata.mediaEtag` is an empty string, not an entity-tag."""


@requirement("placeholder.id-is-1x1", MUST, cites="S39d", on=[PLACEHOLDER], needs=[OBJECT], yields_to=[REAL],
             schema="placeholder", at=["id"])  # fmt: skip
def test_the_placeholder_has_the_id_1x1() -> None:
    """The placeholder's `id` is `1X1`; in later editions `1x1` too."""


@requirement("placeholder.is-1-by-1", MUST, cites="S39e", on=[PLACEHOLDER], needs=[OBJECT], yields_to=[REAL],
             schema="placeholder", at=["width", "height"])  # fmt: skip
def test_the_placeholder_is_1_by_1() -> None:
    """The placeholder's `width` and `height` are 1."""
