"""What recordings of the service show, and its own edition allows."""

from __future__ import annotations

from conformance.model import Answer, Form, Place, State
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, shows_a_photos_metadata, with_error


def _named(place: Place, answer: Answer, name: str) -> Answer:
    if not shows_a_photos_metadata(place, answer):
        return answer
    return edited(answer, lambda body: body | {"id": name} if "id" in body else body)


@allowed("observed")
def id_of_2019(place: Place, answer: Answer) -> Answer:
    """Any non-empty string is an id: 648X648 was one whatever the size."""
    return _named(place, answer, "648X648")


@allowed("observed")
def id_of_2021(place: Place, answer: Answer) -> Answer:
    """Any non-empty string is an id: lower case was seen in 2021."""
    return _named(place, answer, "648x648")


@allowed("observed")
def id_of_2026(place: Place, answer: Answer) -> Answer:
    """Any non-empty string is an id: `default` was seen in 2026."""
    return _named(place, answer, "default")


@allowed("observed")
def absence_by_another_code(place: Place, answer: Answer) -> Answer:
    """Absent metadata is a 404 with whatever code (S39a)."""
    absent = place.state is State.ABSENT and place.shape.form is Form.METADATA and answer.status == 404
    return with_error(answer, lambda error: error | {"code": "ErrorEntityNotFound"}) if absent else answer


@allowed("observed")
def odata_id_there_all_the_same(place: Place, answer: Answer) -> Answer:
    """`@odata.id` is not asked for; a relative one that names its own path is allowed (S34b)."""
    if not shows_a_photos_metadata(place, answer):
        return answer
    return edited(answer, lambda body: body | {"@odata.id": "photo"})
