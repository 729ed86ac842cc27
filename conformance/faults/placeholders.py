"""The placeholder, wrong in every part."""

from __future__ import annotations

from ..model import Answer, Place
from .fault import fault, faults, series
from .making import put, putting, renamed, renaming, sent
from .places import metadata, placeholder

TYPE, ETAG = "@odata.mediaContentType", "@odata.mediaEtag"
NO_GIF = {
    "null": None,
    "empty": "",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "bare-word": "gif",
    "number": 0,
    "octet-stream": "application/octet-stream",
    "array": ["image/gif"],
    "any": "image/*",
}
NO_EMPTY_TAG: dict[str, object] = {
    "null": None,
    "page-sample": '"FFFF"',
    "quotes": '""',
    "weak-quotes": 'W/""',
    "blank": " ",
    "zero": 0,
    "false": False,
    "word-null": "null",
    "digits": "0",
    "array": [],
}
NO_1X1 = {
    "null": None,
    "number": 1,
    "empty": "",
    "small-x": "1x1",
    "times-sign": "1×1",
    "zeros": "0X0",
    "square": "240X240",
    "blanks": "1 X 1",
    "default": "default",
    "placeholder": "placeholder",
    "array": ["1X1"],
}
NO_1 = {
    "zero": 0,
    "minus-1": -1,
    "two": 2,
    "square": 240,
    "null": None,
    "text": "1",
    "true": True,
    "fraction": 1.5,
    "array": [1],
    "int64": 2**63,
}


# fmt: off
series("placeholder.type", "The placeholder's media type is not image/gif: {it}.",
       NO_GIF, putting(TYPE), at=placeholder, expected="placeholder.media-content-type-is-gif")
series("placeholder.type-named", "The placeholder's media type is missing, or is called otherwise: {it}.",
       {"nothing": None, "without-at": "odata.mediaContentType"}, renaming(TYPE), at=placeholder,
       expected="placeholder.media-content-type-is-gif")
series("placeholder.etag", "The placeholder's entity-tag is not the empty string: {it}.",
       NO_EMPTY_TAG, putting(ETAG), at=placeholder, expected="placeholder.etag-is-empty")
series("placeholder.etag-named", "The placeholder's entity-tag is missing, or is called otherwise: {it}.",
       {"nothing": None, "without-at": "odata.mediaEtag"}, renaming(ETAG), at=placeholder,
       expected="placeholder.etag-is-empty")
series("placeholder.id", "The placeholder's id is not 1X1: {it}.",
       NO_1X1, putting("id"), at=placeholder, expected="placeholder.id-is-1x1")
series("placeholder.id-named", "The placeholder's id is missing, or is called otherwise: {it}.",
       {"nothing": None, "upper-case": "ID"}, renaming("id"), at=placeholder, expected="placeholder.id-is-1x1")
series("placeholder.width", "The placeholder's width is not 1: {it}.",
       NO_1, putting("width"), at=placeholder, expected="placeholder.is-1-by-1")
series("placeholder.height", "The placeholder's height is not 1: {it}.",
       NO_1, putting("height"), at=placeholder, expected="placeholder.is-1-by-1")
series("placeholder.lacks", "The placeholder has no such side: {it}.",
       {"width": "width", "height": "height"}, lambda answer, side: renamed(answer, side, None), at=placeholder,
       expected="placeholder.is-1-by-1")
# fmt: on


@fault("placeholder.context-missing", at=placeholder, expected="annotation.context-is-photo-entity")
def context_missing(place: Place, answer: Answer) -> Answer:
    """The placeholder alone has no context."""
    return renamed(answer, "@odata.context", None)


@fault("placeholder.odata-id-missing", at=placeholder, expected="annotation.id-is-photo-url")
def odata_id_missing(place: Place, answer: Answer) -> Answer:
    """The placeholder alone has no `@odata.id`."""
    return renamed(answer, "@odata.id", None)


@fault("placeholder.for-all-owners", at=metadata, expected="metadata.is-not-the-placeholder")
def for_all_owners(place: Place, answer: Answer) -> Answer:
    """The placeholder is returned for owners with a photo too."""
    changed = put(put(answer, TYPE, "image/gif"), ETAG, "")
    return put(put(put(changed, "id", "1X1"), "width", 1), "height", 1)


REAL = {
    "page-sample": ("image/jpeg", '"FFFF"', 240),
    "weak-tag": ("image/png", 'W/"9"', 48),
    "small-gif": ("image/gif", '"1"', 2),
}


@faults("placeholder.real", REAL, at=placeholder, expected="placeholder.is-not-a-photo")
def real(place: Place, answer: Answer, photo: tuple[str, str, int]) -> Answer:
    """An owner without a photo has the metadata of one: {it}."""
    media_type, tag, side = photo
    sized = put(put(put(answer, "id", f"{side}X{side}"), "width", side), "height", side)
    return put(put(sized, TYPE, media_type), ETAG, tag)


@fault("placeholder.says-so", at=placeholder, expected="metadata.is-one-object")
def says_so(place: Place, answer: Answer) -> Answer:
    """In place of the placeholder an object says that there is none."""
    return sent(answer, {"hasPhoto": False})
