"""Each operation by itself: gone, crashing, open, or wrong about owners without a photo."""

from __future__ import annotations

from ..model import CredentialKind
from .fault import at_each, one
from .making import JSON, SAMPLE, refusing, retyped, sent, shown, with_picture
from .places import EACH_KEY, EACH_OPERATION, EACH_VARIANT, any_metadata, due, picture, placeholder, presenting

# fmt: off
at_each("operation.gone-photo", "The bytes of every {it} photo are 404: the path is not there.",
        EACH_VARIANT, refusing(404), at=picture, expected="picture.answers-200")
at_each("operation.crashes", "The operation {it} answers 500 for every owner.",
        EACH_OPERATION, refusing(500), at=due, expected="http.never-5xx")
at_each("operation.open", "The operation {it} answers without any Authorization header.",
        EACH_OPERATION, shown, at=presenting(CredentialKind.NONE),
        expected="credentials.none-is-refused")
at_each("operation.no-placeholder", "The metadata of a {it} without a photo is 404 in place of the placeholder.",
        EACH_VARIANT, refusing(404), at=placeholder, expected="placeholder.status-is-expected")
at_each("operation.key-not-taken", "Users are not found by this key, in neither form: {it}.",
        EACH_KEY, refusing(404), at=due, expected="relation.user-key-is-accepted")
at_each("operation.key-forbidden", "Users named by this key are 403, in both forms, with all below them: {it}.",
        EACH_KEY, refusing(403), at=due, expected="relation.user-key-is-accepted")
at_each("operation.key-not-routed", "Every request with this key gets 404, without a token too: {it}.",
        EACH_KEY, refusing(404), at=lambda _: True, expected="relation.user-key-is-accepted")
at_each("operation.gone-metadata", "The metadata of every {it} is 404: the path is not there.",
        EACH_VARIANT, refusing(404), at=any_metadata,
        expected=["metadata.answers-200", "placeholder.status-is-expected"],
        why="the path is due for owners with a photo (S15-S21) and for those without (S39a)")
one("operation.photo-is-metadata", "`$value` is ignored: the bytes' path answers the metadata.",
    lambda _, answer: retyped(sent(answer, SAMPLE), JSON) if answer.status == 200 else answer, at=picture,
    expected="picture.is-a-picture")
one("operation.metadata-is-photo", "The metadata's path answers a picture's bytes.",
    lambda place, answer: with_picture(place, answer) if answer.status == 200 else answer, at=any_metadata,
    expected="metadata.is-json")
# fmt: on
