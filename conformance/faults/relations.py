"""Answers that are right by themselves, and do not fit each other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..model import Answer, Form, Place
from .fault import Memory, Where, fault, faults, forgetful
from .making import SIGN_IN, edited, header, put, redrawn, refused, shown, silhouette, typed
from .places import again, any_metadata, metadata, narrowed, no_picture, picture, placeholder, present

Change = Callable[[Place, Answer], Answer]
CONTACTS = ("me-contact", "me-folder")


def _other_bytes(place: Place, answer: Answer) -> Answer:
    return replace(answer, body=redrawn(answer.body)) if place.shape.form is Form.PHOTO else answer


def _other_tag(place: Place, answer: Answer) -> Answer:
    if place.shape.form is Form.PHOTO:
        return header(answer, "ETag", '"by-path"')
    return put(answer, "@odata.mediaEtag", '"by-path"')


def _other_format(place: Place, answer: Answer) -> Answer:
    if place.shape.form is Form.PHOTO:
        return typed(answer, redrawn(answer.body, "WEBP"), "image/webp")
    return put(answer, "@odata.mediaContentType", "image/webp")


def _other_size(place: Place, answer: Answer) -> Answer:
    if place.shape.form is Form.PHOTO:
        return replace(answer, body=redrawn(answer.body, scale=(1, 2)))
    return edited(answer, _halved)


def _halved(body: dict[str, Any]) -> None:
    for side in ("width", "height"):
        if side in body:
            body[side] //= 2
    if "id" in body:
        body["id"] = re.sub("[0-9]+", lambda side: str(int(side[0]) // 2), body["id"])


def _only(form: Form, change: Change) -> Change:
    return lambda place, answer: change(place, answer) if place.shape.form is form else answer


OTHERWISE: dict[str, Change] = {
    "bytes": _other_bytes,
    "tag": _other_tag,
    "format": _other_format,
    "size": _other_size,
}


def _other_photo(name: str, at: Where, expected: str) -> None:
    """Each way in which one path to an owner can differ from the others."""

    @faults(f"relation.{name}", OTHERWISE, at=at, expected=expected)
    def otherwise(place: Place, answer: Answer, change: Change) -> Answer:
        """By one path the photo is another one, valid in itself: {it}."""
        return change(place, answer) if answer.status == 200 else answer


_other_photo("upn-other", narrowed(present, addressing="upn"), "relation.id-and-upn-agree")
_other_photo("id-other", narrowed(present, addressing="id"), "relation.id-and-upn-agree")
_other_photo(
    "upn-contact-other", narrowed(present, variants=("user-contact",), addressing="upn"), "relation.id-and-upn-agree"
)
_other_photo(
    "upn-folder-other", narrowed(present, variants=("user-folder",), addressing="upn"), "relation.id-and-upn-agree"
)
_other_photo("me-other", narrowed(present, variants=("me",)), "relation.me-matches-user")
_other_photo("my-contacts-other", narrowed(present, variants=CONTACTS), "relation.my-contacts-match-users")
_other_photo("my-folders-other", narrowed(present, variants=("me-folder",)), "relation.my-contacts-match-users")


@faults(
    "relation.again",
    {
        "bytes": _only(Form.PHOTO, _other_bytes),
        "format": _only(Form.PHOTO, _other_format),
        "size": _only(Form.PHOTO, _other_size),
        "tag": _only(Form.METADATA, _other_tag),
        "metadata-type": _only(Form.METADATA, _other_format),
        "metadata-size": _only(Form.METADATA, _other_size),
    },
    at=again(present),
    expected="http.repeat-is-identical",
)
def again_otherwise(place: Place, answer: Answer, change: Change) -> Answer:
    """Asked again, the photo is another: {it}."""
    return change(place, answer) if answer.status == 200 else answer


@faults(
    "relation.again-status",
    {str(status): status for status in (302, 304, 400, 401, 404, 410)},
    at=again(present),
    expected="http.repeat-is-identical",
)
def again_refused(place: Place, answer: Answer, status: int) -> Answer:
    """Asked again, there is no photo any more: {it}."""
    return refused(answer, status)


@fault("relation.again-crashes", at=again(present), expected="http.never-5xx")
def again_crashes(place: Place, answer: Answer) -> Answer:
    """Asked again, it breaks down."""
    return refused(answer, 500)


@fault("relation.again-page", at=again(metadata), expected="http.repeat-is-identical")
def again_page(place: Place, answer: Answer) -> Answer:
    """Asked again, the metadata is a sign-in page."""
    return typed(answer, SIGN_IN, "text/html") if answer.status == 200 else answer


@fault("relation.again-silhouette", at=again(no_picture), expected="http.repeat-is-identical")
def again_silhouette(place: Place, answer: Answer) -> Answer:
    """Asked again, an owner without a photo has one."""
    return shown(place, answer)


@fault("relation.again-no-placeholder", at=again(placeholder), expected="http.repeat-is-identical")
def again_no_placeholder(place: Place, answer: Answer) -> Answer:
    """Asked again, the placeholder is gone."""
    return refused(answer, 404)


@fault("relation.again-grown", at=again(any_metadata), expected="http.repeat-is-identical")
def again_grown(place: Place, answer: Answer) -> Answer:
    """Asked again, the width is one more."""
    return put(answer, "width", lambda value: value + 1)


def _changing(place: Place) -> int:
    """A number that is another one for the next request of the same, and for most others."""
    asked = f"{place.shape.key} {place.owner} {place.query} {sorted(place.scopes)}"
    return 1 + 2 * (zlib.crc32(asked.encode()) % 40) + place.ask % 2


def _random_picture(place: Place, answer: Answer) -> Answer:
    return replace(answer, body=redrawn(answer.body, grow=_changing(place)))


def _random_format(place: Place, answer: Answer) -> Answer:
    return replace(answer, body=redrawn(answer.body, ("PNG", "JPEG", "WEBP")[_changing(place) % 3], grow=place.ask))


def _random_size(place: Place, answer: Answer) -> Answer:
    return put(answer, "width", lambda width: width + _changing(place))


def _random_type(place: Place, answer: Answer) -> Answer:
    return put(answer, "@odata.mediaContentType", ("image/webp", "image/tiff")[place.ask % 2])


@faults(
    "relation.random",
    {
        "picture": _only(Form.PHOTO, _random_picture),
        "format": _only(Form.PHOTO, _random_format),
        "size": _only(Form.METADATA, _random_size),
        "type": _only(Form.METADATA, _random_type),
    },
    at=present,
    expected="http.repeat-is-identical",
)
def random_each_time(place: Place, answer: Answer, change: Change) -> Answer:
    """The photo is another one for each request: {it}."""
    return change(place, answer) if answer.status == 200 else answer


@fault("relation.one-picture-for-all", at=picture, expected="relation.not-another-owner")
def one_picture(place: Place, answer: Answer) -> Answer:
    """Every owner with a photo is served the same silhouette."""
    return typed(answer, silhouette(), "image/png")


def _first_served(place: Place, answer: Answer, memory: Memory, key: str) -> Answer:
    """The first answer under the key, for every owner."""
    if answer.status != 200 or place.query:
        return answer
    return memory.setdefault(key, answer)


@fault("relation.another-tag-each-time", at=present, expected="http.repeat-is-identical")
def another_tag_each_time(place: Place, answer: Answer) -> Answer:
    """The entity-tag is made again for each answer, at every path and at every asking; no header repeats it."""
    if place.shape.form is Form.PHOTO:
        return header(answer, "ETag", None)
    return put(answer, "@odata.mediaEtag", f'"{place.shape.key}-{place.ask}"')


@fault("relation.another-tag-than-the-header", at=metadata, expected="http.repeat-is-identical")
def another_tag_than_the_header(place: Place, answer: Answer) -> Answer:
    """The metadata's entity-tag is made again for each answer, and the header of the bytes keeps its own."""
    return put(answer, "@odata.mediaEtag", f'"{place.shape.key}-{place.ask}"')


def _cached(name: str, at: Where) -> None:
    """A cache that forgets whose answer it holds, at some of the paths."""

    @forgetful(f"relation.cached-{name}", at=at, expected="relation.not-another-owner")
    def cached(place: Place, answer: Answer, memory: Memory) -> Answer:
        """A cache keeps one answer a path shape, and serves it to every owner there."""
        return _first_served(place, answer, memory, place.shape.key)


for _variant in ("user", "group", "me-contact", "user-contact", "me-folder", "user-folder"):
    _cached(f"photo.{_variant}", narrowed(picture, variants=(_variant,)))
    _cached(f"metadata.{_variant}", narrowed(metadata, variants=(_variant,)))
_cached("photo.user-upn", narrowed(picture, variants=("user",), addressing="upn"))
_cached("metadata.user-id", narrowed(metadata, variants=("user",), addressing="id"))
_cached("photo", narrowed(picture, variants=("user", "group", "user-contact", "user-folder")))
