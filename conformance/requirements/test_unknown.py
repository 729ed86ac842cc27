"""Owners that do not exist: unknown ids of a user, group, contact or folder."""

from __future__ import annotations

from contextlib import nullcontext, suppress

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..model import Finding
from .photo_index import PhotoIndex
from .prerequisites import USER_KEY
from .selections import UNKNOWN
from .status import exactly


@requirement("unknown.discloses-nothing", MUST, cites="N1", on=[UNKNOWN])
def test_an_unknown_owner_shows_nothing(answer: DecodedResponse) -> Findings:
    """An unknown id returns no 2xx, no picture and no metadata."""
    yield from refusal(answer)


@requirement("unknown.is-404", MUST, cites="N2", on=[UNKNOWN], needs=["unknown.discloses-nothing"],
             yields_to=[USER_KEY])  # fmt: skip
def test_an_unknown_owner_is_404(answer: DecodedResponse) -> Findings:
    """An unknown id returns 404, or 400 if the suite made it up, since it may be malformed."""
    yield from exactly(answer, 404, *([400] if answer.probe.owner.made_up else []))


def refusal(answer: DecodedResponse, photo_index: PhotoIndex | None = None) -> Findings:
    """Findings where a response that must be a refusal is 2xx, or shows a photo with any status.

    Without an index metadata with any values is a photo's, with one that of an owner.
    """
    granted, shown = 200 <= answer.status < 300, None
    with suppress(CannotEvaluate) if granted else nullcontext():
        shown = answer.shows_a_photo(photo_index.marks if photo_index else frozenset())
    if granted or shown:
        yield Finding("response", "not 2xx, no picture, no metadata",
                      f"{answer.status}{f' with {shown}' if shown else ''}")  # fmt: skip
