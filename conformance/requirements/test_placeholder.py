"""The placeholder: what the metadata of an owner without a photo says (S39).

Whether the service ever served it is unknown. The page shows it for a user; that it holds for groups and contacts
too is the wish of this suite's users. In the edition `observed` the answer is 404 instead.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..model import Finding
from ..spec.editions import Edition
from .comparing import in_words
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


@requirement("placeholder.media-content-type-is-gif", MUST, cites="S39b", on=[PLACEHOLDER], needs=[OBJECT])
def test_the_placeholder_is_a_gif(answer: DecodedResponse) -> Findings:
    """The placeholder's `@odata.mediaContentType` is `image/gif`."""
    told = answer.metadata.get("@odata.mediaContentType")
    if not isinstance(told, str) or told.lower() != "image/gif":  # media types have no case (RFC 9110 8.3.1)
        yield Finding("$['@odata.mediaContentType']", "'image/gif'", in_words(told))


@requirement("placeholder.etag-is-empty", MUST, cites="S39c", on=[PLACEHOLDER], needs=[OBJECT])
def test_the_placeholder_has_an_empty_etag(answer: DecodedResponse) -> Findings:
    """The placeholder's `@odata.mediaEtag` is the empty string, which is no entity-tag."""
    yield from _is(answer, "@odata.mediaEtag", [""])


@requirement("placeholder.id-is-1x1", MUST, cites="S39d", on=[PLACEHOLDER], needs=[OBJECT])
def test_the_placeholder_has_the_id_1x1(answer: DecodedResponse, edition: Edition) -> Findings:
    """The placeholder's `id` is `1X1`; in the edition v1.0-2023 `1x1` too."""
    yield from _is(answer, "id", [f"1{letter}1" for letter in edition.size_letters or ""])


@requirement("placeholder.is-1-by-1", MUST, cites="S39e", on=[PLACEHOLDER], needs=[OBJECT])
def test_the_placeholder_is_1_by_1(answer: DecodedResponse) -> Findings:
    """The placeholder's `width` and `height` are 1."""
    yield from _is(answer, "width", [1])
    yield from _is(answer, "height", [1])


def _is(answer: DecodedResponse, name: str, wanted: list[str] | list[int]) -> Findings:
    told = answer.metadata.get(name)
    if isinstance(told, bool) or told not in wanted:
        yield Finding(f"$['{name}']", " or ".join(map(repr, wanted)), in_words(told))
