"""Other statuses than the one that is due."""

from __future__ import annotations

from .fault import Apply, Where, at_each, one, series
from .making import answered, of_success, refused, refusing, shown, statuses
from .places import anywhere, metadata, no_picture, picture, placeholder, unexercised

REFUSALS = (301, 302, 307, 400, 401, 403, 410)
SUCCESSES = (201, 202, 203, 204, 206)
BREAKDOWNS = statuses(500, 501, 502, 503)
NOT_THERE: dict[str, Where] = {"no-photo": no_picture, "placeholder": placeholder, "unknown": unexercised}


def _showing(status: int) -> Apply:
    return lambda place, answer: answered(shown(place, answer), status)


# fmt: off
series("status.photo", "Every picture returns {it} in place of 200.",
       statuses(*SUCCESSES, *REFUSALS, 404, 406), answered, at=picture, expected="picture.answers-200")
series("status.metadata", "The metadata of every photo returns {it} in place of 200.",
       statuses(*SUCCESSES, *REFUSALS, 404, 406), of_success(answered), at=metadata, expected="metadata.answers-200")
series("status.no-photo", "The picture of an owner without one returns {it} in place of 404.",
       statuses(*REFUSALS), refused, at=no_picture, expected="picture.absent-is-404")
series("status.placeholder", "The placeholder returns {it} in place of 200.",
       statuses(201, 203, 204, *REFUSALS, 404), answered, at=placeholder, expected="placeholder.status-is-expected")
series("status.unknown", "An owner that does not exist returns {it} in place of 404.",
       statuses(*REFUSALS), refused, at=unexercised, expected="unknown.is-404")
series("status.photo", "Every picture returns {it}.",
       BREAKDOWNS, refused, at=picture, expected="http.never-5xx")
series("status.metadata", "The metadata of every photo returns {it}.",
       BREAKDOWNS, refused, at=metadata, expected="http.never-5xx")
at_each("status.crash", "What there is not is a breakdown, 500: {it}.",
        NOT_THERE, refusing(500), at=anywhere, expected="http.never-5xx")
for _status in (204, 206):
    one(f"status.no-photo.{_status}",
        f"The picture of an owner without one returns {_status}, as if there were something.",
        _showing(_status), at=no_picture, expected="picture.absent-is-404")
for _status in (200, 202, 204):
    one(f"status.unknown.{_status}", f"An owner that does not exist returns {_status}.",
        _showing(_status), at=unexercised, expected="unknown.discloses-nothing")
# fmt: on
