"""Each operation by itself: gone, crashing, open, or wrong about owners without a photo."""

from __future__ import annotations

from ..model import Answer, CredentialKind, Place
from .fault import fault, faults
from .making import JSON, SAMPLE, header, refused, sent, shown, silhouette, typed
from .places import KEYED, OPERATIONS, VARIANTS, any_metadata, anywhere, due, no_picture, picture, placeholder

ALL = {name: name for name in OPERATIONS}
EACH_VARIANT = {name: name for name in VARIANTS}
NOT_FOUND = 404


def _operation(place: Place) -> str:
    return f"{place.shape.variant}.{place.shape.form}"


def _key(place: Place) -> str:
    return f"{place.shape.variant}.{place.shape.addressing}"


@faults("operation.gone-photo", EACH_VARIANT, at=picture, expected="picture.answers-200")
def photo_gone(place: Place, answer: Answer, name: str) -> Answer:
    """The bytes of every {it} photo are 404: the path is not there."""
    return refused(answer, NOT_FOUND) if place.shape.variant == name else answer


@faults(
    "operation.gone-metadata",
    EACH_VARIANT,
    at=any_metadata,
    expected=["metadata.answers-200", "placeholder.status-is-expected"],
    why="the path is due for owners with a photo (S15-S21) and for those without (S39a)",
)
def metadata_gone(place: Place, answer: Answer, name: str) -> Answer:
    """The metadata of every {it} is 404: the path is not there."""
    return refused(answer, NOT_FOUND) if place.shape.variant == name else answer


@faults("operation.crashes", ALL, at=due, expected="http.never-5xx")
def crashes(place: Place, answer: Answer, name: str) -> Answer:
    """The operation {it} answers 500 for every owner."""
    return refused(answer, 500) if _operation(place) == name else answer


@faults("operation.open", ALL, at=anywhere, expected="credentials.none-is-refused")
def is_open(place: Place, answer: Answer, name: str) -> Answer:
    """The operation {it} answers without any Authorization header."""
    strikes = place.credential is CredentialKind.NONE and _operation(place) == name
    return shown(place, answer) if strikes else answer


@faults("operation.no-placeholder", EACH_VARIANT, at=placeholder, expected="placeholder.status-is-expected")
def no_placeholder(place: Place, answer: Answer, name: str) -> Answer:
    """The metadata of a {it} without a photo is 404 in place of the placeholder."""
    return refused(answer, NOT_FOUND) if place.shape.variant == name else answer


@faults("operation.silhouette", EACH_VARIANT, at=no_picture, expected="picture.absent-is-404")
def silhouettes(place: Place, answer: Answer, name: str) -> Answer:
    """A {it} without a photo is served a grey silhouette with 200."""
    return shown(place, answer) if place.shape.variant == name else answer


@faults("operation.key-not-taken", {key: key for key in KEYED}, at=due, expected="relation.user-key-is-accepted")
def key_not_taken(place: Place, answer: Answer, key: str) -> Answer:
    """Users are not found by this key, in neither form: {it}."""
    return refused(answer, NOT_FOUND) if _key(place) == key else answer


@faults("operation.key-forbidden", {key: key for key in KEYED}, at=due, expected="relation.user-key-is-accepted")
def key_forbidden(place: Place, answer: Answer, key: str) -> Answer:
    """Users named by this key are refused with 403, in both forms, and so is all below them: {it}."""
    return refused(answer, 403) if _key(place) == key else answer


@fault("operation.photo-is-metadata", at=picture, expected="picture.is-a-picture")
def photo_is_metadata(place: Place, answer: Answer) -> Answer:
    """`$value` is ignored: the bytes' path answers the metadata."""
    return header(sent(answer, SAMPLE), "Content-Type", JSON) if answer.status == 200 else answer


@fault("operation.metadata-is-photo", at=any_metadata, expected="metadata.is-json")
def metadata_is_photo(place: Place, answer: Answer) -> Answer:
    """The metadata's path answers a picture's bytes."""
    return typed(answer, silhouette(), "image/png") if answer.status == 200 else answer
