"""Owners that do not exist: an id that exists nowhere, of a user, group, contact or folder."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..model import Finding
from .selections import UNKNOWN, UNKNOWN_BESIDE_KNOWN
from .status import status_in_words

ODATA_404 = (
    "https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html#sec_RequestingIndividualEntities"
)


@requirement("unknown.discloses-nothing", MUST, cites="N1", on=[UNKNOWN], link=ODATA_404)
def test_an_unknown_owner_shows_nothing(answer: DecodedResponse) -> Findings:
    """An id that exists nowhere is not answered 2xx, and neither a picture nor metadata comes back."""
    yield from refusal(answer)


@requirement(
    "unknown.is-404",
    MUST,
    cites="N2",
    on=[UNKNOWN_BESIDE_KNOWN],
    needs=["unknown.discloses-nothing"],
    yields_to=["relation.user-key-is-accepted"],
    link=ODATA_404,
)
def test_an_unknown_owner_is_404(answer: DecodedResponse) -> Findings:
    """An id that exists nowhere is answered 404; one that the suite made up may be malformed, 400."""
    wanted = (404, 400) if answer.probe.owner.made_up else (404,)
    if answer.status not in wanted:
        yield Finding("status", " or ".join(map(str, wanted)), status_in_words(answer))


def refusal(answer: DecodedResponse) -> Findings:
    """Findings where an answer that has to refuse is 2xx, or shows a photo whatever its status."""
    shown = answer.shows_a_photo
    if 200 <= answer.status < 300 or shown:
        yield Finding("answer", "not 2xx, no picture, no metadata",
                      f"{answer.status}{f' with {shown}' if shown else ''}")  # fmt: skip
