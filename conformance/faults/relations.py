"""Answers that are right by themselves, and do not fit each other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ..model import Answer, Form, Place
from .fault import Apply, Memory, Where, at_each, forgetful, one, series
from .making import edited, header, put, redrawn, refused, refusing, shown, sign_in, statuses, typed, with_picture
from .places import (
    VARIANTS,
    again,
    any_metadata,
    metadata,
    narrowed,
    no_picture,
    picture,
    placeholder,
    present,
    unexercised,
)

CONTACTS = ("me-contact", "me-folder")


def _changes(name: str, sentence: str, each: Mapping[str, Apply], *, at: Where, expected: str) -> None:
    """Put one fault for each of these changes into the catalogue, `name.key`; refusals are left as they are."""
    for key, change in each.items():
        successful = partial(_of_success, change)
        one(f"{name}.{key}", sentence.replace("{it}", key), successful, at=at, expected=expected)


def _of_success(change: Apply, place: Place, answer: Answer) -> Answer:
    return change(place, answer) if answer.status == 200 else answer


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


def _only(form: Form, change: Apply) -> Apply:
    return lambda place, answer: change(place, answer) if place.shape.form is form else answer


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


def _tag_made_again(place: Place, answer: Answer) -> Answer:
    return put(answer, "@odata.mediaEtag", f'"{place.shape.key}-{place.ask}"')


def _no_tag_kept(place: Place, answer: Answer) -> Answer:
    return header(answer, "ETag", None) if place.shape.form is Form.PHOTO else _tag_made_again(place, answer)


def _the_first_time(change: Apply, place: Place, answer: Answer, memory: Memory) -> Answer:
    known = memory.setdefault(f"{place.shape.key} {place.owner}", answer)
    return change(place, answer) if known is answer else answer


def _mistyped(change: Apply, place: Place, answer: Answer) -> Answer:
    return header(change(place, answer), "Content-Type", "text/plain")


def _gone_later(place: Place, answer: Answer, memory: Memory) -> Answer:
    known = memory.setdefault(f"{place.shape.key} {place.owner}", answer)
    return answer if known is answer else refused(answer, 404)


OTHERWISE: dict[str, Apply] = {"bytes": _other_bytes, "tag": _other_tag, "format": _other_format, "size": _other_size}
OTHER_PATHS = {
    "upn-other": (narrowed(present, addressing="upn"), "relation.id-and-upn-agree"),
    "id-other": (narrowed(present, addressing="id"), "relation.id-and-upn-agree"),
    "upn-contact-other": (
        narrowed(present, variants=("user-contact",), addressing="upn"), "relation.id-and-upn-agree",
    ),
    "upn-folder-other": (narrowed(present, variants=("user-folder",), addressing="upn"), "relation.id-and-upn-agree"),
    "me-other": (narrowed(present, variants=("me",)), "relation.me-matches-user"),
    "my-contacts-other": (narrowed(present, variants=CONTACTS), "relation.my-contacts-match-users"),
    "my-folders-other": (narrowed(present, variants=("me-folder",)), "relation.my-contacts-match-users"),
}  # fmt: skip
"""Paths to an owner that may differ from the others, and the requirement that says that they may not."""
OTHER_AGAIN = {
    "bytes": _only(Form.PHOTO, _other_bytes),
    "format": _only(Form.PHOTO, _other_format),
    "size": _only(Form.PHOTO, _other_size),
    "tag": _only(Form.METADATA, _other_tag),
    "metadata-type": _only(Form.METADATA, _other_format),
    "metadata-size": _only(Form.METADATA, _other_size),
}
RANDOM = {
    "picture": _only(Form.PHOTO, _random_picture),
    "format": _only(Form.PHOTO, _random_format),
    "size": _only(Form.METADATA, _random_size),
    "type": _only(Form.METADATA, _random_type),
}
VARYING: dict[str, tuple[Where, Apply, str]] = {
    "photo": (picture, _random_picture, "picture.content-type-is-image"),
    "metadata": (metadata, _tag_made_again, "metadata.is-application-json"),
}
"""What differs for each request, and what another deviation of the same responses violates."""
COLD: dict[str, tuple[str, Apply, Where]] = {
    "picture-404": ("there is no picture", refusing(404), picture),
    "metadata-404": ("there is no metadata", refusing(404), metadata),
    "redirect": ("the picture is elsewhere", refusing(302), picture),
    "cut": ("the picture ends in the middle", lambda _, answer: replace(answer, body=answer.body[:-99]), picture),
    "half-json": ("the JSON ends in the middle", lambda _, answer: replace(answer, body=answer.body[:-9]), metadata),
    "page": ("the metadata is a sign-in page", sign_in, metadata),
    "no-id": ("there is no id", lambda _, answer: put(answer, "id", lambda _: None), metadata),
    "silhouette": ("an owner without a photo has one", shown, no_picture),
    "real-metadata": ("an owner without a photo has the metadata of one", shown, placeholder),
    "no-placeholder": ("the placeholder is not there", refusing(404), placeholder),
}
"""What a cold cache, or a store that copies come late to, does to the first request about an owner at each path."""

# fmt: off
for _name, (_where, _expected) in OTHER_PATHS.items():
    _changes(f"relation.{_name}", "By one path the photo is another one, valid in itself: {it}.",
             OTHERWISE, at=_where, expected=_expected)
_changes("relation.again", "Asked again, the photo is another: {it}.",
         OTHER_AGAIN, at=again(present), expected="http.repeat-is-identical")
_changes("relation.random", "The photo is another one for each request: {it}.",
         RANDOM, at=present, expected="http.repeat-is-identical")
series("relation.again-status", "Asked again, there is no photo any more: {it}.",
       statuses(302, 304, 400, 401, 404, 410), refused, at=again(present), expected="http.repeat-is-identical")
one("relation.again-crashes", "Asked again, it breaks down.",
    refusing(500), at=again(present), expected="http.never-5xx")
one("relation.again-page", "Asked again, the metadata is a sign-in page.",
    partial(_of_success, sign_in), at=again(metadata), expected="http.repeat-is-identical")
one("relation.again-silhouette", "Asked again, an owner without a photo has one.",
    shown, at=again(no_picture), expected="http.repeat-is-identical")
one("relation.again-no-placeholder", "Asked again, the placeholder is gone.",
    refusing(404), at=again(placeholder), expected="http.repeat-is-identical")
series("relation.again-no-404", "Asked again, an owner that does not exist is another status: {it}.",
       statuses(410, 400), refused, at=again(unexercised), expected="http.repeat-is-identical")
one("relation.again-there", "Asked again, an owner that does not exist has a photo.",
    shown, at=again(unexercised), expected="http.repeat-is-identical")
one("relation.again-grown", "Asked again, the width is one more.",
    lambda _, answer: put(answer, "width", lambda value: value + 1), at=again(any_metadata),
    expected="http.repeat-is-identical")
one("relation.one-picture-for-all", "Every owner with a photo is served the same silhouette.",
    with_picture, at=picture, expected="relation.not-another-owner")
for _name, (_where, _varying, _expected) in VARYING.items():
    at_each("relation.random-and-mistyped", "The photo differs for each request, and is always called text: {it}.",
            {_name: _where}, partial(_of_success, partial(_mistyped, _varying)), at=present,
            expected=["http.repeat-is-identical", _expected],
            why="these are two deviations: the type is wrong in each response")
for _name, (_sentence, _change, _where) in COLD.items():
    forgetful(f"relation.first-{_name}", f"The first time only: {_sentence}.", partial(_the_first_time, _change),
              at=_where, expected="http.repeat-is-identical")
forgetful("relation.deleted-meanwhile", "After the first request at each path the photo is deleted.",
          _gone_later, at=present, expected="http.repeat-is-identical")
one("relation.another-tag-each-time",
    "The entity-tag is made again for each answer, at every path and at every asking; no header repeats it.",
    _no_tag_kept, at=present, expected="http.repeat-is-identical")
one("relation.another-tag-than-the-header",
    "The metadata's entity-tag is made again for each answer, and the header of the bytes keeps its own.",
    _tag_made_again, at=metadata, expected="http.repeat-is-identical")
# fmt: on


def _first_served(place: Place, answer: Answer, memory: Memory) -> Answer:
    return memory.setdefault(place.shape.key, answer) if answer.status == 200 and not place.query else answer


CACHED = {
    **{f"photo.{variant}": narrowed(picture, variants=(variant,)) for variant in VARIANTS if variant != "me"},
    **{f"metadata.{variant}": narrowed(metadata, variants=(variant,)) for variant in VARIANTS if variant != "me"},
    "photo.user-upn": narrowed(picture, variants=("user",), addressing="upn"),
    "metadata.user-id": narrowed(metadata, variants=("user",), addressing="id"),
    "photo": narrowed(picture, variants=("user", "group", "user-contact", "user-folder")),
}
"""Paths with a cache that forgets whose answer it holds."""
for _name, _where in CACHED.items():
    forgetful(f"relation.cached-{_name}",
              "A cache keeps one answer a path shape, and serves it to every owner there.",
              _first_served, at=_where, expected="relation.not-another-owner")  # fmt: skip
