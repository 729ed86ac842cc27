"""Faults of one path shape only: what a suite that asks one user by one path never sees."""

from __future__ import annotations

from dataclasses import replace

from ..model import Answer, CredentialKind, Form, Place
from .fault import faults
from .making import header, put, redrawn, refused, renamed, shown
from .places import anywhere, metadata, no_picture, picture, placeholder, shapes, unexercised

PHOTOS, METADATA = shapes(Form.PHOTO), shapes(Form.METADATA)
ALL = PHOTOS | METADATA
BESIDE_ME = {key: key for key in ALL if not key.startswith("me.")}
"""`/me` cannot name an owner who does not exist."""


@faults("narrow.gone", PHOTOS, at=picture, expected="picture.answers-200")
def photo_gone(place: Place, answer: Answer, key: str) -> Answer:
    """One path alone is 404: {it}."""
    return refused(answer, 404) if place.shape.key == key else answer


@faults("narrow.cut-short", PHOTOS, at=picture, expected="picture.is-a-picture")
def cut_short(place: Place, answer: Answer, key: str) -> Answer:
    """Pictures lack their last 16 bytes at one path alone: {it}."""
    return replace(answer, body=answer.body[:-16]) if place.shape.key == key else answer


@faults("narrow.octet-stream", PHOTOS, at=picture, expected="picture.content-type-is-image")
def octet_stream(place: Place, answer: Answer, key: str) -> Answer:
    """Pictures are application/octet-stream at one path alone: {it}."""
    return header(answer, "Content-Type", "application/octet-stream") if place.shape.key == key else answer


@faults("narrow.smaller", PHOTOS, at=picture, expected="picture.dimensions-match-metadata")
def smaller(place: Place, answer: Answer, key: str) -> Answer:
    """Pictures come in half their size at one path alone: {it}."""
    return replace(answer, body=redrawn(answer.body, scale=(1, 2))) if place.shape.key == key else answer


@faults("narrow.served", PHOTOS, at=no_picture, expected="picture.absent-is-404")
def served(place: Place, answer: Answer, key: str) -> Answer:
    """Owners without a photo are served one at one path alone: {it}."""
    return shown(place, answer) if place.shape.key == key else answer


@faults("narrow.gone", METADATA, at=metadata, expected="metadata.answers-200")
def metadata_gone(place: Place, answer: Answer, key: str) -> Answer:
    """One path alone is 404 where there is a photo: {it}."""
    return refused(answer, 404) if place.shape.key == key else answer


@faults("narrow.width-as-text", METADATA, at=metadata, expected="metadata.width-is-int32")
def width_as_text(place: Place, answer: Answer, key: str) -> Answer:
    """`width` is a string at one path alone: {it}."""
    return put(answer, "width", str) if place.shape.key == key else answer


@faults("narrow.no-etag", METADATA, at=metadata, expected="annotation.media-etag-is-an-entity-tag")
def no_etag(place: Place, answer: Answer, key: str) -> Answer:
    """`@odata.mediaEtag` is missing at one path alone: {it}."""
    return renamed(answer, "@odata.mediaEtag", None) if place.shape.key == key else answer


@faults("narrow.context", METADATA, at=metadata, expected="annotation.context-is-photo-entity")
def no_entity(place: Place, answer: Answer, key: str) -> Answer:
    """The context's `/$entity` is forgotten at one path alone: {it}."""
    strikes = place.shape.key == key
    return put(answer, "@odata.context", lambda value: value.removesuffix("/$entity")) if strikes else answer


@faults("narrow.placeholder-etag", METADATA, at=placeholder, expected="placeholder.etag-is-empty")
def placeholder_etag(place: Place, answer: Answer, key: str) -> Answer:
    """The placeholder has an entity-tag at one path alone: {it}."""
    return put(answer, "@odata.mediaEtag", '"FFFF"') if place.shape.key == key else answer


@faults("narrow.open", ALL, at=anywhere, expected="credentials.garbage-is-refused")
def is_open(place: Place, answer: Answer, key: str) -> Answer:
    """Invalid tokens are accepted at one path alone: {it}."""
    strikes = place.shape.key == key and place.credential is CredentialKind.GARBAGE
    return shown(place, answer) if strikes else answer


@faults("narrow.unknown", BESIDE_ME, at=unexercised, expected="unknown.discloses-nothing")
def unknown_served(place: Place, answer: Answer, key: str) -> Answer:
    """Owners that do not exist are served at one path alone: {it}."""
    return shown(place, answer) if place.shape.key == key else answer
