"""Entity-tags, in the header and in the metadata (RFC 9110 8.8.3)."""

from __future__ import annotations

from collections.abc import Callable

from conformance.model import Answer, Place
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, shows_a_photos_metadata, shows_a_picture, with_header

ETAG = "@odata.mediaEtag"


def _tagged(
    place: Place, answer: Answer, tag: Callable[[str], str], *, header: bool = True, annotation: bool = True
) -> Answer:
    if annotation and shows_a_photos_metadata(place, answer):
        return edited(answer, lambda body: body | {ETAG: tag(body[ETAG])})
    if header and shows_a_picture(place, answer):
        return with_header(answer, "ETag", tag(answer.header("ETag") or ""))
    return answer


def _weak(tag: str) -> str:
    return tag if tag.startswith("W/") else "W/" + tag


@allowed()
def tags_beyond_ascii_in_utf_8(place: Place, answer: Answer) -> Answer:
    """A tag may hold bytes beyond ASCII, here the same in header and body (RFC 9110 8.8.3, obs-text)."""
    tag = '"zo\xe9"' if shows_a_photos_metadata(place, answer) else '"zo\xe9"'.encode().decode("latin-1")
    return _tagged(place, answer, lambda _: tag)


@allowed()
def weak_tags(place: Place, answer: Answer) -> Answer:
    """A tag may be weak (S36a)."""
    return _tagged(place, answer, _weak)


@allowed()
def weak_tag_in_the_header_alone(place: Place, answer: Answer) -> Answer:
    """The two are compared weakly (S36b, RFC 9110 8.8.3.2)."""
    return _tagged(place, answer, _weak, annotation=False)


@allowed()
def weak_tag_in_the_metadata_alone(place: Place, answer: Answer) -> Answer:
    """The two are compared weakly (S36b, RFC 9110 8.8.3.2)."""
    return _tagged(place, answer, _weak, header=False)


@allowed()
def no_tag_in_the_header(place: Place, answer: Answer) -> Answer:
    """The page shows no ETag header: the annotation is compared where there is one (S36b)."""
    return with_header(answer, "ETag")


@allowed()
def one_tag_for_all_photos(place: Place, answer: Answer) -> Answer:
    """Validators of different resources say nothing about each other (contract, exact diagnosis)."""
    return _tagged(place, answer, lambda _: '"1"')


@allowed()
def tags_of_odd_characters(place: Place, answer: Answer) -> Answer:
    """All visible characters but the quote, and obs-text, may stand in a tag (RFC 9110 8.8.3)."""
    return _tagged(place, answer, lambda tag: f'"{tag[-3]}é,;\'\\W/{{}}!#"')


@allowed()
def tags_of_many_characters(place: Place, answer: Answer) -> Answer:
    """A tag has no length of its own (RFC 9110 8.8.3)."""
    return _tagged(place, answer, lambda tag: f'"{tag[-9:-1] * 100}"')


@allowed()
def tag_on_the_metadata_answer(place: Place, answer: Answer) -> Answer:
    """The metadata is a resource of its own with a validator of its own (RFC 9110 8.8.3)."""
    return with_header(answer, "ETag", 'W/"of-the-metadata"') if shows_a_photos_metadata(place, answer) else answer
