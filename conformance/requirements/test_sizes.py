"""Sizes of a photo: their list, `…/photos`, in the later editions. A single size is checked like any photo."""

from __future__ import annotations

from itertools import islice

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..model import Finding
from ..spec import errors
from .selections import LISTS, NO_SUCH_SIZES
from .status import status_in_words

LIST = "sizes.are-a-list"
LONGEST = 200
"""Entries of one list that are checked."""
MOST = 5
"""Findings of one list."""


@requirement(LIST, MUST, cites="P17", on=[LISTS], needs=["metadata.is-json"], schema="profilephoto#/$defs/list")
def test_the_sizes_are_a_list() -> None:
    """The sizes of a photo are returned as one object with `value`, an array."""


@requirement("sizes.entries-are-metadata", MUST, cites="P18", on=[LISTS], needs=[LIST])
def test_each_size_is_a_photos_metadata(answer: DecodedResponse) -> Findings:
    """Each entry of the list has an `id`, a `width` and a `height`, like a photo's metadata."""
    entries = enumerate(answer.metadata["value"][:LONGEST])
    found = ((place, error) for place, item in entries for error in errors("profilephoto#/$defs/collected", item))
    for place, error in islice(found, MOST):
        yield Finding(f"$['value'][{place}]{error.at.removeprefix('$')}", error.wanted, error.got)


@requirement("sizes.unknown-size-is-refused", MUST, cites="P19", on=[NO_SUCH_SIZES],
             needs=["picture.answers-200", "metadata.answers-200"])  # fmt: skip
def test_an_unknown_size_is_refused(answer: DecodedResponse) -> Findings:
    """A size in which the photo does not exist returns 400 or 404; sources disagree, so both are accepted."""
    if answer.status not in (400, 404):
        yield Finding("status", "400 or 404", status_in_words(answer))
