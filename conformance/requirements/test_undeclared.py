"""Owners that are not declared to have a photo or to have none, and whose responses do not show it either."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..spec import Edition
from .prerequisites import UNDECLARED_ALLOWED, USER_KEY
from .selections import UNDECLARED
from .status import as_for_owner


@requirement(UNDECLARED_ALLOWED, MUST, cites="U1", on=[UNDECLARED], yields_to=[USER_KEY])
def test_an_undeclared_owner_is_in_one_of_two_states(answer: DecodedResponse, edition: Edition) -> Findings:
    """The response is as for an owner with a photo or one without: picture 200 or 404, metadata as in the edition."""
    yield from as_for_owner(answer, edition)
