"""Content-Type: missing, wrong, or true elsewhere but not here."""

from __future__ import annotations

from dataclasses import replace

from ..model import Answer, Place
from .fault import one, series
from .making import of_success, put, retyped
from .places import again, any_metadata, picture, placeholder, present

NO_PICTURES = {
    "missing": None, "empty": "", "octet-stream": "application/octet-stream", "json": "application/json",
    "html": "text/html", "text": "text/plain; charset=utf-8", "multipart": "multipart/mixed; boundary=x",
    "bare-word": "image", "bare-jpeg": "jpeg", "pdf": "application/pdf", "video": "video/jpeg",
    "form": "application/x-www-form-urlencoded", "no-subtype": "image/", "extension": ".jpg",
}  # fmt: skip
OTHER_PICTURES = {
    "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml", "any": "image/*", "bmp": "image/bmp",
    "tiff": "image/tiff", "avif": "image/avif", "jpeg-2000": "image/jp2", "gif-with-parameter": "image/gif; q=1",
}  # fmt: skip
NO_JSON = {
    "missing": None, "empty": "", "text": "text/plain; charset=utf-8", "html": "text/html", "xml": "application/xml",
    "atom": "application/atom+xml;type=entry", "octet-stream": "application/octet-stream", "bare-word": "json",
    "text-json": "text/json", "vendor": "application/vnd.api+json", "problem": "application/problem+json",
    "javascript": "application/javascript", "picture": "image/jpeg", "any": "*/*", "sequence": "application/json-seq",
    "two": "application/json, application/json", "hal": "application/hal+json",
}  # fmt: skip


def _typed_twice(answer: Answer) -> Answer:
    return replace(answer, headers=(*answer.headers, ("Content-Type", "text/html")))


def _swapped(place: Place, answer: Answer) -> Answer:
    return retyped(answer, "image/jpeg" if answer.header("Content-Type") == "image/png" else "image/png")


def _both_say_gif(place: Place, answer: Answer) -> Answer:
    in_header = place.shape.form == "photo"
    return retyped(answer, "image/gif") if in_header else put(answer, "@odata.mediaContentType", "image/gif")


# fmt: off
series("type.photo", "Pictures have a Content-Type that is not a picture's: {it}.",
       NO_PICTURES, retyped, at=picture, expected="picture.content-type-is-image")
series("type.photo", "Pictures have the Content-Type of another format: {it}.",
       OTHER_PICTURES, retyped, at=picture, expected="picture.content-type-matches-bytes")
series("type.photo", "All pictures have one Content-Type, right for some of them: {it}.",
       {"all-jpeg": "image/jpeg", "all-png": "image/png"}, retyped, at=picture,
       expected="picture.content-type-matches-bytes")
series("type.metadata", "Metadata has a Content-Type other than application/json: {it}.",
       NO_JSON, of_success(retyped), at=any_metadata, expected="metadata.is-application-json")
series("type.placeholder", "The placeholder alone has a Content-Type other than application/json: {it}.",
       {"text": "text/plain", "gif": "image/gif"}, of_success(retyped), at=placeholder,
       expected="metadata.is-application-json")
one("type.photo-twice", "Pictures come with a second Content-Type, of a proxy that knows better.",
    lambda _, answer: _typed_twice(answer), at=picture, expected="picture.content-type-is-image")
one("type.metadata-twice", "Metadata comes with a second Content-Type, of a proxy that knows better.",
    lambda _, answer: _typed_twice(answer) if answer.status == 200 else answer, at=any_metadata,
    expected="metadata.is-application-json")
one("type.photo-again", "Asked again, pictures are application/octet-stream.",
    lambda _, answer: retyped(answer, "application/octet-stream"), at=again(picture),
    expected="picture.content-type-is-image")
one("type.swapped-again", "Asked again, PNG has the Content-Type of JPEG, and JPEG that of PNG.",
    _swapped, at=again(picture), expected="picture.content-type-matches-bytes")
one("type.metadata-again", "Asked again, metadata is text/plain.",
    lambda _, answer: retyped(answer, "text/plain") if answer.status == 200 else answer, at=again(any_metadata),
    expected="metadata.is-application-json")
one("type.swapped", "PNG has the Content-Type of JPEG, and JPEG that of PNG.",
    _swapped, at=picture, expected="picture.content-type-matches-bytes")
one("type.both-gif", "Header and metadata agree on image/gif, and the bytes are none.",
    _both_say_gif, at=present, expected="picture.content-type-matches-bytes")
# fmt: on
