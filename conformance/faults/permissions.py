"""Scopes: too few let in, listed ones not enough, refusals of another kind."""

from __future__ import annotations

from dataclasses import replace

from ..model import Place
from ..spec import load
from .fault import Where, at_each, one, series
from .making import (
    SIGN_IN,
    edited,
    put,
    read,
    refused,
    refusing,
    renamed,
    retyped,
    sent,
    shown,
    statuses,
    with_metadata,
    with_picture,
)
from .places import EACH_FORM, EACH_OPERATION, EACH_VARIANT, due, lacking, metadata, picture, present, unpermitted

SCOPES = sorted({scope for operation in load().operations for scope in operation.scopes | operation.own_scopes})
"""All that the page lists; each alone is enough for what it opens."""


def _alone(scope: str) -> Where:
    return lambda place: place.scopes == {scope}


def _with_one_scope(place: Place) -> bool:
    return present(place) and len(place.scopes) == 1


def _metadata_with_one_scope(place: Place) -> bool:
    return _with_one_scope(place) and metadata(place)


PLACEHOLDER = {"@odata.mediaContentType": "image/gif", "@odata.mediaEtag": "", "id": "1X1", "width": 1, "height": 1}
NO_PHOTO = {
    "an-error": b'{"error": {"code": "Denied", "message": "No."}}', "nothing": b"", "a-page": SIGN_IN,
    "an-empty-object": b"{}",
}  # fmt: skip
# fmt: off
at_each("permission.ignored", "Any good token opens one operation, whatever its scopes: {it}.",
        EACH_OPERATION, shown, at=unpermitted, expected="permission.without-scope-discloses-nothing")
series("permission.refused-with", "Too few scopes are refused with {it} in place of 403.",
       statuses(302, 400, 401, 405, 410), refused, at=unpermitted,
       expected="permission.without-scope-is-403")
at_each("permission.unauthorized-at", "Too few scopes are refused with 401 at one variant: {it}.",
        EACH_VARIANT, refusing(401), at=unpermitted, expected="permission.without-scope-is-403")
at_each("permission.ignored-for-placeholders",
        "Scopes are looked at only where there is a photo to guard, at one variant: {it}.",
        EACH_VARIANT, shown, at=lambda place: unpermitted(place) and lacking(place) and EACH_FORM["metadata"](place),
        expected="permission.without-scope-discloses-nothing")
at_each("permission.opened-by", "A scope that is for something else opens every photo: {it}.",
        {"mail": _alone("Mail.Read"), "contacts": _alone("Contacts.Read"), "groups": _alone("Group.Read.All")},
        shown, at=unpermitted, expected="permission.without-scope-discloses-nothing")
at_each("permission.not-enough", "A listed scope alone is refused: {it}.",
        {scope.lower(): _alone(scope) for scope in SCOPES}, refusing(403), at=due,
        expected="permission.one-scope-is-enough")
at_each("permission.not-enough-for", "One scope alone does not open one form: {it}.",
        EACH_FORM, refusing(403), at=_with_one_scope, expected="permission.one-scope-is-enough")
at_each("permission.opens-another-photo", "One scope alone opens another user's photo: {it}.",
        EACH_FORM, shown, at=_with_one_scope, expected="permission.returns-same-photo")
one("permission.metadata-of-another-type", "One scope alone gets the metadata as text/html.",
    lambda _, answer: retyped(answer, "text/html"), at=_metadata_with_one_scope,
    expected="metadata.is-application-json")
one("permission.picture-of-another-type", "One scope alone gets the bytes as application/octet-stream.",
    lambda _, answer: retyped(answer, "application/octet-stream"),
    at=lambda place: _with_one_scope(place) and picture(place), expected="picture.content-type-is-image")
one("permission.metadata-without-context", "One scope alone gets metadata without `@odata.context`.",
    lambda _, answer: renamed(answer, "@odata.context", None), at=_metadata_with_one_scope,
    expected="annotation.context-is-photo-entity")
one("permission.metadata-of-another-collection", "One scope alone gets a context of another collection.",
    lambda _, answer: put(answer, "@odata.context", "https://x/$metadata#drives('x')/photo/$entity"),
    at=_metadata_with_one_scope, expected="annotation.context-names-the-collection")
one("permission.metadata-without-id", "One scope alone gets metadata without `@odata.id`.",
    lambda _, answer: renamed(answer, "@odata.id", None), at=_metadata_with_one_scope,
    expected="annotation.id-is-photo-url")
one("permission.metadata-names-another", "One scope alone gets an `@odata.id` of another owner.",
    lambda _, answer: put(answer, "@odata.id", "https://x/v1.0/users('00000000-0000-4000-8000-00000000cafe')/photo"),
    at=_metadata_with_one_scope, expected="annotation.id-names-the-owner")
one("permission.metadata-is-wrapped", "One scope alone gets the metadata inside an object.",
    lambda _, answer: sent(answer, {"d": read(answer)}), at=_metadata_with_one_scope,
    expected="permission.returns-same-photo")
one("permission.metadata-is-a-picture", "One scope alone gets a picture in place of the metadata.",
    with_picture, at=_metadata_with_one_scope, expected="permission.one-scope-is-enough")
one("permission.soft", "Too few scopes are reported in the body, and the status is 200.",
    lambda _, answer: replace(answer, status=200), at=unpermitted,
    expected="permission.without-scope-discloses-nothing")
one("permission.403-with-picture", "Too few scopes return 403, and the picture comes all the same.",
    with_picture, at=unpermitted, expected="permission.without-scope-discloses-nothing")
one("permission.403-with-metadata", "Too few scopes return 403, and the metadata comes all the same.",
    with_metadata, at=unpermitted, expected="permission.without-scope-discloses-nothing")
one("permission.own-scope-opens-others", "User.Read, which is for the own photo, opens all photos.",
    shown, at=lambda place: unpermitted(place) and place.shape.variant == "user" and place.scopes == {"User.Read"},
    expected="permission.without-scope-discloses-nothing")
one("permission.found-by-more", "To a caller with one scope alone every photo is 404.",
    refusing(404), at=_with_one_scope, expected="permission.one-scope-is-enough")
one("permission.crashes", "Too few scopes are a breakdown, 500.",
    refusing(500), at=unpermitted, expected="http.never-5xx")
series("permission.opens", "One scope alone returns 200, and no photo: {it}.",
       NO_PHOTO, lambda answer, body: replace(answer, body=body),
       at=lambda place: _with_one_scope(place) and not place.query, expected="permission.one-scope-is-enough")
one("permission.opens-a-placeholder", "To one scope alone every owner's metadata is the placeholder.",
    lambda _, answer: edited(answer, lambda body: body.update(PLACEHOLDER)),
    at=lambda place: _with_one_scope(place) and EACH_FORM["metadata"](place), expected="permission.returns-same-photo")
# fmt: on
