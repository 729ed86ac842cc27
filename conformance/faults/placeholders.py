"""The placeholder, wrong in every part."""

from __future__ import annotations

from .fault import one, series
from .making import put_all, putting, renamed, renaming, sent
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


def _metadata(media_type: str, tag: str, side: int) -> dict[str, object]:
    return {"id": f"{side}X{side}", "width": side, "height": side, TYPE: media_type, ETAG: tag}


REAL = {
    "page-sample": _metadata("image/jpeg", '"FFFF"', 240),
    "weak-tag": _metadata("image/png", 'W/"9"', 48),
    "small-gif": _metadata("image/gif", '"1"', 2),
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
one("placeholder.context-missing", "The placeholder alone has no context.",
    lambda _, answer: renamed(answer, "@odata.context", None), at=placeholder,
    expected="annotation.context-is-photo-entity")
one("placeholder.odata-id-missing", "The placeholder alone has no `@odata.id`.",
    lambda _, answer: renamed(answer, "@odata.id", None), at=placeholder, expected="annotation.id-is-photo-url")
one("placeholder.for-all-owners", "The placeholder is returned for owners with a photo too.",
    lambda _, answer: put_all(answer, _metadata("image/gif", "", 1)), at=metadata,
    expected="metadata.is-not-the-placeholder")
series("placeholder.real", "An owner without a photo has the metadata of one: {it}.",
       REAL, put_all, at=placeholder, expected="placeholder.is-not-a-photo")
one("placeholder.says-so", "In place of the placeholder an object says that there is none.",
    lambda _, answer: sent(answer, {"hasPhoto": False}), at=placeholder, expected="metadata.is-one-object")
# fmt: on
