"""Other statuses than the one that is due."""

from __future__ import annotations

from ..model import Answer, Place
from .fault import Where, faults
from .making import answered, refused, shown
from .places import anywhere, metadata, no_picture, picture, placeholder, unexercised


def _each(*statuses: int) -> dict[str, int]:
    return {str(status): status for status in statuses}


REFUSALS = (301, 302, 307, 400, 401, 403, 410)
SUCCESSES = (201, 202, 203, 204, 206)
BREAKDOWNS = _each(500, 502, 503)


@faults("status.photo", _each(*SUCCESSES, *REFUSALS, 404, 406), at=picture, expected="picture.answers-200")
def photo(place: Place, answer: Answer, status: int) -> Answer:
    """Every picture returns {it} in place of 200."""
    return answered(answer, status)


@faults("status.metadata", _each(*SUCCESSES, *REFUSALS, 404, 406), at=metadata, expected="metadata.answers-200")
def properties(place: Place, answer: Answer, status: int) -> Answer:
    """The metadata of every photo returns {it} in place of 200."""
    return answered(answer, status) if answer.status == 200 else answer


@faults("status.no-photo", _each(*REFUSALS), at=no_picture, expected="picture.absent-is-404")
def no_photo(place: Place, answer: Answer, status: int) -> Answer:
    """The picture of an owner without one returns {it} in place of 404."""
    return refused(answer, status)


@faults("status.no-photo", _each(204, 206), at=no_picture, expected="picture.absent-is-404")
def no_photo_succeeds(place: Place, answer: Answer, status: int) -> Answer:
    """The picture of an owner without one returns {it}, as if there were something."""
    return answered(shown(place, answer), status)


@faults(
    "status.placeholder",
    _each(201, 203, 204, *REFUSALS, 404),
    at=placeholder,
    expected="placeholder.status-is-expected",
)
def without_photo(place: Place, answer: Answer, status: int) -> Answer:
    """The placeholder returns {it} in place of 200."""
    return answered(answer, status)


@faults("status.unknown", _each(*REFUSALS), at=unexercised, expected="unknown.is-404")
def unknown(place: Place, answer: Answer, status: int) -> Answer:
    """An owner that does not exist returns {it} in place of 404."""
    return refused(answer, status)


@faults("status.unknown", _each(200, 202, 204), at=unexercised, expected="unknown.discloses-nothing")
def unknown_succeeds(place: Place, answer: Answer, status: int) -> Answer:
    """An owner that does not exist returns {it}."""
    return answered(shown(place, answer), status)


@faults("status.photo", BREAKDOWNS, at=picture, expected="http.never-5xx")
def photo_breaks(place: Place, answer: Answer, status: int) -> Answer:
    """Every picture returns {it}."""
    return refused(answer, status)


@faults("status.metadata", BREAKDOWNS, at=metadata, expected="http.never-5xx")
def metadata_breaks(place: Place, answer: Answer, status: int) -> Answer:
    """The metadata of every photo returns {it}."""
    return refused(answer, status)


NOT_THERE: dict[str, Where] = {"no-photo": no_picture, "placeholder": placeholder, "unknown": unexercised}


@faults("status.crash", NOT_THERE, at=anywhere, expected="http.never-5xx")
def absence_breaks(place: Place, answer: Answer, where: Where) -> Answer:
    """What there is not is a breakdown, 500: {it}."""
    return refused(answer, 500) if where(place) else answer
