"""Faults of one path shape only: what a suite that asks one user by one path never sees."""

from __future__ import annotations

from ..model import CredentialKind
from .fault import at_each
from .making import put, redrawn, refusing, renamed, retyped, rewritten, shown
from .places import METADATA, PHOTOS, metadata, no_picture, picture, placeholder, presenting, unexercised

BESIDE_ME = {key: where for key, where in (PHOTOS | METADATA).items() if not key.startswith("me.")}
"""`/me` cannot name an owner who does not exist."""

# fmt: off
at_each("narrow.gone", "One path alone is 404: {it}.",
        PHOTOS, refusing(404), at=picture, expected="picture.answers-200")
at_each("narrow.cut-short", "Pictures lack their last 16 bytes at one path alone: {it}.",
        PHOTOS, lambda _, answer: rewritten(answer, lambda body: body[:-16]), at=picture,
        expected="picture.is-a-picture")
at_each("narrow.octet-stream", "Pictures are application/octet-stream at one path alone: {it}.",
        PHOTOS, lambda _, answer: retyped(answer, "application/octet-stream"), at=picture,
        expected="picture.content-type-is-image")
at_each("narrow.smaller", "Pictures come in half their size at one path alone: {it}.",
        PHOTOS, lambda _, answer: rewritten(answer, lambda body: redrawn(body, scale=(1, 2))), at=picture,
        expected="picture.dimensions-match-metadata")
at_each("narrow.served", "Owners without a photo are served one at one path alone: {it}.",
        PHOTOS, shown, at=no_picture, expected="picture.absent-is-404")
at_each("narrow.gone", "One path alone is 404 where there is a photo: {it}.",
        METADATA, refusing(404), at=metadata, expected="metadata.answers-200")
at_each("narrow.width-as-text", "`width` is a string at one path alone: {it}.",
        METADATA, lambda _, answer: put(answer, "width", str), at=metadata, expected="metadata.width-is-int32")
at_each("narrow.no-etag", "`@odata.mediaEtag` is missing at one path alone: {it}.",
        METADATA, lambda _, answer: renamed(answer, "@odata.mediaEtag", None), at=metadata,
        expected="annotation.media-etag-is-an-entity-tag")
at_each("narrow.context", "The context's `/$entity` is forgotten at one path alone: {it}.",
        METADATA, lambda _, answer: put(answer, "@odata.context", lambda value: value.removesuffix("/$entity")),
        at=metadata, expected="annotation.context-is-photo-entity")
at_each("narrow.placeholder-etag", "The placeholder has an entity-tag at one path alone: {it}.",
        METADATA, lambda _, answer: put(answer, "@odata.mediaEtag", '"FFFF"'), at=placeholder,
        expected="placeholder.etag-is-empty")
at_each("narrow.open", "Invalid tokens are accepted at one path alone: {it}.",
        PHOTOS | METADATA, shown, at=presenting(CredentialKind.GARBAGE),
        expected="credentials.garbage-is-refused")
at_each("narrow.unknown", "Owners that do not exist are served at one path alone: {it}.",
        BESIDE_ME, shown, at=unexercised, expected="unknown.discloses-nothing")
# fmt: on
