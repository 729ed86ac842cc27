"""The placeholder: what the metadata of an owner without a photo says (S39).

Whether the service ever served it is unknown. The page shows it for a user; that it holds for groups and contacts
too is the wish of this suite's users. In the edition `observed` the answer is 404 instead.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..spec.editions import Edition
from .selections import ABSENT_METADATA, PLACEHOLDER
from .status import exactly

OBJECT = "metadata.is-one-object"


@requirement(
    "placeholder.status-is-expected",
    MUST,
    cites="S39a",
    on=[ABSENT_METADATA],
    yields_to=["relation.user-key-is-accepted"],
)
def test_absent_metadata_is_answered_as_due(answer: DecodedResponse, edition: Edition) -> Findings:
    """The metadata of an owner without a photo is answered 200 with a placeholder; in the edition `observed`, 404."""
    yield from exactly(200 if edition.placeholder else 404, answer)


@requirement("placeholder.media-content-type-is-gif", MUST, cites="S39b", on=[PLACEHOLDER], needs=[OBJECT],
             schema="placeholder", at=["@odata.mediaContentType"])  # fmt: skip
def test_the_placeholder_is_a_gif() -> None:
    """The placeholder's `@odata.mediaContentType` is `image/gif`."""


@requirement("placeholder.etag-is-empty", MUST, cites="S39c", on=[PLACEHOLDER], needs=[OBJECT],
             schema="placeholder", at=["@odata.mediaEtag"])  # fmt: skip
def test_the_placeholder_has_an_empty_etag() -> None:
    """The placeholder's `@odata.mediaEtag` is the empty string, which is no entity-tag."""


@requirement("placeholder.id-is-1x1", MUST, cites="S39d", on=[PLACEHOLDER], needs=[OBJECT],
             schema="placeholder", at=["id"])  # fmt: skip
def test_the_placeholder_has_the_id_1x1() -> None:
    """The placeholder's `id` is `1X1`; in later editions `1x1` too."""


@requirement("placeholder.is-1-by-1", MUST, cites="S39e", on=[PLACEHOLDER], needs=[OBJECT],
             schema="placeholder", at=["width", "height"])  # fmt: skip
def test_the_placeholder_is_1_by_1() -> None:
    """The placeholder's `width` and `height` are 1."""
